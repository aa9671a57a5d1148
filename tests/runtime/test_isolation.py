"""After a test that commits, the database is as the migrations left it, rights and reference rows included."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tests import database


def fill():
    Session.objects.create(session_key="left over", expire_date=timezone.now())
    Permission.objects.all().delete()
    ContentType.objects.create(app_label="nowhere", model="nothing")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_committed_rows_do_not_reach_the_next_test(round_):
    assert not Session.objects.exists()
    assert Permission.objects.exists()
    assert not ContentType.objects.filter(app_label="nowhere").exists()
    fill()


@pytest.mark.django_db(transaction=True)
def test_numbers_begin_again_after_the_kept_rows():
    highest = ContentType.objects.order_by("-pk").first().pk
    made = ContentType.objects.create(app_label="nowhere", model="nothing")
    assert made.pk == highest + 1


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_connection_does_not_block_the_cleaning():
    forgotten = connection.copy()
    forgotten.ensure_connection()
    forgotten.set_autocommit(False)
    with forgotten.cursor() as cursor:
        cursor.execute("LOCK TABLE django_session IN ROW EXCLUSIVE MODE")
    fill()
    connection.close()  # as at the end of a test: the cleaning cuts off every other connection
    database.restore()
    assert not Session.objects.exists()
    forgotten.connection.close()
