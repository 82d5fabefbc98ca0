"""The disk of a serving host fills up: nothing acknowledged is lost, and it goes on by itself once there is room."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base.db import UNAVAILABLE, Database
from palabre.base.postgres import prepare
from palabre.hosting import state
from tests.support.running import Running, until
from tests.support.small_disk import fill, small_disk
from tests.support.two_hosts import Hosts, posts

pytestmark = pytest.mark.journey


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    tmp_path.chmod(0o755)
    with small_disk(tmp_path / "disk", 160):
        yield tmp_path / "disk"


@pytest.fixture
def network(disk: Path) -> Iterator[Running]:
    network = Running(disk / "data")
    network.log = disk.with_name("data.log")
    with network:
        yield network


async def use_up_its_log(network: Running) -> None:
    """PostgreSQL keeps room for its log in advance; when this is used up, too, it can't go on."""
    db = Database(prepare(network.folder).dsn, most=1)
    with pytest.raises(UNAVAILABLE):
        while True:
            async with db.reading() as conn:
                await conn.value("SELECT pg_logical_emit_message(false, 'test', repeat('x', 100000))")
                await conn.value("SELECT pg_switch_wal()")
    await db.close()


def test_nothing_acknowledged_is_lost_and_it_goes_on_once_there_is_room(disk: Path, network: Running) -> None:
    token, kept = network.sign_up("alice"), list[str]()

    def say(text: str) -> int:
        said = http.post("/api/v1/statuses", json={"status": text})
        if said.status_code == 200:
            kept.append(said.json()["id"])
        else:
            assert said.status_code == 503, said.text
            refusals.add(said.json()["error"])
        return said.status_code

    with network.http(token) as http:
        refusals = set[str]()
        assert say("Hello") == 200
        filler = fill(disk)
        until(lambda: say("Is anybody there? " * 20) == 503)
        assert any("disk is full" in words for words in refusals), refusals
        assert http.get("/about").status_code == 200, "reading goes on"
        command = network.command("account", "set-role", "alice", "owner")
        assert "Traceback" not in command.stderr

        asyncio.run(use_up_its_log(network))
        until(lambda: "PostgreSQL can't start there" in network.said())
        assert say("And now?") == 503
        assert network.process and network.process.poll() is None
        filler.unlink()
        until(lambda: say("There is room again") == 200)
        assert all(http.get(f"/api/v1/statuses/{each}").status_code == 200 for each in kept)
        assert "Traceback" not in network.said()


def test_the_network_leaves_a_host_whose_disk_is_full(disk: Path, hosts: Hosts) -> None:
    """Its database cannot even start: a move says what to do instead, and that does it."""
    old = hosts("disk/data", PALABRE_LINK_HOST="127.0.0.1")
    old.log = disk.with_name("data.log")
    new = hosts("new", PALABRE_LINK_HOST="127.0.0.1")
    old.start()
    token = old.sign_up("alice")
    with old.http(token) as http:
        http.post("/api/v1/statuses", json={"status": "Before the disk was full"}).raise_for_status()
    new.follow(old.invite())
    filler = fill(disk)
    asyncio.run(use_up_its_log(old))
    until(lambda: "PostgreSQL can't start there" in old.said())
    refused = old.command("move", "--to", "standby", "--yes")
    assert refused.returncode == 1 and "`palabre promote` on standby" in refused.stderr, refused.stderr
    assert state.load(old.folder).role == "serving"

    old.stop()
    promoted = new.command("promote", "--yes")
    assert promoted.returncode == 0, promoted.stdout + promoted.stderr
    assert posts(new, token) == {"Before the disk was full"}

    filler.unlink()  # there is room again: the old host starts, sees that it was overtaken, and hands on
    old.process = old.launch("serve")
    until(lambda: old.status().get("role") == "moved", old.said())
    until(old.answers)
    assert posts(old, token) == {"Before the disk was full"}
