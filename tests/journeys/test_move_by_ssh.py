"""`palabre move --to ssh://…` over a real sshd: the network moves; what stands in the way is said, and nothing stays behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ledger import Writers
from tests.support.running import free_port, until
from tests.support.small_disk import enlarge, small_disk
from tests.support.ssh import Sshd, installed
from tests.support.two_hosts import Host

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not installed(), reason="no sshd here; tools/ssh.sh installs it where apt and root allow"),
]


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[Sshd]:
    with Sshd(tmp_path / "ssh") as running:
        yield running


@pytest.fixture
def old(tmp_path: Path, sshd: Sshd) -> Iterator[Host]:
    tmp_path.chmod(0o755)
    host = Host(tmp_path / "old", PATH=sshd.path, PALABRE_LINK_HOST="127.0.0.1")
    with host:
        yield host


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Where Palabre is installed on the other machine: sshd hands on no variables, so its own are set here."""
    program = tmp_path / "checkout/.venv/bin/palabre"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!/bin/sh\nexport PALABRE_LINK_HOST=127.0.0.1 PALABRE_LINK_PORT={free_port()}\n"
        f'exec {sys.executable} -m palabre "$@"\n'
    )
    program.chmod(0o755)
    return tmp_path / "checkout"


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Host]:
    """Started by the move, over there."""
    host = Host(tmp_path / "new")
    yield host
    # What ssh started has no PALABRE_DATA in its environment: it is known by its folder.
    for pid in started_there(host.folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    until(lambda: not started_there(host.folder))
    host.end()


def started_there(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if f"--data\0{folder}\0".encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    return found


def destination(sshd: Sshd, checkout: Path, new: Host) -> list[str]:
    return ["--to", f"ssh://{sshd.where}{checkout}", "--folder", str(new.folder), "--port", str(new.port), "--yes"]


def nobody_was_invited(old: Host) -> bool:
    return "standby" not in json.loads((old.folder / "host.json").read_text())["peers"]


def test_a_network_moves_over_ssh_while_alice_posts(old: Host, new: Host, sshd: Sshd, checkout: Path) -> None:
    token = old.sign_up("alice")
    with Writers(old.port, [token]) as writers:
        writers.wait_for(5)
        moved = old.command("move", *destination(sshd, checkout, new))
        assert moved.returncode == 0, moved.stderr
        assert "Requests waited" in moved.stderr
        writers.wait_for(5)
    assert writers.ledger.errors == []
    assert writers.ledger.missing(new.port, token) == []
    until(lambda: sshd.connections() == 0, "the connection stayed open")


def test_what_stands_in_the_way_is_said_and_undone(old: Host, new: Host, sshd: Sshd, checkout: Path) -> None:
    there = destination(sshd, checkout, new)

    def refused(*words: str) -> subprocess.CompletedProcess[str]:
        said = old.command("move", *(words or there))
        assert said.returncode == 1 and "Traceback" not in said.stderr, said.stderr
        assert nobody_was_invited(old)
        return said

    sshd.forget_host()
    assert "fingerprint" in refused().stderr
    sshd.know()
    sshd.use("strangers")
    assert "Permission denied" in (said := refused().stderr) and "work first" in said
    sshd.use("mine")
    assert "there is no Palabre in" in refused("--to", f"ssh://{sshd.where}/nowhere", "--yes").stderr.replace(
        "There", "there"
    )
    new.folder.mkdir()
    (new.folder / "thesis.txt").write_text("mine")
    assert "not empty" in refused().stderr
    assert [path.name for path in new.folder.iterdir()] == ["thesis.txt"]
    assert old.answers() and old.status()["role"] == "serving"


def test_the_connection_is_cut_while_the_new_host_copies(old: Host, new: Host, sshd: Sshd, checkout: Path) -> None:
    """The standby doesn't need ssh once it goes: the move waits for it and ends well."""
    program = checkout / ".venv/bin/palabre"
    gate = checkout / "open"
    program.write_text(program.read_text().replace("exec", f"until test -e {gate}; do sleep .1; done\nexec", 1))
    moving = old.launch("move", *destination(sshd, checkout, new))
    until(lambda: "Making a standby" in old.said() and Path(f"{new.folder}.log").exists())
    sshd.cut()
    until(lambda: "is cut" in old.said() or moving.poll() is not None, old.said())
    gate.touch()
    assert moving.wait(90) == 0, old.said()
    assert old.status()["role"] == "moved" and new.status()["role"] == "serving"


def test_the_disk_over_there_is_full(old: Host, new: Host, sshd: Sshd, checkout: Path) -> None:
    """It says so while it tries again, and goes on by itself once there is room."""
    with small_disk(new.folder, 8):
        moving = old.launch("move", *destination(sshd, checkout, new))
        until(lambda: "disk here is full" in old.said() or moving.poll() is not None)
        assert moving.poll() is None, old.said()
        assert old.answers()
        enlarge(new.folder, 900)
        assert moving.wait(120) == 0, old.said()
        for pid in started_there(new.folder):
            os.kill(pid, signal.SIGTERM)
        until(lambda: not started_there(new.folder) and not new.pids())
