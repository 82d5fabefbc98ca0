"""The disk gets full while a network is brought back: said clearly, and gone on with once there is room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from palabre.features.portability.restore import RestoreProblem
from tests.support.archiving import takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person
from tests.support.restoring import being_in, brings_back, there
from tests.support.small_disk import fill, small_disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    tmp_path.chmod(0o755)
    with small_disk(tmp_path / "disk", 400):
        yield tmp_path / "disk"


@pytest.mark.parametrize("part", ["verifying, MB", "media", "rows, MB", "indexes", "their indexes"])
async def test_the_disk_gets_full(part: str, network: Network, alice: Person, disk: Path) -> None:
    picture = await upload(alice)
    await alice.says("Hello", media_ids=[picture["id"]])
    place, ballast = disk.parent / "place", disk / "ballast"
    await takes(network, place)

    def fills_at(told: str, done: int, total: int) -> None:
        if told == part and not ballast.exists():
            fill(disk)

    with pytest.raises(RestoreProblem, match=r"disk is full. Make room and give the same command again"):
        await brings_back(place, disk / "data", progress=fills_at)
    assert not (disk / "data/postgres").exists() and not (disk / "data/media").exists()

    ballast.unlink()
    await brings_back(place, disk / "data")
    async with being_in(disk / "data") as anew:
        assert await there(alice, anew).home() == ["Hello"]
