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


async def reports(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT * FROM reports WHERE case_id = ANY ($1)", case_ids)


async def count_cases(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM cases"))


async def unsealed(conn: Conn) -> int:
    """How many entries no seal covers."""
    return int(await conn.value("SELECT coalesce(sum(events - sealed), 0) FROM cases WHERE events > sealed"))


async def to_seal(conn: Conn, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT id, events, head, sealed FROM cases WHERE events > sealed ORDER BY id LIMIT $1", limit
    )


async def set_sealed(conn: Conn, case_ids: Sequence[int], entries: Sequence[int]) -> None:
    await conn.execute(
        """UPDATE cases SET sealed = mine.entries FROM unnest($1::bigint[], $2::int[]) AS mine (id, entries)
           WHERE cases.id = mine.id""",
        case_ids,
        entries,
    )


async def insert_seal(
    conn: Conn, seq: int, at: datetime, heads: str, previous: bytes, hash_: bytes, key_seq: int, signature: bytes
) -> None:
    await conn.execute(
        "INSERT INTO log_seals VALUES ($1, $2, $3, $4, $5, $6, $7)", seq, at, heads, previous, hash_, key_seq, signature
    )


async def newest_seal(conn: Conn) -> Row | None:
    return await conn.row("SELECT * FROM log_seals ORDER BY seq DESC LIMIT 1")


async def seals(conn: Conn, after: int, limit: int) -> list[Row]:
    return await conn.rows("SELECT * FROM log_seals WHERE seq > $1 ORDER BY seq LIMIT $2", after, limit)


async def count_seals(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM log_seals"))


async def found_at(conn: Conn, case_ids: Sequence[int], entries: Sequence[int]) -> list[Row]:
    """For each (case, number of an entry): whether the case is there, and that entry's hash."""
    return await conn.rows(
        """SELECT mine.case_id, mine.seq, c.id IS NOT NULL AS there, e.hash
           FROM unnest($1::bigint[], $2::int[]) AS mine (case_id, seq)
           LEFT JOIN cases c ON c.id = mine.case_id
           LEFT JOIN case_events e ON e.case_id = mine.case_id AND e.seq = mine.seq""",
        case_ids,
        entries,
    )


async def sealed_beyond(conn: Conn, case_ids: Sequence[int], entries: Sequence[int]) -> list[int]:
    """Cases that know of more sealed entries than the seals say; those given, as far as the seals go."""
    rows = await conn.rows(
        """SELECT id FROM cases LEFT JOIN unnest($1::bigint[], $2::int[]) AS mine (case_id, entries) ON case_id = id
           WHERE sealed > coalesce(entries, 0) ORDER BY id""",
        case_ids,
        entries,
    )
    return [row["id"] for row in rows]
