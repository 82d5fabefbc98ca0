"""Erasing what a decided case kept, once no appeal window, appeal or hold needs it."""

from datetime import timedelta

from palabre.base import clock, erase
from palabre.base.db import Conn
from palabre.features import posts
from palabre.features.moderation import log
from palabre.features.moderation.holds import store
from palabre.settings import current


async def erase_ended(conn: Conn, limit: int = 50) -> int:
    """Snapshots, kept files and the posts that were removed, for good; how many cases. The log stays, and says so."""
    days = max(current().evidence_days, current().appeal_days)
    due = await store.erasable(conn, clock.now() - timedelta(days=days), limit)
    for case_id in due:
        removed = await store.removed_for_good(conn, case_id)
        for row in removed:
            await posts.remove(conn, row["author_id"], row["id"])
        snapshots = await store.erase_snapshots(conn, case_id)
        await erase.hold_until(conn, case_id, clock.now())
        await store.mark_erased(conn, case_id, clock.now())
        await log.append(
            conn, case_id, None, "erased", {"snapshots": snapshots, "posts": sorted(row["id"] for row in removed)}
        )
    return len(due)
