"""Starting, stopping and looking after a network, as its operator does."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base.postgres import Server, pg_tool, prepare
from tests.support.running import Running, free_port, is_free, until

pytestmark = pytest.mark.journey
DEBIAN = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def running(folder: Path) -> Iterator[Running]:
    with Running(folder) as network:
        yield network


def test_a_second_start_says_who_holds_the_folder(running: Running, folder: Path) -> None:
    assert running.process
    same, elsewhere = running.command("serve"), running.command("serve", "--port", str(free_port()))
    for second in (same, elsewhere):
        assert second.returncode == 1
        assert f"in use by process {running.process.pid}" in " ".join(second.stderr.split())
        assert "Traceback" not in second.stderr
    assert running.answers()


def test_a_port_that_is_taken_is_named(running: Running, tmp_path: Path) -> None:
    second = running.command("serve", "--data", str(tmp_path / "other"))
    assert second.returncode == 1
    assert f"cannot listen on 127.0.0.1:{running.port}" in second.stderr and "Traceback" not in second.stderr
    until(lambda: not Running(tmp_path / "other").pids())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_everything_and_a_second_start_finds_everything(running: Running, number: int) -> None:
    token = running.sign_up("alice")
    said = running.http(token).post("/api/v1/statuses", json={"status": "Still here?"}).json()
    link = running.owner_link()
    with running.http(token).stream("GET", "/api/v1/streaming/user") as stream:
        assert next(stream.iter_lines()) == ":)"
        assert running.stop(number) == 0  # and an open stream is not waited for
    assert running.pids() == [] and is_free(running.port)
    assert "Traceback" not in running.said() and "ERROR" not in running.said()
    running.start()
    assert running.http(token).get(f"/api/v1/statuses/{said['id']}").json()["content"] == "<p>Still here?</p>"
    assert running.owner_link() != link


def test_asked_to_stop_while_starting_it_leaves_nothing(folder: Path) -> None:
    network = Running(folder)
    for begun in ("postgres", "postgres", "web", "worker"):
        network.process = network.launch("serve")
        until(lambda wanted=begun: network.pids(wanted))  # type: ignore[misc]
        assert network.stop() == 0
        assert network.pids() == [] and is_free(network.port)
    assert "Traceback" not in network.said()


def test_ctrl_c_twice_stops_at_once(running: Running) -> None:
    assert running.process
    (web, *_) = running.pids("web")
    os.kill(web, signal.SIGSTOP)  # it cannot stop by itself
    running.process.send_signal(signal.SIGINT)
    until(lambda: len(running.pids("web")) < 2)
    assert running.stop() == 130
    with contextlib.suppress(ProcessLookupError):  # killed already
        os.kill(web, signal.SIGCONT)
    until(lambda: not running.pids())


def test_nothing_survives_the_process_that_watches_over_it(running: Running) -> None:
    running.kill()
    running.start()  # at once, on the same port
    assert running.answers()
    until(lambda: len(running.pids("web")) == 2 and len(running.pids("worker")) == 1)  # the old ones end soon


def test_what_can_never_run_is_given_up_with_the_reason(folder: Path) -> None:
    network = Running(folder, PALABRE_MEDIA_STORE="nonsense://nowhere")
    network.process = network.launch("serve")
    assert network.process.wait(60) == 1
    assert "process ended 3 times in a row" in network.said()
    assert network.pids() == [] and is_free(network.port)


def test_a_database_that_cannot_be_reached_is_said_in_one_line(folder: Path) -> None:
    network = Running(folder, DATABASE_URL=f"postgresql://palabre@127.0.0.1:{free_port()}/palabre")
    for name in ("serve", "migrate"):
        done = network.command(name)
        assert done.returncode == 1 and "Traceback" not in done.stderr and "database" in done.stderr


def test_an_ordinary_user_runs_it_too() -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("needs root and setpriv to become somebody else; as an ordinary user every other test shows it")
    nobody = pwd.getpwnam("nobody")
    become = ["setpriv", "--reuid", "nobody", "--regid", str(nobody.pw_gid), "--clear-groups"]
    path = os.pathsep.join(sys.path)
    probe = "import os, sys, palabre.app; sys.exit(not os.access(sys.executable, os.X_OK))"
    for python in (sys.executable, "/usr/bin/python3"):
        tried = subprocess.run([*become, python, "-c", probe], capture_output=True, cwd="/", env={"PYTHONPATH": path})
        if tried.returncode == 0:
            break
    else:
        pytest.skip("an ordinary user may not run this copy of Python or Palabre")
    home = Path(tempfile.mkdtemp(prefix="palabre-nobody-", dir="/var/tmp"))
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    try:
        with Running(home / "data", python=[*become, python], PYTHONPATH=path) as network:
            token = network.sign_up("alice")
            assert network.http(token).post("/api/v1/statuses", json={"status": "Hello"}).status_code == 200
            assert {Path(f"/proc/{pid}").stat().st_uid for pid in network.pids()} == {nobody.pw_uid}
    finally:
        shutil.rmtree(home)


def test_commands_work_beside_a_running_network_and_without_one(running: Running) -> None:
    def commands() -> None:
        for words in (["settings"], ["doctor"], ["account", "list"], ["migrate"]):
            done = running.command(*words)
            assert done.returncode == 0, (words, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr

    made = running.command("account", "create", "carol", "--email", "carol@mail.example", "--role", "moderator",
                           "--password-stdin", given="a good password\n")  # fmt: skip
    assert made.returncode == 0, made.stderr
    commands()
    assert running.stop() == 0
    commands()
    assert running.pids() == []
    token = running.command("account", "token", "carol").stdout.strip()
    assert running.command("account", "role", "carol", "owner").returncode == 0
    running.start()
    me = running.http(token).get("/api/v1/accounts/verify_credentials").json()
    assert me["username"] == "carol" and "owner" in running.command("account", "list").stdout


def test_with_an_outside_database_web_and_worker_run_apart(folder: Path, tmp_path: Path) -> None:
    with Server(prepare(tmp_path / "elsewhere"), {"fsync": "off"}) as server:
        _run_apart(folder, server.cluster.dsn)


def test_debians_postgresql_15_serves_as_well(folder: Path) -> None:
    if not (DEBIAN / "postgres").exists():
        pytest.skip("PostgreSQL 15 is not installed here: apt-get install postgresql-15")
    home = Path(tempfile.mkdtemp(prefix="palabre-pg15-", dir="/var/tmp"))
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(home, user.pw_uid, user.pw_gid)
    become = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    port = free_port()

    def run(*command: str) -> None:
        subprocess.run(command, check=True, cwd=home, stdout=subprocess.DEVNULL, **become)  # type: ignore[call-overload]

    run(str(DEBIAN / "initdb"), "-D", "db", "-U", "palabre", "-E", "UTF8", "--locale", "C.UTF-8", "-A", "trust", "-N")
    options = ["-p", str(port), "-k", str(home), "-c", "listen_addresses=127.0.0.1", "-F"]
    process = subprocess.Popen(  # type: ignore[call-overload]
        [str(DEBIAN / "postgres"), "-D", "db", *options], cwd=home, stderr=subprocess.DEVNULL, **become
    )
    base = f"postgresql://palabre@127.0.0.1:{port}"
    try:
        until(lambda: _psql(f"{base}/postgres", "SELECT 1").returncode == 0)
        assert _psql(f"{base}/postgres", "CREATE DATABASE palabre").returncode == 0
        assert _psql(f"{base}/palabre", "SHOW server_version").stdout.startswith("15.")
        _run_apart(folder, f"{base}/palabre")
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def _run_apart(folder: Path, dsn: str) -> None:
    """Migrate, then a web and a worker process each for itself: a follower sees a post."""
    network = Running(folder, DATABASE_URL=dsn)
    assert network.command("migrate").returncode == 0
    processes = [network.launch("web"), network.launch("worker")]
    try:
        until(network.answers)
        assert network.pids("postgres") == []
        alice, bob = (network.http(network.sign_up(name)) for name in ("alice", "bob"))
        name = alice.get("/api/v1/accounts/verify_credentials").json()["id"]
        assert bob.post(f"/api/v1/accounts/{name}/follow").json()["following"]
        said = alice.post("/api/v1/statuses", json={"status": "Apart, together #there @bob"}).json()
        assert until(lambda: bob.get("/api/v1/timelines/home").json())[0]["id"] == said["id"]
        assert until(lambda: bob.get("/api/v1/notifications").json())[0]["type"] == "mention"
        assert bob.get("/api/v1/timelines/tag/there").json()[0]["id"] == said["id"]
        assert alice.get("/api/v1/notifications").json()[0]["type"] == "follow"
    finally:
        for process in processes:
            process.terminate()
        assert [process.wait(30) for process in processes] == [-signal.SIGTERM, 0]
    with Running(folder, DATABASE_URL=dsn) as served:
        assert served.pids("postgres") == [] and served.answers()


def _psql(dsn: str, sql: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([str(pg_tool("psql")), "-XAtc", sql, dsn], capture_output=True, text=True)
