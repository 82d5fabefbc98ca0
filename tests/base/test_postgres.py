"""The embedded PostgreSQL, as the person who runs Palabre meets it: first start, restarts, kills, prying neighbours."""

import asyncio
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from palabre.base.postgres import (
    Cluster,
    DataFolderBusy,
    PostgresProblem,
    Server,
    binaries,
    pg_tool,
    pid_file,
    prepare,
    service_user,
)

FAST = {"fsync": "off"}
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="about what root must do")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a new cluster and Alice's first words in it."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with Server(prepare(folder), FAST) as server:
        ask(server.cluster, "CREATE TABLE words (id int PRIMARY KEY, said text)")
        say(server.cluster, "Hello from Alice")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def folder(made: Path) -> Path:
    """The same for all, for making one takes a second; with an empty log."""
    (made / "postgres.log").write_text("")
    return made


@pytest.fixture
def new_folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(tmp_path, ignore_errors=True)  # a cluster is 40 MB, and pytest would keep three runs of it


@pytest.fixture
def cluster(folder: Path) -> Cluster:
    return prepare(folder)


@pytest.fixture
def server(cluster: Cluster) -> Iterator[Server]:
    with Server(cluster, FAST) as server:
        yield server


@pytest.fixture
def elsewhere(folder: Path) -> Iterator["Elsewhere"]:
    other = Elsewhere(folder)
    yield other
    other.kill()
    with Server(prepare(folder), FAST):
        pass  # it has waited for what remained of theirs


class Elsewhere:
    """Another Palabre process that has started the server of this folder."""

    def __init__(self, folder: Path, setup: str = "") -> None:
        program = f"""if True:
            import sys
            from pathlib import Path
            from palabre.base.postgres import *
            {setup}
            server = Server(prepare(Path(sys.argv[1])), {FAST})
            server.start()
            print(server.pid, flush=True)
            sys.stdin.read()
        """
        command = [sys.executable, "-c", program, folder]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.server_pid = int(self.process.stdout.readline())

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def ask(cluster: Cluster, sql: str) -> str:
    done = subprocess.run([pg_tool("psql"), "-XAtc", sql, cluster.dsn], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def say(cluster: Cluster, text: str) -> None:
    ask(cluster, f"INSERT INTO words SELECT count(*), '{text}' FROM words")


def words(cluster: Cluster) -> list[str]:
    return ask(cluster, "SELECT said FROM words ORDER BY id").splitlines()


def until(condition: Callable[[], bool], timeout: float = 20) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def log_of(cluster: Cluster) -> str:
    return cluster.data.with_name("postgres.log").read_text()


def test_a_new_folder_gets_a_private_cluster_that_takes_connections(new_folder: Path) -> None:
    with Server(prepare(new_folder / "inner")) as server:
        cluster = server.cluster
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
        assert stat.S_IMODE(cluster.data.parent.stat().st_mode) == 0o700
        assert ask(cluster, "SELECT current_user, current_database(), lower('ÉA')") == "palabre|palabre|éa"
        shown = {name: ask(cluster, f"SHOW {name}") for name in ("fsync", "listen_addresses", "server_encoding")}
        assert shown == {"fsync": "on", "listen_addresses": "", "server_encoding": "UTF8"}


def test_the_application_connects_with_the_address_given(server: Server) -> None:
    async def read() -> str:
        connection = await asyncpg.connect(server.cluster.dsn)
        try:
            return str(await connection.fetchval("SELECT said FROM words"))
        finally:
            await connection.close()

    assert asyncio.run(read()) == "Hello from Alice"


def test_a_known_folder_is_up_in_a_blink_and_keeps_its_words(cluster: Cluster) -> None:
    for _ in range(2):
        before = time.monotonic()
        with Server(cluster, FAST):
            assert time.monotonic() - before < 3  # 0.05 s alone; the machine may be busy
            assert "Hello from Alice" in words(cluster)
    assert "not properly shut down" not in log_of(cluster)


def test_settings_are_the_operators_to_choose(cluster: Cluster) -> None:
    with Server(cluster, {**FAST, "shared_buffers": "24MB"}):
        assert ask(cluster, "SHOW shared_buffers") == "24MB"


def test_a_wrong_setting_is_explained_and_the_folder_let_go(cluster: Cluster) -> None:
    with pytest.raises(PostgresProblem, match="no_such_setting"):
        Server(cluster, {"no_such_setting": "1"}).start()
    with Server(cluster, FAST):
        assert "Hello from Alice" in words(cluster)


def test_starting_twice_and_stopping_twice_is_harmless(server: Server) -> None:
    pid = server.pid
    server.start()
    assert server.pid == pid
    server.stop()
    server.stop()
    assert not server.is_running


def test_many_starters_of_a_new_folder_make_one_cluster(new_folder: Path) -> None:
    program = "import sys; from pathlib import Path; from palabre.base.postgres import *; prepare(Path(sys.argv[1]))"
    starters = [subprocess.Popen([sys.executable, "-c", program, new_folder]) for _ in range(3)]
    assert [starter.wait() for starter in starters] == [0, 0, 0]
    with Server(prepare(new_folder), FAST) as server:
        assert ask(server.cluster, "SELECT 1") == "1"


def test_what_a_first_start_left_half_made_is_made_anew(new_folder: Path) -> None:
    half = new_folder / "postgres.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with Server(prepare(new_folder), FAST) as server:
        assert ask(server.cluster, "SELECT 1") == "1"
    assert not half.exists()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    diary = tmp_path / "postgres" / "diary.txt"
    diary.parent.mkdir()
    diary.write_text("Dear diary")
    with pytest.raises(PostgresProblem, match="something else"):
        prepare(tmp_path)
    assert diary.read_text() == "Dear diary"


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


@pytest.fixture
def deep(folder: Path, tmp_path: Path) -> Iterator[Path]:
    yield folder.rename(tmp_path / ("d" * 100))
    (tmp_path / ("d" * 100)).rename(folder)


def test_a_folder_moved_to_a_deep_place_gets_a_short_private_socket_folder(deep: Path) -> None:
    cluster = prepare(deep)
    assert len(os.fsencode(cluster.socket_dir)) < 60
    with Server(cluster, FAST):
        assert stat.S_IMODE(cluster.socket_dir.stat().st_mode) == 0o700
        assert "Hello from Alice" in words(cluster)
    assert not cluster.socket_dir.exists()


@pytest.mark.parametrize(("owner", "mode"), [("us", 0o755), pytest.param("daemon", 0o700, marks=as_root)])
def test_a_socket_folder_that_others_laid_out_or_may_enter_is_refused(deep: Path, owner: str, mode: int) -> None:
    cluster = prepare(deep)
    cluster.socket_dir.mkdir()
    cluster.socket_dir.chmod(mode)
    os.chown(cluster.socket_dir, cluster.service_user.uid if owner == "us" else pwd.getpwnam(owner).pw_uid, -1)
    try:
        with pytest.raises(PostgresProblem, match="alone"):
            Server(cluster, FAST).start()
        assert not list(cluster.socket_dir.iterdir())
    finally:
        shutil.rmtree(cluster.socket_dir, ignore_errors=True)


def test_a_base_backup_taken_on_the_fly_runs_beside_the_original(server: Server, new_folder: Path) -> None:
    new_folder.mkdir()
    command = [pg_tool("pg_basebackup"), "-D", new_folder / "postgres", "-d", server.cluster.dsn, "--checkpoint=fast"]
    subprocess.run(command, check=True)
    with Server(prepare(new_folder), FAST) as second:
        say(second.cluster, "Only in the copy")
        assert {"Hello from Alice", "Only in the copy"} <= set(words(second.cluster))
        assert "Only in the copy" not in words(server.cluster)


def test_an_unknown_tool_is_named() -> None:
    with pytest.raises(PostgresProblem, match="pg_magic"):
        pg_tool("pg_magic")


def test_what_members_write_stays_out_of_the_log(server: Server) -> None:
    twice = (
        "CREATE TEMP TABLE diary (secret text PRIMARY KEY); INSERT INTO diary VALUES ('Dan stole it'), ('Dan stole it')"
    )
    with pytest.raises(AssertionError, match="Dan stole it"):
        ask(server.cluster, twice)
    assert "duplicate key" in log_of(server.cluster)
    assert "Dan" not in log_of(server.cluster)


@as_root
def test_root_serves_as_a_user_without_rights_and_opens_no_folder(folder: Path) -> None:
    closed = [parent for parent in folder.parents if not parent.stat().st_mode & 0o007]
    assert closed
    with Server(prepare(folder), FAST) as server:
        assert server.cluster.data.stat().st_uid == server.cluster.service_user.uid != 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.cluster.service_user.uid
        assert ask(server.cluster, "SELECT session_user") == "palabre"
    for parent in (folder, *closed):
        assert parent.stat().st_uid == 0
        assert stat.S_IMODE(parent.stat().st_mode) == 0o700


@as_root
def test_programs_in_a_private_folder_are_copied_once_to_where_the_service_user_can_read_them(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    for part in (binaries.INSTALLED, binaries.LIBRARIES):
        shutil.copytree(binaries._site_packages() / part, private / part, symlinks=True)
    monkeypatch.setattr(binaries, "_site_packages", lambda: private)
    with tempfile.TemporaryDirectory() as cache:
        os.chmod(cache, 0o755)
        monkeypatch.setattr(binaries, "PUBLIC_COPIES", Path(cache))
        copies = []
        for _ in range(2):
            with Server(prepare(folder), FAST) as server:
                assert "Hello from Alice" in words(server.cluster)
                assert os.readlink(f"/proc/{server.pid}/exe").startswith(cache)
            copies.append([(copy.name, copy.stat().st_ino) for copy in Path(cache).iterdir()])
        assert copies[0] == copies[1]
        assert len(copies[0]) == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


@as_root
def test_strangers_of_this_machine_are_refused_by_the_socket_and_by_the_server(cluster: Cluster) -> None:
    stranger = service_user.named("daemon")
    assert stranger
    psql = binaries.folder_for(stranger) / "psql"
    knock = [psql, "-XAtc", "SELECT 1", "postgresql://palabre@/palabre?host=/proc/self/cwd&port=5432"]

    def as_stranger() -> str:
        return stranger.run(knock, inside=cluster.socket_dir).stderr

    with Server(cluster, FAST):
        assert "Permission denied" in as_stranger()
    with Server(cluster, {**FAST, "unix_socket_permissions": "0777"}):
        cluster.socket_dir.chmod(0o755)
        assert "Peer authentication failed" in as_stranger()
        cluster.socket_dir.chmod(0o700)


@as_root
def test_root_in_alices_folder_leaves_her_data_hers_and_takes_over_its_own(folder: Path) -> None:
    for owner in ("daemon", "root"):  # root's: as restored from a backup
        uid = pwd.getpwnam(owner).pw_uid
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, -1)
        cluster = prepare(folder)
        assert cluster.service_user.name == owner or owner == "root"
        with Server(cluster, FAST):
            assert "Hello from Alice" in words(cluster)
        assert {path.stat().st_uid for path in cluster.data.rglob("*")} == {cluster.service_user.uid}
        assert folder.stat().st_uid == uid


def test_the_pid_file_of_a_running_server_is_never_removed(server: Server) -> None:
    pid_file.remove_if_stale(server.cluster.data, server.cluster.socket_lock)
    assert pid_file.holder(server.cluster.data) == server.pid
