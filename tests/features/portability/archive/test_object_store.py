"""An archive in an S3 bucket is the same as one in a folder."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from palabre.base.blobs import Blobs, open_store
from palabre.features.portability.archive import existing_place, indexes, verify
from palabre.features.portability.archive.places import PlaceProblem
from tests.support.archiving import PRIVATE, PUBLIC, Opened, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    urllib.request.urlopen(urllib.request.Request(f"http://{host}:{port}/safe", method="PUT")).close()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def options(endpoint: str) -> dict[str, str]:
    return {"endpoint": endpoint, "region": "us-east-1", "access_key_id": "alice", "secret_access_key": "secret"}


class Lies:
    """For a store that says that it keeps a file and leaves it empty, so many times each."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
        self._put, self._times, self.told = Blobs.put, times, dict[str, int]()
        monkeypatch.setattr(Blobs, "put", lambda store, *args: self._lie(store, *args))

    async def _lie(self, store: Blobs, key: str, content: bytes | Path, content_type: str) -> None:
        self.told[key] = self.told.get(key, 0) + 1
        lie = key.startswith("media/") and self.told[key] <= self._times
        await self._put(store, key, b"" if lie else content, content_type)


async def test_a_store_that_lies_now_and_then_is_asked_again(
    network: Network, alice: Person, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(alice)
    lies = Lies(monkeypatch, times=1)
    taken = await takes(network, "s3://safe/now-and-then", options=options, recipients=[PUBLIC])
    assert {times for key, times in lies.told.items() if key.startswith("media/")} == {2}
    place = existing_place("s3://safe/now-and-then", options)
    (index,) = await indexes(place)
    assert (await verify(place, index, lambda *_: None)).wrong == [] and taken.media


async def test_a_store_that_always_lies_gets_no_archive(
    network: Network, alice: Person, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await upload(alice)
    Lies(monkeypatch, times=9)
    with pytest.raises(PlaceProblem, match=r"says that it keeps media/\S+ and doesn't. Use another store"):
        await takes(network, "s3://safe/always", options=options, recipients=[PUBLIC])
    assert await indexes(existing_place("s3://safe/always", options)) == []


async def test_taken_verified_and_kept_few(
    network: Network, alice: Person, options: dict[str, str], tmp_path: Path
) -> None:
    await upload(alice)
    await takes(network, "s3://safe/network", options=options, recipients=[PUBLIC])
    await upload(alice)
    taken = await takes(network, "s3://safe/network", options=options, recipients=[PUBLIC], keep=1)
    assert 0 < taken.new_media < taken.media
    (index,) = await indexes(existing_place("s3://safe/network", options))
    assert index.id == taken.archive
    verdict = await verify(existing_place("s3://safe/network", options), index, lambda *_: None)
    assert (verdict.wrong, verdict.files) == ([], len(index.files) + taken.media)
    store = open_store("s3://safe/network", **options)
    async for entry in store.list():
        (tmp_path / "copy" / entry.key).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "copy" / entry.key).write_bytes(await store.read(entry.key))
    Opened(tmp_path / "copy", taken.archive, PRIVATE).check()
