"""What goes: older archives, what broke off, and the media that no archive names any more."""

import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

from palabre.base import clock
from palabre.base.db import Database
from palabre.features.portability.archive import store
from palabre.features.portability.archive.format import index_name
from palabre.features.portability.archive.look import Lying, lying, read_index, stored_media
from palabre.features.portability.archive.places import Place
from palabre.features.portability.archive.shelves import SHELVES, Shelves

#: An archive without an index that was not written to for so long was broken off.
ABANDONED = timedelta(hours=1)
_BATCH = 5_000


async def sweep(place: Place) -> None:
    """Remove what archives that broke off left behind."""
    for one in await lying(place):
        if not one.complete and _abandoned(one):
            await place.delete(one.names)


async def keep_newest(db: Database, place: Place, place_id: str, keep: int) -> None:
    """Remove older archives, index first, and then the media that none of those left names. Nobody may write there
    meanwhile. Raises PlaceProblem, having removed no medium, where one that is left can't be read."""
    there = await lying(place)
    complete = [one for one in there if one.complete]
    for one in complete[keep:]:
        await place.delete([index_name(one.id)])
        await place.delete(one.names)
    if any(not one.complete and not _abandoned(one) for one in there):
        return  # somebody else's may be under way, and its media are in no list yet
    with tempfile.TemporaryDirectory(prefix="palabre-archive-") as scratch:
        async for names in _unnamed(place, [one.id for one in complete[:keep]], Path(scratch)):
            await _forget(db, place_id, names)
            await place.delete(names)


def _abandoned(one: Lying) -> bool:
    return one.newest < clock.now() - ABANDONED


async def _unnamed(place: Place, archives: list[str], scratch: Path) -> AsyncIterator[list[str]]:
    """The media in the place that none of these archives names."""
    there, named = Shelves(scratch / "there"), Shelves(scratch / "named")
    async for entry in place.list("media"):
        there.add(entry.key[6:8], entry.key, entry.size)
    for archive in archives:
        async for medium in stored_media(place, await read_index(place, archive)):
            named.add(medium.name[6:8], medium.name, medium.size)
    for shelf in (f"{number:02x}" for number in range(SHELVES)):
        unnamed = sorted({name for name, _ in there.shelf(shelf)} - {name for name, _ in named.shelf(shelf)})
        for start in range(0, len(unnamed), _BATCH):
            yield unnamed[start : start + _BATCH]


async def _forget(db: Database, place_id: str, names: list[str]) -> None:
    """That they lie there."""
    by_suffix: dict[str, list[bytes]] = {}
    for name in names:
        digest, dot, suffix = name.rpartition("/")[2].partition(".")
        by_suffix.setdefault(dot + suffix, []).append(bytes.fromhex(digest))
    async with db.transaction() as conn:
        for suffix, digests in by_suffix.items():
            await store.forget_copies(conn, place_id + suffix, digests)
