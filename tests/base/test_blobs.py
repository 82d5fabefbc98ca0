"""Pictures and archives outlive the process that stored them, in a folder and in an S3 bucket alike."""

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import anyio
import obstore
import pytest
from moto.server import ThreadedMotoServer

from palabre.base.blobs import BlobError, BlobMissing, BlobRangeInvalid, Blobs, LocalBlobs, check_key, open_store

pytestmark = pytest.mark.anyio
CAT = b"a picture of Alice's cat"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def bucket(endpoint: str, name: str) -> Blobs:
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{name}", method="PUT")).close()
    url = f"s3://{name}/network-a?endpoint={endpoint}&region=us-east-1"
    return open_store(url, access_key_id="alice", secret_access_key="secret")


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return open_store(str(tmp_path / "media"))
    return bucket(request.getfixturevalue("s3"), f"bucket-{abs(hash(tmp_path))}")


async def keys(blobs: Blobs, prefix: str = "") -> list[str]:
    return sorted([entry.key async for entry in blobs.list(prefix)])


async def test_what_is_put_comes_back(blobs: Blobs) -> None:
    await blobs.put("media/ab/cat.jpg", CAT, "image/jpeg")
    blob = await blobs.get("media/ab/cat.jpg")
    assert (blob.size, blob.start, blob.end) == (len(CAT), 0, len(CAT))
    assert b"".join([chunk async for chunk in blob.chunks]) == CAT
    assert await blobs.exists("media/ab/cat.jpg")


async def test_a_second_put_replaces_the_first(blobs: Blobs) -> None:
    await blobs.put("cat", b"old and rather longer", "text/plain")
    await blobs.put("cat", CAT, "image/jpeg")
    assert await blobs.read("cat") == CAT


async def test_a_long_file_is_streamed_from_disk_and_back(blobs: Blobs, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(1024) * 12_000)
    await blobs.put("film.mp4", film, "video/mp4")
    pieces = [chunk async for chunk in (await blobs.get("film.mp4")).chunks]
    assert b"".join(pieces) == film.read_bytes()
    assert len(pieces) > 10 and max(map(len, pieces)) < 2_000_000


@pytest.mark.parametrize(
    ("asked", "start", "end"), [((2, 9), 2, 9), ((20, None), 20, 24), ((-3, None), 21, 24), ((20, 900), 20, 24)]
)
async def test_a_player_may_ask_for_a_part(blobs: Blobs, asked: tuple[int, int | None], start: int, end: int) -> None:
    await blobs.put("cat", CAT, "image/jpeg")
    part = await blobs.get("cat", asked)
    assert (part.start, part.end, part.size) == (start, end, len(CAT))
    assert b"".join([chunk async for chunk in part.chunks]) == CAT[start:end]


async def test_a_part_beyond_the_end_names_the_size(blobs: Blobs) -> None:
    await blobs.put("cat", CAT, "image/jpeg")
    with pytest.raises(BlobRangeInvalid) as refused:
        await blobs.get("cat", (24, 30))
    assert refused.value.size == 24
    with pytest.raises(ValueError):
        await blobs.get("cat", (5, 5))


async def test_what_is_not_there_is_missing(blobs: Blobs) -> None:
    await blobs.put("folder/cat", CAT, "image/jpeg")
    for key in ("dog", "folder", "folder/dog"):
        assert not await blobs.exists(key)
        with pytest.raises(BlobMissing):
            await blobs.get(key)
        with pytest.raises(BlobMissing):
            await blobs.get(key, (1, 3))
        with pytest.raises(BlobMissing):
            await blobs.read(key)


async def test_deleting_is_deleting_and_may_be_repeated(blobs: Blobs) -> None:
    for key in ("a/1", "a/2", "b/deep/er/3"):
        await blobs.put(key, CAT, "image/jpeg")
    for _ in range(2):
        await blobs.delete(["never/was", "a/1", "b/deep/er/3", "a/1/below"])
        assert await keys(blobs) == ["a/2"]
    await blobs.delete([])
    await blobs.put("b/deep/er/3", CAT, "image/jpeg")
    assert await blobs.read("b/deep/er/3") == CAT


async def test_a_listing_goes_by_whole_segments(blobs: Blobs) -> None:
    for key in ("media/ab/1", "media/ab/c/2", "media/abc/3", "other"):
        await blobs.put(key, CAT, "image/jpeg")
    assert await keys(blobs, "media/ab") == await keys(blobs, "media/ab/") == ["media/ab/1", "media/ab/c/2"]
    assert await keys(blobs, "nowhere") == []
    assert [entry.size async for entry in blobs.list("other")] == []
    assert {entry.size async for entry in blobs.list()} == {len(CAT)}


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".incoming/x", "a/.b", "a b", "é", "a\\b", "a\n", "x" * 201],
)
async def test_a_strange_key_never_reaches_the_store(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError):
        await blobs.put(key, CAT, "image/jpeg")
    with pytest.raises(ValueError):
        await blobs.get(key)
    with pytest.raises(ValueError):
        await blobs.delete(["fine", key])
    with pytest.raises(ValueError):
        await blobs.exists(key)


def test_the_longest_key_is_fine() -> None:
    assert check_key("x" * 200)


async def test_s3_tells_browsers_the_content_type(s3: str) -> None:
    blobs = bucket(s3, "typed")
    await blobs.put("cat.webp", CAT, "image/webp")
    assert (await obstore.get_async(blobs._store, "cat.webp")).attributes["Content-Type"] == "image/webp"


async def test_a_store_that_is_down_says_so_and_soon() -> None:
    blobs = open_store("s3://media?endpoint=http://127.0.0.1:9&region=x", access_key_id="a", secret_access_key="b")
    with anyio.fail_after(60):
        with pytest.raises(BlobError) as error:
            await blobs.get("cat")
        assert not isinstance(error.value, BlobMissing)
        with pytest.raises(BlobError):
            await blobs.put("cat", CAT, "image/jpeg")


async def test_a_source_file_that_is_gone_is_not_called_a_missing_blob(blobs: Blobs, tmp_path: Path) -> None:
    with pytest.raises(BlobError) as error:
        await blobs.put("cat", tmp_path / "gone", "image/jpeg")
    assert not isinstance(error.value, BlobMissing)


async def test_in_a_folder_bytes_reach_the_disk_before_their_name_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = open_store(f"file://{tmp_path}/media")
    seen: list[str] = []
    flush, replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        seen.append("flush " + os.path.relpath(os.readlink(f"/proc/self/fd/{descriptor}"), tmp_path).split("/")[-1])
        flush(descriptor)

    def moved(path: Path, target: Path) -> Path:
        seen.append("move")
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", moved)
    await blobs.put("a/b/cat", CAT, "image/jpeg")
    assert len(seen[0]) > 20 and seen[1:] == ["move", "flush b", "flush a", "flush media"]
    del seen[:]
    await blobs.delete(["a/b/cat"])
    assert seen == ["flush media"] and os.listdir(tmp_path / "media") == [".incoming"]


async def test_a_folder_emptied_and_removed_under_a_put_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs, replace, removed = open_store(str(tmp_path)), Path.replace, []

    def moved(path: Path, target: Path) -> Path:
        if not removed:
            removed.append(target.parent.rmdir())
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", moved)
    await blobs.put("a/b/cat", CAT, "image/jpeg")
    assert removed and await blobs.read("a/b/cat") == CAT


async def test_puts_and_deletes_side_by_side_do_not_trip_over_folders(tmp_path: Path) -> None:
    blobs = open_store(str(tmp_path))

    async def come_and_go(name: str) -> None:
        for _ in range(60):
            await blobs.put(f"shared/folder/{name}", CAT, "image/jpeg")
            await blobs.delete([f"shared/folder/{name}"])

    async with anyio.create_task_group() as group:
        for name in "abcd":
            group.start_soon(come_and_go, name)
    assert await keys(blobs) == []


WRITER = """
import anyio, sys
from palabre.base.blobs import open_store
async def main():
    blobs = open_store(sys.argv[1])
    for number in range(10_000):
        await blobs.put(f"{number % 7}/{number}", bytes([number % 256]) * 300_000, "image/jpeg")
        print(number, flush=True)
anyio.run(main)
"""


def write_until_killed(folder: Path) -> list[int]:
    with subprocess.Popen([sys.executable, "-c", WRITER, folder], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
        writer.kill()
        return acknowledged + [int(line) for line in writer.stdout.read().split()]


async def test_whatever_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    acknowledged = await anyio.to_thread.run_sync(write_until_killed, tmp_path)
    blobs = open_store(str(tmp_path))
    for number in acknowledged:
        assert await blobs.read(f"{number % 7}/{number}") == bytes([number % 256]) * 300_000
    assert {entry.size async for entry in blobs.list()} == {300_000}


async def test_scraps_of_killed_writers_are_swept_after_a_day(tmp_path: Path) -> None:
    blobs = open_store(str(tmp_path))
    assert isinstance(blobs, LocalBlobs)
    old, fresh = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "fresh"
    old.write_bytes(CAT)
    fresh.write_bytes(CAT)
    os.utime(old, (time.time() - 90_000,) * 2)
    assert await keys(blobs) == []
    open_store(str(tmp_path))
    assert not old.exists() and fresh.exists()
