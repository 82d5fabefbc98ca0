import asyncio
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base import link
from tests.base.link.test_calls import Serve


@pytest.fixture
def nook() -> Iterator[Path]:
    """A short path: those of sockets have at most 107 bytes."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


async def test_a_local_door_leads_to_the_other_host(address: link.Address, nook: Path) -> None:
    door = await link.door(nook / "far", address, "echo")
    assert stat.S_IMODE(door.path.stat().st_mode) == 0o600
    calls = [await asyncio.open_unix_connection(door.path) for _ in range(3)]
    for number, (reader, writer) in enumerate(calls):
        sent = bytes([number]) * 300_000
        writer.write(sent)
        assert await reader.readexactly(len(sent)) == sent
        writer.close()
        await writer.wait_closed()
    await door.close()
    assert not door.path.exists()


async def test_a_door_that_leads_nowhere_closes_and_says_why(address: link.Address, nook: Path) -> None:
    door = await link.door(nook / "far", address, "gossip")
    reader, writer = await asyncio.open_unix_connection(door.path)
    assert await reader.read() == b""
    assert "doesn't offer “gossip”" in str(door.problem)
    writer.close()
    await door.close()


async def test_the_end_of_one_side_reaches_the_other_after_all_its_bytes(at_first_host: Serve, nook: Path) -> None:
    inside = nook / "inside"
    heard = asyncio.get_running_loop().create_future()

    async def local(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"w" * 500_000)
        heard.set_result(await reader.read())
        writer.close()

    async def through(
        peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await link.pipe((reader, writer), await asyncio.open_unix_connection(inside))

    server = await asyncio.start_unix_server(local, inside)
    reader, writer = await link.dial(await at_first_host(through=through), "through")
    assert await reader.readexactly(500_000) == b"w" * 500_000
    writer.write(b"r" * 500_000)
    writer.close()
    await writer.wait_closed()
    assert await asyncio.wait_for(heard, 60) == b"r" * 500_000
    server.close()


async def test_half_closes_pass_between_plain_sockets(nook: Path) -> None:
    async def upper(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write((await reader.read()).upper())  # answers only once all was said
        writer.close()

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await link.pipe((reader, writer), await asyncio.open_unix_connection(nook / "a"))

    first, second = (
        await asyncio.start_unix_server(upper, nook / "a"),
        await asyncio.start_unix_server(between, nook / "b"),
    )
    reader, writer = await asyncio.open_unix_connection(nook / "b")
    writer.write(b"alice")
    writer.write_eof()
    assert await reader.read() == b"ALICE"
    writer.close()
    first.close()
    second.close()
