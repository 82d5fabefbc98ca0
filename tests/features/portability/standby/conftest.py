"""Two hosts: the network under test, and a second store that follows it over a real link on loopback."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from palabre.base import blobs, link
from palabre.base.blobs import Blobs
from palabre.features.portability import standby
from tests.support.network import Network

SECRET = link.new_secret()


class First:
    """The first host's end of the link; it can be cut and come back on the same port."""

    def __init__(self, folder: Path, services: Mapping[str, link.Service]) -> None:
        self.identity = link.Identity.of(folder)
        self.services = dict(services)
        self.port = 0
        self.secret = SECRET
        self._listening: link.Listening | None = None

    @property
    def address(self) -> link.Address:
        return link.Address("127.0.0.1", self.port, "beta", self.identity.fingerprint, SECRET)

    async def open(self) -> None:
        self._listening = await link.serve(
            "127.0.0.1", self.port, self.identity, lambda _, secret: secret == self.secret, self.services
        )
        self.port = self._listening.port

    async def cut(self) -> None:
        if self._listening:
            await self._listening.close()
            self._listening = None


@pytest.fixture
async def first(network: Network, tmp_path: Path) -> AsyncIterator[First]:
    made = First(tmp_path / "link", standby.services(blobs.current(), network.db))
    await made.open()
    yield made
    await made.cut()


@pytest.fixture
def second(tmp_path: Path) -> Blobs:
    return blobs.open_store(str(tmp_path / "second"))


class Follows:
    """A standby at work; `progress` as it was last told."""

    def __init__(self) -> None:
        self.progress = standby.Progress()
        self.heard: list[str] = []

    def told(self, progress: standby.Progress) -> None:
        self.progress = progress
        if progress.problem and progress.problem not in self.heard:
            self.heard.append(progress.problem)

    async def until(self, true: Callable[[], bool]) -> None:
        await until(true)

    async def until_complete(self) -> None:
        await until(lambda: self.progress.complete)


Following = Callable[[First, Blobs], AbstractAsyncContextManager[Follows]]


@pytest.fixture
def following(tmp_path: Path) -> Following:
    @asynccontextmanager
    async def follow(first: First, store: Blobs) -> AsyncIterator[Follows]:
        follows = Follows()
        task = asyncio.create_task(standby.follow_media(first.address, store, told=follows.told, scratch=tmp_path))
        try:
            yield follows
            assert not task.done(), task.exception()
        finally:
            task.cancel()
            await asyncio.wait([task])

    return follow


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    """Wait for a condition."""
    end = time.monotonic() + seconds
    while True:
        found = true()
        if found if isinstance(found, bool) else await found:
            return
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.01)


async def kept(store: Blobs) -> dict[str, int]:
    return {entry.key: entry.size async for entry in store.list()}


async def waiting(network: Network) -> list[standby.Standby]:
    async with network.db.reading() as conn:
        return await standby.standbys(conn)
