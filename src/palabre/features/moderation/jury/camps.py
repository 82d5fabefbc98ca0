"""Keeping the camps up to date: once a day, by a worker, outside of any request."""

import asyncio
from array import array
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from multiprocessing import get_context

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Database
from palabre.features.moderation.jury import groups, store

EVERY = timedelta(hours=20)
_CHUNK = 100_000


class Camps(msgspec.Struct, frozen=True):
    """`sizes`: camp -> members; 0: in none."""

    sizes: dict[int, int]
    built_at: datetime | None


async def refresh_camps(db: Database) -> None:
    """Find the camps anew if that was not done today; harmless twice."""
    async with db.reading() as conn:
        known = await current_camps(conn)
    if known.built_at is None or known.built_at < clock.now() - EVERY:
        await find_camps(db)


async def find_camps(db: Database) -> dict[int, int]:
    """Find the camps of the follow graph and keep them; how many members each has."""
    sources, targets = await _follows(db)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        found = await asyncio.get_running_loop().run_in_executor(pool, groups.camps, sources, targets)
    async with db.transaction() as conn:
        sizes = Counter(found.values())
        sizes[0] = await store.count_members(conn) - sizes.total()
        await store.replace_camps(conn, found, sizes, clock.now())
    return dict(sizes)


async def current_camps(conn: Conn) -> Camps:
    rows = await store.camp_sizes(conn)
    return Camps({row["camp"]: row["members"] for row in rows}, rows[0]["built_at"] if rows else None)


async def _follows(db: Database) -> "tuple[array[int], array[int]]":
    """Who follows whom among the members, read in pieces."""
    sources, targets = array("q"), array("q")
    after = (0, 0)
    async with db.reading() as conn:
        while rows := await store.follows_after(conn, after, _CHUNK):
            sources.extend(row["account_id"] for row in rows)
            targets.extend(row["target_id"] for row in rows)
            after = (sources[-1], targets[-1])
    return sources, targets
