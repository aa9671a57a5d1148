"""Each component with sample content: what it says, what it escapes, how it links."""

import datetime
import json
import re
from html import unescape

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.templatetags import ui
from core.widgets import DateInput, SearchSelect


def render(source: str, *, path="/list/?state=open&after=9", **context) -> str:
    request = RequestFactory().get(path)
    return engines["django"].from_string("{% load i18n ui %}" + source).render(context, request)


class FilterForm(forms.Form):
    q = forms.CharField(label="搜索", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("open", "办理中")])


class SampleForm(forms.Form):
    title = forms.CharField(label="标题", help_text="一句话", max_length=10)
    on = forms.DateField(label="日期", widget=DateInput)
    unit = forms.ChoiceField(label="单位", choices=[("1", "甲"), ("2", "乙")], widget=SearchSelect)
    source = forms.ChoiceField(label="来源", choices=[("visit", "走访")], widget=forms.RadioSelect)
    urgent = forms.BooleanField(label="紧急", required=False)


def test_icon_is_drawn_hidden_from_screen_readers_and_unknown_names_do_not_break_a_page():
    assert 'aria-hidden="true"' in ui.icon("bell") and "<svg" in ui.icon("bell")
    assert "<svg" in ui.icon("no-such-icon") and "<svg" in ui.icon("../../etc/passwd")


@pytest.mark.parametrize(
    ("light", "word"), [("green", "绿灯"), ("yellow", "黄灯"), ("red", "红灯"), ("grey", "灰灯"), ("", "—")]
)
def test_a_light_always_has_its_word(light, word):
    assert word in ui.lamp(light)


@pytest.mark.parametrize(("days", "words"), [(3, "剩余 3 天"), (0, "今日到期"), (-4, "超期 4 天"), (None, "—")])
def test_days_left_in_words(days, words):
    assert words in ui.days_left(days)


def test_a_deadline_of_friday_is_over_on_saturday_though_no_working_day_has_gone_by():
    assert "已超期" in ui.days_left(0, "red") and "今日到期" not in ui.days_left(0, "red")
    assert "今日到期" in ui.days_left(0, "yellow")


def test_state_badge_takes_a_state_value_and_escapes_its_label():
    assert 'class="st st-in_progress"' in ui.state_badge("办理中", "in_progress")
    assert "&lt;b&gt;" in ui.state_badge("<b>", 'x" onclick="y') and "onclick=" not in ui.state_badge(
        "a", 'x" onclick="'
    )


@pytest.mark.parametrize(("value", "shown"), [(35, "35%"), (-5, "0%"), (900, "100%"), (None, "0%"), ("x", "0%")])
def test_progress_keeps_within_its_bar(value, shown):
    assert shown in ui.progress(value)


def test_card_escapes_its_title_and_keeps_its_content():
    html = render('{% card title src="单位：件" %}<p>里面</p>{% endcard %}', title="<script>")
    assert "&lt;script&gt;" in html and "<p>里面</p>" in html and "单位：件" in html
    assert 'href="/all/"' in render('{% card "清单" href="/all/" %}{% endcard %}')


def test_facts_show_a_dash_for_what_is_missing():
    html = render(
        '<dl>{% fact "企业" name %}{% fact "电话" "" %}{% factblock "人" %}<b>乙</b>{% endfactblock %}</dl>',
        name="<甲>",
    )
    assert "&lt;甲&gt;" in html and "—" in html and "<dd><b>乙</b></dd>" in html


def test_kpi_says_its_change_in_words_and_draws_its_line():
    card = {
        "label": "按时办结率",
        "value": "83.1",
        "unit": "%",
        "icon": "clock",
        "href": "/rows/",
        "series": [1, None, 3, 2],
        "change": {"against": "较上月", "text": "1.4 个百分点", "direction": "up", "good": True},
    }
    html = render("{% kpi card %}", card=card)
    assert 'href="/rows/"' in html and "上升" in html and "<polyline" in html and 'class="up"' in html
    stale = render("{% kpi card %}", card={"label": "x", "value": None, "stale": True})
    assert "更新中" in stale and "—" in stale and "<polyline" not in stale and "<a" not in stale


def test_sparkline_of_equal_values_is_a_level_line():
    assert ui.spark_points([3, 3]) == "0.0,14.0 64.0,14.0"
    assert ui.spark_points([3]) == "" and ui.spark_points([]) == ""


def test_a_progress_may_be_written_more_closely_than_it_is_drawn():
    html = ui.progress(100.4, "完成", figure=100.4)
    assert 'value="100"' in html and '<span class="pgl">100.4%</span>' in html
    assert '<span class="pgl">91%</span>' in ui.progress(90.9)


def test_chart_card_carries_its_figure_as_data_and_its_rows_as_links():
    chart = {
        "id": "c-1",
        "title": "问题",
        "unit": "件",
        "finding": "十月最多",
        "figure": {"data": [{"type": "bar", "x": ["</script>"]}], "layout": {}},
        "table": {"columns": ["月份", "件数"], "rows": [["1月", {"text": 0, "href": "/rows/"}]]},
    }
    html = render("{% chart_card chart %}", chart=chart)
    assert 'role="img"' in html and 'aria-describedby="c-1-finding"' in html and 'data-chart="c-1-data"' in html
    assert '<p class="finding" id="c-1-finding">十月最多</p>' in html
    assert "</script>" not in html and "<script" not in html  # HTMX drops script elements from fragments
    data = re.search(r'<div id="c-1-data" hidden>(.*?)</div>', html).group(1)
    assert json.loads(unescape(data)) == chart["figure"]
    assert '<a href="/rows/">0</a>' in html
    empty = render("{% chart_card chart %}", chart={**chart, "empty": "没有数据"})
    assert "没有数据" in empty and "十月最多" not in empty


def test_sort_heads_turn_round_and_keep_the_filters():
    up = render('{% th "期限" sort="due" %}', path="/l/?state=open&after=9")
    assert "state=open&amp;sort=due" in up and "after" not in up and 'aria-sort="none"' in up
    assert "sort=-due" in render('{% th "期限" sort="due" %}', path="/l/?sort=due")
    assert 'aria-sort="descending"' in render('{% th "期限" sort="due" %}', path="/l/?sort=-due")
    assert "<a" not in render('{% th "事项" %}')


def test_filter_chips_name_the_choice_and_link_to_the_list_without_it():
    form = FilterForm({"state": "open", "q": "<供电>"})
    html = render(
        '{% include "components/filter_bar.html" %}', path="/l/?state=open&q=%3C供电%3E&after=9&sort=due", form=form
    )
    assert "状态：办理中" in html and "&lt;供电&gt;" in html
    chips = ui.filter_chips({"request": RequestFactory().get("/l/?state=open&q=x&after=9&sort=due")}, form)
    assert {chip["href"] for chip in chips} == {"?q=x&sort=due", "?state=open&sort=due"}


def test_pager_links_where_there_is_more_and_says_the_count():
    page = {"total": 1286, "first": 51, "last": 100, "previous_url": "", "next_url": "?after=7"}
    html = render("{% pager page %}", page=page)
    assert "1286" in html and 'href="?after=7"' in html and 'rel="prev"' not in html


def test_breadcrumb_ends_in_the_page_itself():
    html = render('{% crumbs "台账" "/l/" "编号" %}')
    assert '<a href="/l/">台账</a>' in html and 'aria-current="page">编号' in html


def test_a_good_form_has_labels_hints_and_required_marks_for_everybody():
    html = render('{% include "components/form.html" with draft_key="k" cancel_url="/l/" %}', form=SampleForm())
    assert 'data-draft="k"' in html and "（必填）" in html and 'class="form-control"' in html
    assert 'type="date"' in html and 'class="form-select"' in html and "data-search-select" in html
    assert html.count("form-check-input") == 2 and "<legend" in html
    assert 'aria-describedby="id_title_helptext"' in html and 'id="id_title_helptext"' in html
    assert "error-summary" not in html


def test_a_bad_form_says_so_on_top_and_beside_each_field():
    form = SampleForm({"title": "太长了" * 9, "on": "abc", "unit": "9", "source": "visit"})
    html = render('{% include "components/form.html" %}', form=form)
    assert 'role="alert"' in html and 'href="#id_title"' in html and 'aria-invalid="true"' in html
    for described in re.findall(r'aria-describedby="([^"]+)"', html):
        for part in described.split():
            assert f'id="{part}"' in html
    assert 'value="abc"' in html


def test_date_widget_speaks_iso_in_every_language():
    html = str(SampleForm(initial={"on": datetime.date(2026, 3, 5)})["on"])
    assert 'value="2026-03-05"' in html


NOW = datetime.datetime(2026, 11, 20, 2, 30, tzinfo=datetime.UTC)
PARTS = {
    "timeline": (
        {"events": [{"title": "签收", "who": "甲", "at": NOW, "changes": ["期限改为 11-24"]}]},
        "2026-11-20 10:30",
    ),
    "files": ({"files": [{"name": "照片.jpg", "url": "/f/1/", "size": 2048}]}, 'href="/f/1/"'),
    "tabs": (
        {"tabs": [{"label": "红灯", "url": "?l=r", "count": 4, "active": True}], "label": "灯"},
        'aria-current="page"',
    ),
    "datagrid": ({"items": [("企业", "甲厂")]}, "甲厂"),
    "empty": ({"title": "还没有", "action_url": "/new/", "action_label": "新建"}, 'href="/new/"'),
    "print_header": ({"title": "督办单"}, "打印时间"),
    "confirm": ({"sentence": "确定撤回？", "cancel_url": "/back/", "danger": True}, "btn-danger"),
    "job": (
        {"job": {"id": "j", "title": "月报", "running": True, "poll_url": "/j/1/", "percent": 40}},
        'hx-get="/j/1/"',
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_part(name):
    context, expected = PARTS[name]
    assert expected in render('{% include "components/' + name + '.html" %}', **context)


def test_a_finished_job_stops_asking():
    job = {"id": "j", "title": "月报", "running": False, "files": [{"name": "月报.docx", "url": "/f/"}]}
    html = render('{% include "components/job.html" %}', job=job)
    assert "hx-get" not in html and "月报.docx" in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_error_pages_stand_alone(name):
    assert "data-error-page" in render_to_string(f"{name}.html")
    assert "data-error-page" in render_to_string(f"{name}.html", {}, RequestFactory().get("/x/"))


def test_a_choice_is_written_as_django_writes_it():
    """Without a template for each option: the same marks, groups, attributes and escapes."""
    from django import forms
    from django.forms.renderers import DjangoTemplates

    from core.renderers import FormRenderer

    choices = [("", "无"), ("集体", [("a&b", "甲<乙>"), ("2", "丙")]), (3, "丁"), ("4", "---------")]
    for widget, value in ((forms.Select, "2"), (forms.SelectMultiple, ["a&b", "3"]), (forms.NullBooleanSelect, True)):
        made = widget(attrs={"data-x": '"<', "required": True, "disabled": False, "class": "form-select"})
        if widget is not forms.NullBooleanSelect:
            made.choices = choices
        ours, theirs = (
            " ".join(made.render("n<", value, renderer=renderer()).split()).replace("> <", "><")
            for renderer in (FormRenderer, DjangoTemplates)
        )
        assert ours == theirs.replace("---------", "请选择")
