"""Archives in object stores; media that go to another store than the data folder."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.base import blobs
from palabre.features.portability.restore import Damaged, RestoreProblem
from tests.support.archiving import PRIVATE, PUBLIC, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import being_in, brings_back, there
from tests.support.servers import object_store

Store = tuple[str, dict[str, str]]


@pytest.fixture
def store() -> Iterator[Store]:
    with object_store("archives") as made:
        yield made


async def held(store: blobs.Blobs) -> dict[str, bytes]:
    return {entry.key: await store.read(entry.key) async for entry in store.list()}


@pytest.fixture
async def pictured(network: Network, alice: Person) -> Network:
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    return network


async def test_out_of_an_object_store(pictured: Network, alice: Person, store: Store, tmp_path: Path) -> None:
    url, options = store
    await takes(pictured, url, options=options, recipients=[PUBLIC])
    restored = await brings_back(url, tmp_path / "data", private=PRIVATE, source_options=options)
    assert restored.source == url
    async with being_in(tmp_path / "data") as anew:
        assert await there(alice, anew).home() == ["Hello"]
    assert await held(blobs.open_store(str(tmp_path / "data/media"))) == await held(blobs.current())


async def test_what_came_damaged_from_there_is_refused(pictured: Network, store: Store, tmp_path: Path) -> None:
    url, options = store
    taken = await takes(pictured, url, options=options, recipients=[PUBLIC])
    there = blobs.open_store(url, **options)
    names = [entry.key async for entry in there.list()]
    for name in (next(name for name in names if "posts.0" in name), next(name for name in names if "media/" in name)):
        whole = await there.read(name)
        await there.put(name, whole[:-1] + bytes([whole[-1] ^ 1]), "")
        with pytest.raises(Damaged):
            await brings_back(url, tmp_path / "data", private=PRIVATE, source_options=options)
        assert not (tmp_path / "data/postgres").exists()
        await there.put(name, whole, "")
    restored = await brings_back(url, tmp_path / "data", private=PRIVATE, source_options=options)
    assert restored.archive == taken.archive, "once it is whole again, it goes on"


async def test_a_tar_that_lies_elsewhere(pictured: Network, store: Store, tmp_path: Path) -> None:
    url, options = store
    await takes(pictured, tmp_path / "whole.tar")
    await blobs.open_store(url, **options).put("whole.tar", tmp_path / "whole.tar", "")
    restored = await brings_back(f"{url}/whole.tar", tmp_path / "data", source_options=options)
    assert restored.media == 2


async def test_media_into_a_store(pictured: Network, store: Store, tmp_path: Path) -> None:
    url, options = store
    await takes(pictured, tmp_path / "place")
    more = {"media_store": url, "media_options": options}
    await blobs.open_store(url, **options).put("theirs", b"theirs", "")
    with pytest.raises(RestoreProblem, match="isn't empty: it holds theirs"):
        await brings_back(tmp_path / "place", tmp_path / "data", **more)
    await blobs.open_store(url, **options).delete(["theirs"])
    await brings_back(tmp_path / "place", tmp_path / "data", **more)
    assert await held(blobs.open_store(url, **options)) == await held(blobs.current())
    assert f'media_store = "{url}"' in (tmp_path / "data/palabre.toml").read_text()
    assert not (tmp_path / "data/media").exists()


async def test_verifying_alone_needs_no_key(pictured: Network, store: Store, tmp_path: Path) -> None:
    url, options = store
    await takes(pictured, url, options=options, recipients=[PUBLIC])
    await takes(pictured, tmp_path / "place", recipients=[PUBLIC])
    given = [word for name, value in options.items() for word in ("--option", f"{name}={value}")]
    for source, more in ((url, given), (str(tmp_path / "place"), [])):
        words = [sys.executable, "-m", "palabre", "restore", source, "--check", "--json", *more]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)  # noqa: ASYNC221
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["damaged"] == []
    next((tmp_path / "place/media").rglob("*.age")).unlink()
    damaged = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)  # noqa: ASYNC221
    assert damaged.returncode == 1
    assert len(json.loads(damaged.stdout)["damaged"]) == 1
