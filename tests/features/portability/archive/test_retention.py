"""Deleting is deleting: what members delete leaves a place with the last archive that has it."""

import os
import time
from pathlib import Path

from palabre.base import blobs
from tests.support.archiving import Opened, names, takes
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


async def _forgets_a_picture(network: Network, alice: Person) -> set[str]:
    """The keys of a picture she had posted."""
    before = {entry.key async for entry in blobs.current().list()}
    picture = await upload(alice)
    post = await alice.says("Look", media_ids=[picture["id"]])
    return {entry.key async for entry in blobs.current().list()} - before | {f"post:{post['id']}"}


async def _deletes(network: Network, alice: Person, keys: set[str]) -> None:
    post = next(key for key in keys if key.startswith("post:")).partition(":")[2]
    await alice.delete(f"/api/v1/statuses/{post}")
    await network.work()
    await blobs.current().delete([key for key in keys if not key.startswith("post:")])


async def test_a_deleted_picture_leaves_with_the_last_archive_that_has_it(
    network: Network, alice: Person, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    await upload(alice)
    keys = await _forgets_a_picture(network, alice)
    first = await takes(network, place, keep=2)
    hers = {Opened(place, first.archive).media[key].name for key in keys if not key.startswith("post:")}
    await _deletes(network, alice, keys)
    second = await takes(network, place, keep=2)
    assert hers <= names(place)
    Opened(place, first.archive).check()
    third = await takes(network, place, keep=2)
    assert not hers & names(place)
    assert sorted(path.name for path in (place / "archives").iterdir()) == [second.archive, third.archive]
    for archive in (second.archive, third.archive):
        Opened(place, archive).check()
    async with network.db.reading() as conn:
        copies = {row["key"] for row in await conn.rows("SELECT key FROM archive_copies")}
    assert copies == set(Opened(place, third.archive).media)


async def test_what_broke_off_is_swept_after_an_hour(network: Network, alice: Person, tmp_path: Path) -> None:
    place = tmp_path / "place"
    await takes(network, place)
    young, old = (place / f"archives/20200101T00000{number}Z-abcdef/tables/posts.0001.tsv.zst" for number in (0, 1))
    for file in (young, old):
        file.parent.mkdir(parents=True)
        file.write_bytes(b"half")
    an_hour_ago = time.time() - 3601
    os.utime(old, (an_hour_ago, an_hour_ago))
    await takes(network, place)
    assert (young.exists(), old.exists()) == (True, False)


async def test_a_damaged_list_of_media_removes_none(network: Network, alice: Person, tmp_path: Path) -> None:
    """What can't be known to be unneeded stays, and that is said."""
    place = tmp_path / "place"
    await upload(alice)
    first = await takes(network, place)
    (place / f"archives/{first.archive}/stored.0001.tsv.zst").write_bytes(b"?")
    before = names(place, "media")
    again = await takes(network, place, keep=2)
    assert "damaged" in again.warning
    assert names(place, "media") == before
    third = await takes(network, place, keep=2)
    assert third.warning == ""
