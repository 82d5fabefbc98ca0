"""How far two moderators agree, for the transparency report."""

from datetime import datetime

import msgspec

from palabre.base.db import Conn
from palabre.features.moderation.review import store


class Figures(msgspec.Struct, frozen=True):
    """Of the decisions judged again in a time. `agreement`, `same_action`: shares, None where there were none.
    `overturned`: decisions taken back or overturned after two differed. `lapsed`: drawn, but not judged again in time.
    """

    reviewed: int
    agreement: float | None
    same_action: float | None
    overturned: int
    overturn_rate: float | None
    lapsed: int


async def figures(conn: Conn, since: datetime, until: datetime) -> Figures:
    rows = await store.done_between(conn, since, until)
    count = len(rows)
    overturned = sum(row["gone"] and not row["same_direction"] for row in rows)
    return Figures(
        reviewed=count,
        agreement=sum(row["same_direction"] for row in rows) / count if count else None,
        same_action=sum(row["same_action"] for row in rows) / count if count else None,
        overturned=overturned,
        overturn_rate=overturned / count if count else None,
        lapsed=await store.lapsed_between(conn, since, until),
    )
