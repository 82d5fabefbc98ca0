"""All SQL of appeals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row

#: Each with all who can't judge it: parties, and whoever decided or judged here before.
_APPEAL = """SELECT a.*, c.account_id AS about_id, ARRAY (
      SELECT reporter_id FROM reports WHERE case_id = a.case_id AND reporter_id IS NOT NULL
      UNION SELECT unnest(ARRAY[moderator_id, judge_id, appellant_id]) FROM appeals o
            WHERE o.case_id = a.case_id AND o.state <> 'withdrawn'
      UNION SELECT c.account_id
    ) AS excluded
    FROM appeals a JOIN cases c ON c.id = a.case_id"""


async def insert(conn: Conn, appeal: dict[str, Any]) -> None:
    names = ("case_id", "id", "decision_id", "moderator_id", "side", "appellant_id", "notice_id", "words", "after")
    more = ("lodged_at", "due_at")
    await conn.execute(
        f"""INSERT INTO appeals ({", ".join(names + more)}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)""",
        *(appeal[name] for name in names + more),
    )


async def update(conn: Conn, case_id: int, appeal_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    await conn.execute(
        f"UPDATE appeals SET {sets} WHERE case_id = $1 AND id = $2", case_id, appeal_id, *changes.values()
    )


async def appeal(conn: Conn, case_id: int, appeal_id: int) -> Row | None:
    return await conn.row(f"{_APPEAL} WHERE a.case_id = $1 AND a.id = $2", case_id, appeal_id)


async def on_decision(conn: Conn, case_id: int, decision_id: int) -> list[Row]:
    return await conn.rows(f"{_APPEAL} WHERE a.case_id = $1 AND a.decision_id = $2 ORDER BY a.id", case_id, decision_id)


async def with_panel(conn: Conn, case_id: int, panel_id: int) -> Row | None:
    return await conn.row(f"{_APPEAL} WHERE a.case_id = $1 AND a.panel_id = $2 AND a.state = 'jury'", case_id, panel_id)


async def waiting(conn: Conn, limit: int) -> list[Row]:
    return await conn.rows(f"{_APPEAL} WHERE a.state IN ('open', 'jury') ORDER BY a.due_at, a.id LIMIT $1", limit)


async def of_member(conn: Conn, account_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        f"{_APPEAL} WHERE a.appellant_id = $1 AND a.appellant_id <> 0 ORDER BY a.id DESC LIMIT $2", account_id, limit
    )


async def of_notice(conn: Conn, notice_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        f"{_APPEAL} WHERE a.notice_id = $1 AND a.notice_id <> 0 ORDER BY a.id DESC LIMIT $2", notice_id, limit
    )


async def came_by(conn: Conn, case_id: int, notice_id: int) -> bool:
    return bool(
        await conn.value(
            "SELECT EXISTS (SELECT FROM reports WHERE notice_id = $2 AND case_id = $1)", case_id, notice_id
        )
    )


async def of_cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM appeals WHERE case_id = ANY ($1)", case_ids)


async def constraints(conn: Conn) -> set[str]:
    """Those of the decisions, appeals and reviews that are in force."""
    rows = await conn.rows(
        """SELECT conname FROM pg_constraint WHERE convalidated AND conrelid = ANY
           (ARRAY['decisions', 'appeals', 'reviews']::regclass[])"""
    )
    return {row["conname"] for row in rows}


async def decided_between(conn: Conn, since: datetime, until: datetime) -> list[Row]:
    return await conn.rows(
        """SELECT side, outcome, judge_id, lodged_at, decided_at FROM appeals
           WHERE decided_at >= $1 AND decided_at < $2 AND state = 'decided'""",
        since,
        until,
    )
