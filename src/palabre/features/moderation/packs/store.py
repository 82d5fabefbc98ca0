"""All SQL of evidence packs and the dossier."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM cases WHERE id = ANY ($1) ORDER BY id", case_ids)


async def reports(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM reports WHERE case_id = ANY ($1) ORDER BY case_id, id", case_ids)


async def snapshots(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        "SELECT case_id, id, post_id, content, sha256, taken_at FROM snapshots WHERE case_id = ANY ($1) ORDER BY case_id, id",
        case_ids,
    )


async def entries(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        "SELECT case_id, seq, at, actor_id, kind, hash FROM case_events WHERE case_id = ANY ($1) ORDER BY case_id, seq",
        case_ids,
    )


async def roles(conn: Conn, account_ids: Sequence[int]) -> dict[int, str]:
    rows = await conn.rows("SELECT account_id, role FROM members WHERE account_id = ANY ($1)", account_ids)
    return {row["account_id"]: row["role"] for row in rows}


async def state(conn: Conn, at: datetime) -> Row | None:
    """How many cases are open, how many of them and of the appeals are overdue, and since when the oldest waits."""
    return await conn.row(
        """SELECT count(*) AS open, count(*) FILTER (WHERE due_at < $1)
             + (SELECT count(*) FROM appeals
                WHERE state IN ('open', 'jury') AND state = 'open' AND due_at < $1) AS overdue,
             min(opened_at) AS oldest
           FROM cases WHERE state = 'open'""",
        at,
    )


async def closed(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM cases WHERE state = 'decided'"))
