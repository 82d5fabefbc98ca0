"""All SQL of the cases' logs."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def lock(conn: Conn, case_id: int) -> Row | None:
    return await conn.row("SELECT events, head FROM cases WHERE id = $1 FOR UPDATE", case_id)


async def insert(
    conn: Conn,
    case_id: int,
    seq: int,
    at: datetime,
    actor_id: int | None,
    kind: str,
    data: str,
    previous: bytes,
    hash_: bytes,
) -> None:
    await conn.execute(
        """INSERT INTO case_events (case_id, seq, at, actor_id, kind, data, previous, hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        case_id,
        seq,
        at,
        actor_id,
        kind,
        data,
        previous,
        hash_,
    )


async def set_head(conn: Conn, case_id: int, events: int, head: bytes) -> None:
    await conn.execute("UPDATE cases SET events = $2, head = $3 WHERE id = $1", case_id, events, head)


async def of_cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM case_events WHERE case_id = ANY ($1) ORDER BY case_id, seq", case_ids)


async def cases(conn: Conn, after: int, limit: int, only: int | None) -> list[Row]:
    return await conn.rows(
        """SELECT id, events, head FROM cases WHERE id > $1 AND ($3::bigint IS NULL OR id = $3)
           ORDER BY id LIMIT $2""",
        after,
        limit,
        only,
    )


async def snapshots(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT case_id, id, content, sha256 FROM snapshots WHERE case_id = ANY ($1)", case_ids)


async def decisions(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM decisions WHERE case_id = ANY ($1)", case_ids)
