"""The disk of the host that serves is full: members are told, nothing acknowledged is lost, it goes on once there is room,
and the network can leave that host."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx2 as httpx
import pytest

from palabre.base.db import UNAVAILABLE, Database
from palabre.base.postgres import prepare
from tests.support.running import until
from tests.support.small_disk import fill, small_disk
from tests.support.two_hosts import Host, Hosts, posts

pytestmark = pytest.mark.journey


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    tmp_path.chmod(0o755)
    with small_disk(tmp_path / "old", 400):
        yield tmp_path / "old"


def post_until_refused(host: Host, token: str, kept: set[str]) -> httpx.Response:
    """Long posts, until one is answered otherwise than by 200; the others' texts go into `kept`."""
    with host.http(token) as http:
        for _ in range(20_000):
            text = f"{len(kept)} {'very full ' * 80}".strip()
            answer = http.post("/api/v1/statuses", json={"status": text})
            if answer.status_code != 200:
                return answer
            kept.add(text)
    raise AssertionError("the disk never got full")


def test_a_full_disk_is_said_survived_and_left(disk: Path, hosts: Hosts) -> None:
    old, new = hosts("old", PALABRE_LINK_HOST="127.0.0.1"), hosts("new", PALABRE_LINK_HOST="127.0.0.1")
    old.start()
    token, kept = old.sign_up("alice"), set[str]()
    new.follow(old.invite())

    ballast = fill(disk)
    refused = post_until_refused(old, token, kept)
    assert refused.status_code == 503, refused.text
    until(lambda: "disk_full" in old.said())
    assert old.process and old.process.poll() is None

    ballast.unlink()
    until(lambda: posted(old, token, "There is room", kept), "it does not go on by itself")
    assert posts(old, token) >= kept

    fill(disk)  # nobody posts from here on: how long PostgreSQL's own log has room is chance
    moved = old.command("move", "--to", "standby", "--yes")
    assert moved.returncode == 0, moved.stderr + old.said()[-3000:]
    assert new.status()["role"] == "serving" and old.status()["role"] == "moved"
    assert posts(new, token) >= kept
    until(lambda: posted(old, token, "By way of the full host", kept))


def test_where_even_the_database_has_no_room_it_waits(disk: Path, hosts: Hosts) -> None:
    host = hosts("old")
    host.start()
    token, kept = host.sign_up("alice"), set[str]()
    assert posted(host, token, "Hello", kept)
    ballast = fill(disk)
    refused = post_until_refused(host, token, kept)
    assert "disk is full" in refused.json()["error"]
    with host.http(token) as http:
        assert http.get("/about").status_code == 200, "reading goes on"
    asyncio.run(use_up_its_log(host))
    # It may find room once more as it starts again; either way the network doesn't end with it.
    until(lambda: "PostgreSQL can't start there" in unwrapped(host) or posted(host, token, "Once more", kept))
    assert host.process and host.process.poll() is None
    ballast.unlink()
    until(lambda: posted(host, token, "There is room again", kept))
    assert posts(host, token) >= kept
    assert "Traceback" not in host.said()


async def use_up_its_log(host: Host) -> None:
    """PostgreSQL keeps room for its log in advance; when this is used up, too, it can't go on."""
    db = Database(prepare(host.folder).dsn, most=1)
    with pytest.raises(UNAVAILABLE):
        while True:
            async with db.reading() as conn:
                await conn.value("SELECT pg_logical_emit_message(false, 'test', repeat('x', 100000))")
                await conn.value("SELECT pg_switch_wal()")
    await db.close()


def unwrapped(host: Host) -> str:
    """What it said, however long the folder's name makes the lines."""
    return " ".join(host.said().split())


def posted(host: Host, token: str, text: str, kept: set[str]) -> bool:
    try:
        with host.http(token) as http:
            answered = http.post("/api/v1/statuses", json={"status": text}).status_code == 200
    except httpx.HTTPError:
        return False
    if answered:
        kept.add(text)
    return answered
