"""All SQL of reviews."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row


async def insert(
    conn: Conn, case_id: int, decision_id: int, moderator_id: int, reviewer_id: int, at: datetime, due_at: datetime
) -> bool:
    """False if it was drawn already."""
    return bool(
        await conn.execute(
            """INSERT INTO reviews (case_id, decision_id, moderator_id, reviewer_id, drawn_at, due_at)
               VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
            case_id,
            decision_id,
            moderator_id,
            reviewer_id,
            at,
            due_at,
        )
    )


async def finish(conn: Conn, review: dict[str, Any]) -> None:
    names = ("action", "reason", "same_action", "same_direction", "done_at")
    await conn.execute(
        """UPDATE reviews SET state = 'done', action = $3, reason = $4, same_action = $5, same_direction = $6, done_at = $7
           WHERE case_id = $1 AND decision_id = $2""",
        review["case_id"],
        review["decision_id"],
        *(review[name] for name in names),
    )


async def lapse(conn: Conn, case_id: int, decision_id: int) -> bool:
    return bool(
        await conn.execute(
            "UPDATE reviews SET state = 'lapsed' WHERE case_id = $1 AND decision_id = $2 AND state = 'waiting'",
            case_id,
            decision_id,
        )
    )


async def overdue(conn: Conn, at: datetime, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT case_id, decision_id FROM reviews WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at LIMIT $2",
        at,
        limit,
    )


async def review(conn: Conn, case_id: int, decision_id: int) -> Row | None:
    return await conn.row("SELECT * FROM reviews WHERE case_id = $1 AND decision_id = $2", case_id, decision_id)


async def waiting(conn: Conn, reviewer_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM reviews WHERE reviewer_id = $1 AND state = 'waiting' ORDER BY due_at", reviewer_id
    )


async def waiting_in(conn: Conn, reviewer_id: int, case_id: int) -> Row | None:
    return await conn.row(
        "SELECT * FROM reviews WHERE case_id = $2 AND reviewer_id = $1 AND state = 'waiting' ORDER BY due_at LIMIT 1",
        reviewer_id,
        case_id,
    )


async def differing(conn: Conn, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT * FROM reviews WHERE state = 'done' AND NOT same_direction ORDER BY done_at DESC LIMIT $1""", limit
    )


async def done_between(conn: Conn, since: datetime, until: datetime) -> list[Row]:
    """`gone`: whether the decision was taken back since, or overturned."""
    return await conn.rows(
        """SELECT same_action, same_direction, coalesce(ended IN ('undone', 'overturned'), false) AS gone
           FROM reviews r JOIN decisions d ON d.case_id = r.case_id AND d.id = r.decision_id
           WHERE done_at >= $1 AND done_at < $2 AND state = 'done'""",
        since,
        until,
    )


async def lapsed_between(conn: Conn, since: datetime, until: datetime) -> int:
    return int(
        await conn.value(
            "SELECT count(*) FROM reviews WHERE state = 'lapsed' AND drawn_at >= $1 AND drawn_at < $2", since, until
        )
    )


async def of_cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM reviews WHERE case_id = ANY ($1)", case_ids)


async def owners(conn: Conn) -> list[int]:
    rows = await conn.rows("SELECT account_id FROM members WHERE role = 'owner'")
    return [row["account_id"] for row in rows]
