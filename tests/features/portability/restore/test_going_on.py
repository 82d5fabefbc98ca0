"""Broken off anywhere, by kill -9 too, the same command goes on."""

from pathlib import Path

import pytest

from palabre.base import blobs
from palabre.features.portability.restore import RestoreProblem
from tests.support.archiving import takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import being_in, brings_back, killed_at, there


class Broken(Exception):
    """The work is broken off here."""


def stop_at_indexes(part: str, done: int, total: int) -> None:
    if part == "indexes":
        raise Broken


@pytest.fixture
async def place(network: Network, alice: Person, tmp_path: Path) -> Path:
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    await takes(network, tmp_path / "place")
    return tmp_path / "place"


async def test_killed_at_each_step(place: Path, alice: Person, tmp_path: Path) -> None:
    """One restore, killed six times."""
    for part in ("verifying, MB", "media", "rows, MB", "indexes", "search index", "their indexes"):
        assert killed_at(part, place, tmp_path / "data") == -9, part
        assert not (tmp_path / "data/postgres").exists()
    await brings_back(place, tmp_path / "data")
    async with being_in(tmp_path / "data") as anew:
        assert await there(alice, anew).home() == ["Hello"]
        before = blobs.open_store(str(place.parent / "media"))
        after = blobs.open_store(str(tmp_path / "data/media"))
        assert {entry.key async for entry in before.list()} == {entry.key async for entry in after.list()}


async def test_media_that_are_there_are_not_brought_again(place: Path, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        await brings_back(place, tmp_path / "data", progress=stop_at_indexes)
    media = [path for path in (tmp_path / "data/.restore/media").rglob("*") if path.is_file()]
    numbers = {path.stat().st_ino for path in media}
    media[0].write_bytes(b"half written as the machine went down")
    await brings_back(place, tmp_path / "data")
    after = {path.stat().st_ino for path in (tmp_path / "data/media").rglob("*") if path.is_file()}
    assert len(numbers - after) == 1


async def test_another_archive_is_not_mixed_in(place: Path, network: Network, tmp_path: Path) -> None:
    with pytest.raises(Broken):
        await brings_back(place, tmp_path / "data", progress=stop_at_indexes)
    first = next((place / "archives").iterdir()).name
    newer = await takes(network, place)
    with pytest.raises(RestoreProblem, match="--start-over"):
        await brings_back(place, tmp_path / "data", archive_id=newer.archive)
    restored = await brings_back(place, tmp_path / "data")
    assert restored.archive == first, "gone on with is what was begun"


async def test_starting_over(place: Path, network: Network, tmp_path: Path) -> None:
    assert killed_at("indexes", place, tmp_path / "data") == -9
    newer = await takes(network, place)
    restored = await brings_back(place, tmp_path / "data", start_over=True)
    assert restored.archive == newer.archive


async def test_killed_while_it_is_put_into_place(
    place: Path, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each of the moves, as a machine that loses power would leave it."""
    original = Path.rename
    for name in ("media", "postgres"):

        def broken(self: Path, target: Path, name: str = name) -> Path:
            moved = original(self, target)
            if Path(target).name == name and Path(target).parent == tmp_path / "data":
                raise Broken
            return moved

        monkeypatch.setattr(Path, "rename", broken)
        with pytest.raises(Broken):
            await brings_back(place, tmp_path / "data")
    monkeypatch.undo()
    await brings_back(place, tmp_path / "data")
    async with being_in(tmp_path / "data") as anew:
        assert await there(alice, anew).home() == ["Hello"]


async def test_after_a_restart_of_the_machine_the_database_is_begun_anew(
    place: Path, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert killed_at("search index", place, tmp_path / "data") == -9
    cluster = tmp_path / "data/.restore/data/postgres"
    (cluster / "from_before").touch()
    (tmp_path / "boot").write_text("another boot")
    monkeypatch.setattr("palabre.features.portability.restore.staging._BOOT", tmp_path / "boot")
    await brings_back(place, tmp_path / "data")
    assert not (tmp_path / "data/postgres/from_before").exists()
