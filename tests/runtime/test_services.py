"""The local servers: started, shared, stopped, and started again after every kind of sudden end."""

import os
import stat
import subprocess
import sys
import threading
from contextlib import closing, contextmanager

import psutil
import pytest

from config.local.addresses import DATABASE, OWNER, WEB
from config.local.errors import LocalServiceError
from config.local.layout import Account
from config.local.processes import file_lock, read_mark, working_in, write_mark
from config.local.services import LocalServices
from tests import services as test_services


def make(data_dir) -> LocalServices:
    return LocalServices(data_dir, durable=False)


@contextmanager
def cursor(services, role=WEB):
    with closing(services.postgres.connect(DATABASE, role)) as connection, connection.cursor() as opened:
        yield opened


def kill_everything(services):
    """What a power cut leaves: files, and not one process."""
    processes = working_in(services.layout.cluster, "postgres") + [services.redis.process()]
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=10)


def test_start_use_stop(data_dir):
    services = make(data_dir)
    with services.lease():
        with cursor(services, OWNER) as owner:
            owner.execute("CREATE TABLE note (id int GENERATED ALWAYS AS IDENTITY, text text)")
        with cursor(services) as web:
            web.execute("INSERT INTO note (text) VALUES ('产业链') RETURNING text")
            assert web.fetchone() == ("产业链",)
            web.execute("SELECT current_setting('listen_addresses'), current_setting('TimeZone')")
            assert web.fetchone() == ("", "UTC")
        assert services.redis.client().config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        server = services.postgres.process()
        assert server.uids().real != 0
        assert services.redis.process().uids().real != 0
    assert services.postgres.process() is None
    assert services.redis.process() is None
    with services.lease(), cursor(services) as web:
        web.execute("SELECT count(*) FROM note")
        assert web.fetchone() == (1,)


def test_folders_are_private(data_dir):
    services = make(data_dir)
    with services.lease():
        for folder in (services.layout.cluster, services.layout.sockets, services.layout.redis_folder):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o711, "the rights of the data folder were changed"


def test_wrong_password_is_refused(data_dir):
    services = make(data_dir)
    with services.lease():
        (data_dir / "secrets" / f"{WEB}_password").write_text("wrong")
        with pytest.raises(Exception, match="password authentication failed"), cursor(services):
            pass


def test_last_holder_stops(data_dir):
    first, second = make(data_dir), make(data_dir)
    with first.lease():
        number = first.postgres.process().pid
        with second.lease():
            assert second.postgres.process().pid == number
        assert first.postgres.process().pid == number, "one user's end stopped the server of the other"
    assert first.postgres.process() is None


def test_starting_at_once_starts_one(data_dir):
    seen, barrier = set(), threading.Barrier(3)

    def use():
        services = make(data_dir)
        with services.lease():
            seen.add(services.postgres.process().pid)
            barrier.wait(timeout=60)

    threads = [threading.Thread(target=use) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1


def test_killed_servers_start_again(data_dir):
    services = make(data_dir)
    with services.lease():
        with cursor(services, OWNER) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
        kill_everything(services)
        assert (services.layout.cluster / "postmaster.pid").exists()
        with services.lease(), cursor(services) as web:
            web.execute("SELECT one FROM kept")
            assert web.fetchone() == (1,)


def test_killed_postmaster_with_living_backends(data_dir):
    services = make(data_dir)
    with services.lease(), closing(services.postgres.connect(DATABASE)) as busy:
        old = services.postgres.process()
        busy.cursor().execute("SELECT 1")
        old.kill()
        old.wait(timeout=10)
        with services.lease():
            assert services.postgres.process().pid != old.pid


def test_lock_file_naming_a_stranger_is_not_believed(data_dir):
    """After a container's restart the noted number often belongs to another program."""
    services = make(data_dir)
    with services.lease():
        pass
    (services.layout.cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{services.layout.cluster}\n1\n5432\n")
    assert services.postgres.process() is None
    with services.lease():
        assert services.postgres.process() is not None


def test_half_made_cluster_is_made_anew(data_dir):
    services = make(data_dir)
    services.layout.prepare()
    services.layout.cluster.with_name("postgres.new").mkdir()
    with services.lease():
        assert services.postgres.process() is not None


def test_data_folder_that_only_its_owner_may_enter(data_dir):
    """Root's servers run as another account and live elsewhere; anybody else's stay in the folder."""
    data_dir.chmod(0o700)
    said = []
    services = make(data_dir)
    with services.lease(said.append):
        assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700, "the rights of the data folder were changed"
        if os.geteuid() != 0:
            assert not services.layout.lives_outside and said == []
            assert not (data_dir / "servers-live-in").exists()
            return
        assert services.layout.lives_outside
        assert str(services.layout.base) in said[0]
        assert (data_dir / "servers-live-in").read_text().strip() == str(services.layout.base)
    with make(data_dir).lease(said.append):
        assert len(said) == 1


def test_programs_out_of_reach_are_copied(data_dir, monkeypatch):
    """A virtual environment below /root."""
    reach = Account.can_pass
    monkeypatch.setattr(Account, "can_pass", lambda self, path: "site-packages" not in str(path) and reach(self, path))
    services = make(data_dir)
    with services.lease():
        assert services.layout.programs.postgres_bin.is_relative_to(data_dir)
        assert services.postgres.process().exe().startswith(str(data_dir))
        assert services.redis.process().exe().startswith(str(data_dir))


def test_long_path_gets_a_short_socket_folder(data_dir):
    deep = data_dir / ("folder" * 15)
    deep.mkdir(mode=0o711)
    services = make(deep)
    try:
        with services.lease():
            assert not services.layout.sockets.is_relative_to(deep)
            assert services.redis.client().ping()
    finally:
        services.layout.remove_outside()


def test_lock_of_another_is_waited_for_and_named(tmp_path):
    again = file_lock(tmp_path / "lock", wait=0.1)
    with file_lock(tmp_path / "lock"), pytest.raises(LocalServiceError, match="Another process"), again:
        pass


def test_mark_does_not_take_a_reused_number_for_the_process(tmp_path):
    mark = tmp_path / "mark"
    write_mark(mark)
    assert read_mark(mark).pid == os.getpid()
    mark.write_text(f"{os.getpid()} 12345.00\n")
    assert read_mark(mark) is None
    mark.write_text("nonsense")
    assert read_mark(mark) is None


def test_command_brings_its_own_servers(data_dir):
    """`manage.py` starts them for a command and stops them afterwards."""
    command = [sys.executable, "manage.py", "migrate", "--check", "--skip-checks"]
    environment = test_services.clean_environment(DATA_DIR=str(data_dir))
    done = subprocess.run(command, cwd=test_services.PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr  # nothing has been migrated yet
    services = LocalServices(data_dir)
    assert (services.layout.cluster / "PG_VERSION").is_file()
    assert services.postgres.process() is None
    assert services.redis.process() is None
