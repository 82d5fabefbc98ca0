"""Whatever goes wrong: a clear word, never half an archive that looks whole, and the next one is well."""

import asyncio
import errno
import tarfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from palabre.base import blobs, ids
from palabre.base.blobs import Blob, BlobEntry, BlobError, BlobMissing, Blobs, LocalBlobs
from palabre.features.portability.archive import ArchiveFailed, PlaceProblem, media
from tests.support.archiving import PRIVATE, PUBLIC, Opened, names, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


async def _runs(network: Network) -> list[Any]:
    async with network.db.reading() as conn:
        return await conn.rows("SELECT * FROM archive_runs ORDER BY id")


async def test_members_write_all_the_while(network: Network, alice: Person, tmp_path: Path) -> None:
    """Two rows of one transaction are both in it or both not."""
    written, done = 0, asyncio.Event()

    async def write() -> None:
        nonlocal written
        while not done.is_set():
            one = ids.new()
            async with network.db.transaction() as conn:
                await conn.execute("INSERT INTO follows (account_id, target_id, id) VALUES ($1, $1, $1)", one)
                await conn.execute("INSERT INTO followers (account_id, follower_id, id) VALUES ($1, $1, $1)", one)
            written += 1

    writers = [asyncio.create_task(write()) for _ in range(2)]
    seen = []
    try:
        for number in range(3):
            before = written
            taken = await takes(network, tmp_path / f"place{number}")
            assert written > before
            opened = Opened(tmp_path / f"place{number}", taken.archive)
            opened.check()
            follows = {row["id"] for row in opened.rows("follows")}
            assert follows == {row["id"] for row in opened.rows("followers")}
            seen.append(len(follows))
    finally:
        done.set()
        await asyncio.gather(*writers)
    assert 0 < seen[0] < seen[1] < seen[2]


class Failing(LocalBlobs):
    """A folder on a disk that is full once `left` files were written."""

    left = 3
    number = errno.ENOSPC

    def _write(self, key: str, content: bytes | Path) -> None:
        if type(self).left <= 0:
            raise OSError(self.number, "No space left on device")
        type(self).left -= 1
        super()._write(key, content)


async def test_a_full_disk(network: Network, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await upload(alice)
    whole = await takes(network, tmp_path / "before")
    files = len(names(tmp_path / "before"))
    monkeypatch.setattr(blobs, "LocalBlobs", Failing)
    for left in (0, 3, files // 2, files - 1):
        monkeypatch.setattr(Failing, "left", left)
        with pytest.raises(PlaceProblem, match="disk is full"):
            await takes(network, tmp_path / f"place{left}")
        assert not list((tmp_path / f"place{left}").glob("archives/*/index.json"))
    monkeypatch.setattr(Failing, "left", 1000)
    again = await takes(network, tmp_path / "place3")
    Opened(tmp_path / "place3", again.archive).check()
    assert again.media == whole.media
    assert [bool(run["failed_at"]) for run in await _runs(network)] == [False, True, True, True, True, False]
    assert "disk is full" in (await _runs(network))[1]["error"]


class Moody(Blobs):
    """The network's own store, from which `gone` vanished after they were listed, and which breaks at `broken`."""

    def __init__(self, real: Blobs, gone: set[str], broken: set[str]) -> None:
        self._real, self._gone, self._broken = real, gone, broken

    async def list(self, prefix: str = "") -> AsyncIterator[BlobEntry]:
        async for entry in self._real.list(prefix):
            yield entry

    async def get(self, key: str, byte_range: tuple[int, int | None] | None = None) -> Blob:
        if key in self._gone:
            raise BlobMissing(key)
        if key in self._broken:
            raise BlobError(f"{key}: connection reset")
        return await self._real.get(key, byte_range)


async def test_media_erased_meanwhile_and_a_store_that_breaks(network: Network, alice: Person, tmp_path: Path) -> None:
    await upload(alice)
    keys = [entry.key async for entry in blobs.current().list()]
    with pytest.raises(ArchiveFailed, match="connection reset"):
        await takes(network, tmp_path / "place", media=Moody(blobs.current(), set(), {keys[0]}))
    taken = await takes(network, tmp_path / "place", media=Moody(blobs.current(), {keys[0]}, set()))
    opened = Opened(tmp_path / "place", taken.archive)
    opened.check()
    assert (taken.gone, opened.manifest.gone, taken.media) == (1, 1, len(keys) - 1)
    assert keys[0] not in opened.media


async def test_a_medium_too_large_for_memory(network: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "IN_MEMORY", 1000)
    await blobs.current().put("media/film.mp4", b"film" * 500_000, "video/mp4")
    for recipients in ([], [PUBLIC]):
        taken = await takes(network, tmp_path / f"to{len(recipients)}", recipients=recipients)
        Opened(tmp_path / f"to{len(recipients)}", taken.archive, PRIVATE).check()


async def test_a_tar_takes_its_name_when_it_is_whole(
    network: Network, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(alice)
    (tmp_path / "tars").mkdir()
    with pytest.raises(ArchiveFailed):
        keys = {entry.key async for entry in blobs.current().list()}
        await takes(network, tmp_path / "tars/all.tar", media=Moody(blobs.current(), set(), keys))
    assert names(tmp_path / "tars") == set()
    taken = await takes(network, tmp_path / "tars/all.tar", recipients=[PUBLIC])
    assert names(tmp_path / "tars") == {"all.tar"}
    with tarfile.open(tmp_path / "tars/all.tar") as tar:
        listed = tar.getnames()
        tar.extractall(tmp_path / "out", filter="data")
    assert (listed[0], listed[-1]) == ("palabre-archive.json", f"archives/{taken.archive}/index.json")
    Opened(tmp_path / "out", taken.archive, PRIVATE).check()


class Waiting(Moody):
    """The network's own store; whoever lists it waits."""

    def __init__(self, real: Blobs) -> None:
        super().__init__(real, set(), set())
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def list(self, prefix: str = "") -> AsyncIterator[BlobEntry]:
        self.asked.set()
        await self.goes_on.wait()
        async for entry in super().list(prefix):
            yield entry


async def test_two_at_once_to_one_place(network: Network, alice: Person, tmp_path: Path) -> None:
    """The second is refused, to another place it isn't, and the first is whole."""
    await upload(alice)
    store = Waiting(blobs.current())
    first = asyncio.create_task(takes(network, tmp_path / "place", media=store))
    try:
        await asyncio.wait_for(store.asked.wait(), 60)
        with pytest.raises(ArchiveFailed, match="Another archive is being taken"):
            await takes(network, tmp_path / "place")
        elsewhere = await takes(network, tmp_path / "elsewhere")
    finally:
        store.goes_on.set()
    Opened(tmp_path / "place", (await first).archive).check()
    Opened(tmp_path / "elsewhere", elsewhere.archive).check()


async def test_a_table_nobody_knows_is_an_error(network: Network, tmp_path: Path) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("CREATE TABLE plugin_things (id bigint)")
    try:
        with pytest.raises(ArchiveFailed, match="plugin_things"):
            await takes(network, tmp_path / "place")
    finally:
        async with network.db.transaction() as conn:
            await conn.execute("DROP TABLE plugin_things")


async def test_an_object_store_that_cannot_be_reached(network: Network, tmp_path: Path) -> None:
    options = {
        "endpoint": "http://127.0.0.1:9",
        "region": "us-east-1",
        "access_key_id": "alice",
        "secret_access_key": "hunter2",
    }
    with pytest.raises(PlaceProblem, match=r"s3://nowhere/here") as told:
        await takes(network, "s3://nowhere/here", options=options)
    assert "hunter2" not in str(told.value)
