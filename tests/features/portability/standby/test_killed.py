"""A standby that is killed has on disk whatever it confirmed, and goes on with the rest."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from palabre.base import blobs
from palabre.base.blobs import Blobs
from palabre.features.portability import standby
from tests.features.portability.standby.conftest import First, kept, until
from tests.support.network import Network

_STANDBY = """
import asyncio, sys
from palabre.base import blobs, link
from palabre.features.portability import standby
asyncio.run(standby.follow_media(link.Address.parse(sys.argv[1]), blobs.open_store(sys.argv[2])))
"""


@asynccontextmanager
async def standby_process(first: First, store: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _STANDBY, str(first.address), str(store))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()


async def test_what_was_acknowledged_outlives_the_standbys_death(
    network: Network, first: First, second: Blobs, tmp_path: Path
) -> None:
    before = blobs.current()
    assert isinstance(before, standby.Mirrored)
    here = standby.Mirrored(before.inner, network.db, synchronous=True)
    for number in range(50):
        await here.put(f"old/{number}.png", b"old" * 20_000, "image/png")
    acknowledged: list[str] = []

    async def post(number: int) -> None:
        for each in range(15):
            key = f"posts/{number}-{each}.png"
            await here.put(key, key.encode() * 10_000, "image/png")
            assert await second.exists(key)
            acknowledged.append(key)

    async with standby_process(first, tmp_path / "second"):
        await until(lambda: has(second, "old/"))
        posting = [asyncio.create_task(post(number)) for number in range(4)]
        await until(lambda: len(acknowledged) >= 20)
    sure = list(acknowledged)
    for key in sure:
        assert await second.read(key) == key.encode() * 10_000
    async with standby_process(first, tmp_path / "second"):
        await asyncio.gather(*posting)
        await until(same(here, second))
    assert len(acknowledged) == 60 and len(await kept(second)) == 110


def same(one: Blobs, other: Blobs) -> Callable[[], Awaitable[bool]]:
    async def found() -> bool:
        return bool(await kept(one) == await kept(other))

    return found


async def has(store: Blobs, prefix: str) -> bool:
    return any([entry.key.startswith(prefix) async for entry in store.list()])
