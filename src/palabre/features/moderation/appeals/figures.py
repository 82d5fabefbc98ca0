"""How appeals went, for the transparency report."""

from datetime import datetime
from statistics import median

import msgspec

from palabre.base.db import Conn
from palabre.features.moderation.appeals import store


class Figures(msgspec.Struct, frozen=True):
    """Of the appeals answered in a time. `overturned`: also those replaced or conceded. `median_hours`: None if none was."""

    answered: int
    upheld: int
    overturned: int
    by_authors: int
    by_reporters: int
    by_jury: int
    median_hours: float | None


async def figures(conn: Conn, since: datetime, until: datetime) -> Figures:
    rows = await store.decided_between(conn, since, until)
    hours = [(row["decided_at"] - row["lodged_at"]).total_seconds() / 3600 for row in rows]
    upheld = sum(row["outcome"] == "upheld" for row in rows)
    return Figures(
        answered=len(rows),
        upheld=upheld,
        overturned=len(rows) - upheld,
        by_authors=sum(row["side"] == "author" for row in rows),
        by_reporters=sum(row["side"] == "reporter" for row in rows),
        by_jury=sum(row["judge_id"] == 0 for row in rows),
        median_hours=median(hours) if hours else None,
    )
