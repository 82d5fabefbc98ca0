"""What a network remembers of its restorations."""

from datetime import datetime

from palabre.base.db import Conn, Row


async def note(conn: Conn, id: int, archive: str, source: str, taken_at: datetime, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO restorations (id, archive, source, taken_at, restored_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        archive,
        source,
        taken_at,
        at,
    )


async def latest(conn: Conn) -> Row | None:
    """The last time that this network was restored, if it ever was."""
    return await conn.row("SELECT archive, source, taken_at, restored_at FROM restorations ORDER BY id DESC LIMIT 1")


async def close_runs(conn: Conn, archive: str, at: datetime) -> None:
    """Archives that were under way when this one was taken: this one became whole, of others nothing is known."""
    await conn.execute(
        """UPDATE archive_runs SET finished_at = CASE WHEN archive = $1 THEN $2::timestamptz END,
                failed_at = CASE WHEN archive <> $1 THEN $2::timestamptz END,
                error = CASE WHEN archive <> $1 THEN 'The network was restored while it was under way.' END
           WHERE finished_at IS NULL AND failed_at IS NULL""",
        archive,
        at,
    )
