"""Alice leaves: her archive is asked for on the page, its maker is killed half-way, and it is taken in by another network."""

import asyncio
import signal
import zipfile
from os import kill
from pathlib import Path
from typing import Any

import pytest

from palabre.base.db import Database
from palabre.base.postgres import prepare
from tests.support.archives import write_mastodon
from tests.support.running import Running, until

pytestmark = pytest.mark.journey
POSTS = 900


def _export(network: Running) -> dict[str, Any]:
    """What the table says of the one archive."""

    async def look() -> dict[str, Any]:
        db = Database(prepare(network.folder).dsn, most=1)
        try:
            async with db.reading() as conn:
                row = await conn.row("SELECT state, done, total, attempts FROM exports")
                return dict(row) if row else {}
        finally:
            await db.close()

    return asyncio.run(look())


def _done(network: Running, *arguments: str) -> None:
    done = network.command(*arguments)
    assert done.returncode == 0, done.stderr + done.stdout


def test_an_archive_outlives_its_maker_and_arrives_elsewhere(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    write_mastodon(tmp_path / "old.zip", posts=POSTS, odd=False, pictures=0.05)
    with Running(tmp_path / "first") as network:
        network.sign_up("alice")
        _done(network, "import", "alice", str(tmp_path / "old.zip"))
        with network.http(follow_redirects=True) as http:
            http.post("/sign-in", data={"name": "alice", "password": "the password of alice"})
            assert "Make my archive" in http.get("/settings/data").text
            http.post("/settings/data/archive")
            until(lambda: _export(network)["state"] == "making")
            for worker in network.pids("worker"):
                kill(worker, signal.SIGKILL)
            assert _export(network)["state"] == "making", "it was over before its maker could be killed"
            until(lambda: _export(network)["state"] == "ready")
            assert _export(network)["attempts"] == 2
            taken = tmp_path / "alice.zip"
            taken.write_bytes(http.get("/settings/data/archive.zip").content)
        posts = _shape(network, "alice")
        by_command = tmp_path / "by-command.zip"
        _done(network, "export", "alice", str(by_command))
        assert set(zipfile.ZipFile(by_command).namelist()) == set(zipfile.ZipFile(taken).namelist())
        again = network.command("export", "alice", str(by_command))
        assert again.returncode == 1 and "there already" in again.stderr
    with Running(tmp_path / "second") as network:
        network.sign_up("alice")
        _done(network, "import", "alice", str(taken))
        assert _shape(network, "alice") == posts


def _shape(network: Running, name: str) -> list[tuple[Any, ...]]:
    """When each public post was written, and how many pictures it has."""
    found: list[tuple[Any, ...]] = []
    with network.http() as http:
        account = http.get("/api/v1/accounts/lookup", params={"acct": name}).json()["id"]
        below: dict[str, str] = {}
        while page := http.get(f"/api/v1/accounts/{account}/statuses", params={"limit": "40", **below}).json():
            found += [(post["created_at"], post["visibility"], len(post["media_attachments"])) for post in page]
            below = {"max_id": page[-1]["id"]}
    return found
