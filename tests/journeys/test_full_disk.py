"""The disk of a serving host fills up: nothing acknowledged is lost, and it goes on by itself once there is room."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base.db import UNAVAILABLE, Database
from palabre.base.postgres import prepare
from tests.support.running import Running, until

pytestmark = pytest.mark.journey


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root can make a small disk for this test")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def network(disk: Path) -> Iterator[Running]:
    network = Running(disk / "data")
    network.log = disk.with_name("data.log")
    with network:
        yield network


def fill(disk: Path) -> Path:
    """Until there is no room left."""
    filler = disk / "filler"
    with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


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
