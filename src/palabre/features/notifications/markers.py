"""How far a member has read in home timeline and notifications, so that every device goes on from there."""

from collections.abc import Mapping, Sequence

from palabre.base.db import Conn
from palabre.features.notifications import store
from palabre.features.notifications.view import Marker

TIMELINES = ("home", "notifications")


async def markers(conn: Conn, account_id: int, timelines: Sequence[str] = TIMELINES) -> dict[str, Marker]:
    """Those that were ever set."""
    rows = await store.markers(conn, account_id, timelines)
    return {row["timeline"]: Marker(row["last_read_id"], row["version"], row["updated_at"]) for row in rows}


async def mark(conn: Conn, account_id: int, last_read: Mapping[str, int]) -> dict[str, Marker]:
    """Set some by timeline; those as they are now."""
    for timeline in sorted(last_read):
        await store.mark(conn, account_id, timeline, last_read[timeline])
    return await markers(conn, account_id, list(last_read))
