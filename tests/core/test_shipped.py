"""Names of common rows are translated where they are shown; a region's own are left as they were written."""

from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import translation

from core.shipped import ShippedName
from problems.models import Category

pytestmark = pytest.mark.django_db


def test_every_common_name_is_listed_and_has_its_english():
    for model in apps.get_models():
        if not issubclass(model, ShippedName):
            continue
        listed = import_module(f"{model._meta.app_label}.common_names").COMMON_NAMES
        rows = list(model._base_manager.filter(region=None).exclude(code__endswith="-test"))
        assert rows and {row.name for row in rows} <= set(listed), model
        with translation.override("en"):
            assert all(row.spoken.isascii() for row in rows), [row.spoken for row in rows]


def test_an_english_page_shows_the_shipped_name_in_english_and_the_county_s_own_as_written(world, client_of):
    finance = Category.objects.get(code="finance")
    Category.objects.create(region=world.own.region, parent=finance, name="融资", code="own-loans", order=1)
    client = client_of("county_officer")
    client.cookies["django_language"] = "en"
    with translation.override("zh-hans"):
        page = client.get(reverse("problems:category_list")).content.decode()
    assert "Loans" in page and page.count(">融资<") == 1
    assert str(finance) == "融资", "what is stored and told stays Chinese"
