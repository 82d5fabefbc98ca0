"""Counting, every few minutes, what many talk of."""

from datetime import timedelta

from palabre.base import clock, ids
from palabre.base.db import Database
from palabre.features.search.trends import store

_RECENT = timedelta(days=1)
_BEFORE = timedelta(days=2)
_FEWEST = 2  # people: one alone makes no trend
_MOST = 200


async def find_trends(db: Database) -> None:
    """Hashtags by how many people use them, those of the last day twice; posts by favourites and boosts, fading."""
    now = clock.now()
    since, recent = ids.first_at(now - _BEFORE), ids.first_at(now - _RECENT)
    async with db.transaction() as conn:
        await store.clear(conn)
        await store.find_tags(conn, now - _BEFORE, since, recent, _FEWEST, _MOST)
        await store.find_posts(conn, since, ids.first_at(now), _FEWEST, _MOST)
