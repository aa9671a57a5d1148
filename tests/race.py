"""Two people at once, on two real connections."""

import threading
import time

from django.db import connection, transaction

PATIENCE = 20  # seconds


def _waiting() -> int:
    """How many sessions of this database wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same picture again and again
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0]


def overlapping(first, second):
    """[what `first()` gave, what `second()` gave], or the exception raised.

    `first` writes and keeps its transaction open; `second` begins then, on a connection of its own, and `first` commits
    once `second` waits for it. So `second` has begun before anything of `first` could be seen, and ends after it.
    """
    results, wrote = [None, None], threading.Event()

    def run(place, call):
        try:
            results[place] = call()
        except Exception as error:  # told to the test
            results[place] = error
        finally:
            wrote.set()
            connection.close()

    def held_open():
        with transaction.atomic():
            result = first()
            wrote.set()
            until = time.monotonic() + PATIENCE
            while not _waiting():
                assert time.monotonic() < until, "the second never waited for the first"
                time.sleep(0.02)
            return result

    def afterwards():
        wrote.wait(PATIENCE)
        return second()

    threads = [threading.Thread(target=run, args=pair) for pair in ((0, held_open), (1, afterwards))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE * 2)
    return results


def edit_at_once(client, url, record, save, field, ours, theirs, *, by):
    """Two people have the same record's form open; `by` saves `theirs`, and while that is not yet committed `client`
    posts `ours`. Assert that the poster is told who changed what, keeps what was typed, and may then save it: neither
    change is lost unseen."""
    from audit.records import version
    from tests.alliances.pages import form_data

    model = type(record)
    label = model._meta.get_field(field).verbose_name
    data = form_data(client.get(url), **{field: ours})
    seen = version(model._base_manager.get(pk=record.pk))
    saved, page = overlapping(
        lambda: save(model._base_manager.get(pk=record.pk), {field: theirs}, by=by, seen=seen),
        lambda: client.post(url, data),
    )
    where = f"{url}: "
    assert not isinstance(saved, Exception), f"{where}{saved!r}"
    assert not isinstance(page, Exception), f"{where}{page!r}"
    assert page.status_code == 200, f"{where}saved over the other's change"
    text = page.content.decode()
    for expected in (by.name, f"{label}：", str(theirs), str(ours)):
        assert expected in text, f"{where}not said: {expected}"
    assert page.context["form"][field].value() == ours, where
    assert getattr(model._base_manager.get(pk=record.pk), field) == theirs, where
    again = client.post(url, form_data(page))
    assert again.status_code == 302, f"{where}{again.context['form'].errors}"
    assert getattr(model._base_manager.get(pk=record.pk), field) == ours, where
