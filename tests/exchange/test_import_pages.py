"""The pages of the wizard, from the upload to the undoing."""

import io

import pytest
from django.urls import reverse

from enterprises.models import Enterprise
from exchange.enums import ImportState
from exchange.imports import working
from exchange.models import Import
from tests.exchange.test_imports import firm, table

pytestmark = pytest.mark.django_db
LIST = reverse("exchange:list")


def post_file(client, content, name="台账.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return client.post(reverse("exchange:create"), {"register": "enterprises", "file": file})


def shown(response):
    return response.content.decode()


def test_the_whole_way_on_pages(world, client_of):
    client = client_of("county_officer")
    assert "还没有导入过文件" in shown(client.get(LIST))
    one = Import.objects.get(pk=post_file(client, table(firm(1), firm(2, 入链时间="去年"))).url.split("/")[-2])
    address = one.get_absolute_url()
    page = shown(client.get(address))
    assert '<option value="credit_code" selected>' in page and "信用代码" in page

    # A column too few: the page says which, and keeps what was chosen.
    check = reverse("exchange:check", args=[one.pk])
    chosen = {f"column_{place}": field for place, field in one.mapping.items()}
    page = shown(client.post(check, {**chosen, "column_2": ""}))
    assert "请指明哪一列是“统一社会信用代码”" in page and '<option value="region" selected>' in page

    assert client.post(check, chosen).url == address
    progress = client.get(reverse("exchange:progress", args=[one.pk]))
    assert "hx-get" in shown(progress) and "HX-Refresh" not in progress
    working.work(one.pk)
    assert client.get(reverse("exchange:progress", args=[one.pk]))["HX-Refresh"] == "true"
    page = shown(client.get(address))
    assert "“去年”不是日期" in page and "只导入无错误的行" in page and "还有错误的行" in page
    assert "新1公司" in shown(client.get(address + "?show=new"))
    marked = client.get(reverse("exchange:marked_download", args=[one.pk]))
    assert b"".join(marked.streaming_content)[:2] == b"PK" and "attachment" in marked["Content-Disposition"]

    client.post(reverse("exchange:run", args=[one.pk]))  # all rows: refused, nothing happens
    one.refresh_from_db()
    assert one.state == ImportState.CHECKED
    client.post(reverse("exchange:run", args=[one.pk]), {"good_only": "1"})
    working.work(one.pk)
    assert Enterprise.objects.filter(name="新1公司").exists()
    assert "已写入 1 行" in shown(client.get(address)) and "已导入" in shown(client.get(LIST))

    undo = reverse("exchange:undo", args=[one.pk])
    assert "撤销“台账.xlsx”写入的 1 行？" in shown(client.get(undo))
    client.post(undo)
    working.work(one.pk)
    assert not Enterprise.objects.filter(name="新1公司").exists()
    assert "这些内容已全部撤销" in shown(client.get(address))
    assert client.post(check, chosen).url == address  # too late: a message, never an error


def test_a_file_that_cannot_be_read_is_told_beside_its_field(world, client_of):
    client = client_of("county_officer")
    page = shown(post_file(client, b"MZ", "台账.xls"))
    assert "旧格式（.xls）请先用表格软件另存为 .xlsx" in page and not Import.objects.exists()
    assert client.get(reverse("exchange:register_template", args=["nothing"])).status_code == 404
