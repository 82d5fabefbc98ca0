"""How many members and posts there are: counted at most every five minutes, as anybody may ask."""

import time

import msgspec

from palabre.base.db import Conn
from palabre.features.accounts.members import store

_KEEP = 300.0


class Totals(msgspec.Struct, frozen=True):
    members: int
    active_month: int
    active_half_year: int
    posts: int


_cached: tuple[float, Totals] | None = None


async def totals(conn: Conn) -> Totals:
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _KEEP:
        row = await store.totals(conn)
        _cached = (time.monotonic(), Totals(row["members"], row["month"], row["half_year"], row["posts"]))
    return _cached[1]
