"""Whatever is killed, and whoever holds the folder: nothing acknowledged is lost, and a start comes of it at once."""

import os
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from palabre.base.postgres import (
    Cluster,
    DataFolderBusy,
    Server,
    pg_tool,
    pid_file,
    prepare,
)
from tests.base.postgres.helpers import FAST, Elsewhere, ask, log_of, on_linux, say, until, words


def test_a_second_start_is_told_who_holds_the_folder(elsewhere: Elsewhere, cluster: Cluster) -> None:
    with pytest.raises(DataFolderBusy) as refused:
        Server(cluster, FAST).start()
    assert refused.value.pid == elsewhere.process.pid
    assert str(elsewhere.process.pid) in str(refused.value)
    assert "Hello from Alice" in words(cluster)  # and another process may use the server that runs


def test_a_server_somebody_started_by_hand_is_respected(elsewhere: Elsewhere, cluster: Cluster) -> None:
    cluster.data.with_name("postgres.lock").unlink()  # as if started without us
    with pytest.raises(DataFolderBusy) as refused:
        Server(cluster, FAST).start(patience=0.2)
    assert refused.value.pid == elsewhere.server_pid
    assert "Hello from Alice" in words(cluster)


def test_when_palabre_is_killed_its_server_shuts_down_cleanly(elsewhere: Elsewhere, cluster: Cluster) -> None:
    say(cluster, "Bob was here")
    elsewhere.process.kill()
    with Server(cluster, FAST):  # at once: it waits for the old one to let go
        assert "Bob was here" in words(cluster)
    assert "not properly shut down" not in log_of(cluster)


def test_where_the_kernel_does_not_tell_a_watching_process_does(folder: Path) -> None:
    elsewhere = Elsewhere(folder, "from palabre.base.postgres import process; process.KERNEL_TELLS = False")
    cluster = prepare(folder)
    elsewhere.kill()
    until(lambda: not (cluster.data / "postmaster.pid").exists())
    assert "not properly shut down" not in log_of(cluster)


def test_a_killed_server_starts_again_at_once_with_all_it_acknowledged(server: Server) -> None:
    session = subprocess.Popen([pg_tool("psql"), "-Xqc", "SELECT pg_sleep(600)", server.cluster.dsn], stderr=-3)
    until(lambda: ask(server.cluster, "SELECT count(*) FROM pg_stat_activity WHERE query ~ '^SELECT pg_sleep'") == "1")
    for number in range(3):
        say(server.cluster, f"Bob says {number}")
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        assert server.wait(10)
        assert not server.is_running
        server.start()
    assert words(server.cluster)[-3:] == ["Bob says 0", "Bob says 1", "Bob says 2"]
    session.wait(10)


def test_killed_together_both_come_back(elsewhere: Elsewhere, cluster: Cluster) -> None:
    say(cluster, "Bob was here")
    elsewhere.process.kill()
    os.kill(elsewhere.server_pid, signal.SIGKILL)
    with Server(cluster, FAST):
        assert "Bob was here" in words(cluster)


@on_linux
@pytest.mark.parametrize("left", ["", "{pid}\n/somewhere\n1\n5432\n\n\n1 1\nready\n"])
def test_a_stale_pid_file_does_not_stop_a_start(cluster: Cluster, left: str) -> None:
    """After a power cut it may be empty; in a container its number may be another process's by now."""
    who = cluster.service_user
    drop = {} if who.is_me else {"user": who.uid, "group": who.gid, "extra_groups": []}
    other = subprocess.Popen(["sleep", "600"], **drop)  # type: ignore[call-overload]
    try:
        who.run(["tee", "postmaster.pid"], inside=cluster.data, text=left.format(pid=other.pid))
        with Server(cluster, FAST):
            assert "Hello from Alice" in words(cluster)
    finally:
        other.kill()
        other.wait()


def test_the_pid_file_of_a_running_server_is_never_removed(server: Server) -> None:
    pid_file.remove_if_stale(server.cluster.data, server.cluster.socket_lock)
    assert pid_file.holder(server.cluster.data) == server.pid


def test_the_server_outlives_the_thread_that_started_it(cluster: Cluster) -> None:
    server = Server(cluster, FAST)
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    try:
        assert not server.wait(0.5)
        assert "Hello from Alice" in words(cluster)
    finally:
        server.stop()


def test_ctrl_c_in_the_terminal_is_left_to_the_application(server: Server) -> None:
    assert server.pid
    assert os.getpgid(server.pid) != os.getpgid(0)
