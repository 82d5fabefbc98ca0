"""The network moves to another host, by one command and under load: nothing acknowledged is lost, and nobody sees an error."""

import contextlib
import io
import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.support.ledger import Writers
from tests.support.running import Running, free_port, until

pytestmark = pytest.mark.journey
MEMBERS = ("alice", "bob", "carol", "dan")


def host(folder: Path, **settings: str) -> Running:
    folder.mkdir(mode=0o755)
    return Running(folder, PALABRE_LINK_PORT=str(free_port()), PALABRE_LINK_HOST="127.0.0.1", **settings)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Running]:
    tmp_path.chmod(0o755)
    with host(tmp_path / "old", PALABRE_POST_LENGTH="777") as running:
        yield running


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Running]:
    """Not started: moving starts it, or makes it a standby first."""
    running = host(tmp_path / "new")
    yield running
    for pid in running.pids():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    running.end()


def picture() -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").save(file, "PNG")
    return file.getvalue()


def role(running: Running) -> str:
    return str(json.loads((running.folder / "host.json").read_text())["role"])


def test_a_network_under_load_moves_by_one_command(old: Running, new: Running) -> None:
    tokens = {name: old.sign_up(name) for name in MEMBERS}
    with old.http(tokens["alice"]) as alice:
        media = alice.post("/api/v2/media", files={"file": ("a.png", picture(), "image/png")}).json()
        alice.post("/api/v1/statuses", json={"status": "With a picture", "media_ids": [media["id"]]})
    with Writers(old.port, list(tokens.values())) as writers:
        writers.wait_for(20)
        moved = old.command("move", "--to", str(new.folder), "--port", str(new.port), "--yes")
        assert moved.returncode == 0, moved.stderr
        assert "there is no way back" in moved.stderr and "Requests waited" in moved.stderr
        writers.wait_for(20)  # through the old host, which hands them on
    ledger = writers.ledger
    assert ledger.missing(new.port, tokens["bob"]) == []
    assert ledger.errors == []
    print(f"longest silence {ledger.longest_silence:.1f} s, {len(ledger.acknowledged)} posts acknowledged")

    with new.http(tokens["alice"]) as alice, old.http(tokens["alice"]) as through_the_old:
        assert alice.get("/api/v1/accounts/verify_credentials").json()["username"] == "alice"
        shown = alice.get("/api/v1/timelines/public", params={"only_media": "true"}).json()
        for http, origin in ((alice, new.url), (through_the_old, old.url)):
            path = shown[0]["media_attachments"][0]["url"].partition("/media/")[2]
            assert http.get(f"{origin}/media/{path}").status_code == 200
    assert "which serves it" in old.command("move", "--status").stdout


def test_the_old_host_is_fenced(old: Running, new: Running) -> None:
    """It forwards, also after a reboot, and no command writes into its database any more."""
    token = old.sign_up("alice")
    moved = old.command("move", "--to", str(new.folder), "--port", str(new.port), "--yes")
    assert moved.returncode == 0, moved.stderr
    assert role(old) == "moved" and role(new) == "serving"
    assert not old.pids("postgres") and not old.pids("worker")
    refused = old.command(
        "account", "create", "eve", "--email", "eve@mail.example", "--password-stdin", given="a secret x"
    )
    assert refused.returncode == 1 and "has moved" in refused.stderr
    old.kill()
    until(lambda: not old.pids())
    said = len(old.said())
    process = old.launch("serve")
    old.process = process
    until(lambda: "handed" in old.said()[said:])
    with old.http(token) as alice:
        assert alice.post("/api/v1/statuses", json={"status": "Through the old door"}).status_code == 200
    assert not old.pids("postgres") and not old.pids("web")


def test_what_stands_in_the_way_is_said_and_nothing_changes(old: Running, tmp_path: Path) -> None:
    nobody = old.command("move", "--to", "nobody", "--yes")
    assert nobody.returncode == 1 and "No standby named nobody follows this host" in nobody.stderr
    full = tmp_path / "full"
    full.mkdir()
    (full / "thesis.txt").write_text("mine")
    refused = old.command("move", "--to", str(full), "--port", str(free_port()), "--yes")
    assert refused.returncode == 1 and "not empty" in refused.stderr
    assert [path.name for path in full.iterdir()] == ["thesis.txt"]
    assert "No move is under way" in old.command("move", "--cancel").stderr
    assert (old.answers() and not (old.folder / "host.json").exists()) or role(old) == "serving"


def test_a_host_killed_at_the_turning_point_completes_the_move(old: Running, new: Running) -> None:
    """kill -9 the moment there is no way back: whoever starts the old host again makes the new one serve."""
    tokens = [old.sign_up(name) for name in MEMBERS]
    with Writers(old.port, tokens) as writers:
        writers.wait_for(10)
        moving = old.launch("move", "--to", str(new.folder), "--port", str(new.port), "--yes")
        until(lambda: (old.folder / "host.json").exists() and role(old) == "moved", patience=90)
        old.kill()
        moving.wait(60)
        until(lambda: not old.pids("web") and not old.pids("postgres"))
        old.process = old.launch("serve")
        until(new.answers)
        writers.wait_for(10)
    assert role(new) == "serving"
    assert writers.ledger.missing(new.port, tokens[0]) == []


def test_a_move_is_called_off(old: Running, new: Running) -> None:
    """The standby dies while the move waits for it: the old host goes on as if nothing had been."""
    token = old.sign_up("alice")
    made = old.command("standby", "--invite", "--host", "127.0.0.1")
    address = re.findall(r"palabre://[^\s'\"]+", made.stdout)[0]
    new.process = new.launch("standby", "--of", address)
    until(lambda: "Following" in new.said())
    assert "post_length = 777" in (new.folder / "palabre.toml").read_text()
    for pid in new.pids():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not new.pids())
    refused = old.command("move", "--to", "standby", "--yes")
    assert refused.returncode == 1 and ("does not follow" in refused.stderr or "annot reach" in refused.stderr)
    with old.http(token) as alice:
        assert alice.post("/api/v1/statuses", json={"status": "Still here"}).status_code == 200
    assert role(old) == "serving"
