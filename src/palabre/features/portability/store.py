"""All SQL of what people bring along."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def unfinished(conn: Conn, account_id: int, source: str) -> Row | None:
    return await conn.row(
        """SELECT id, taken, already FROM imports WHERE account_id = $1 AND source = $2 AND finished_at IS NULL
           ORDER BY id DESC LIMIT 1""",
        account_id,
        source,
    )


async def begin(conn: Conn, account_id: int, import_id: int, source: str, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO imports (account_id, id, source, started_at) VALUES ($1, $2, $3, $4)",
        account_id,
        import_id,
        source,
        at,
    )


async def lock(conn: Conn, account_id: int) -> None:
    """Make another import into the same account wait."""
    await conn.rows("SELECT id FROM imports WHERE account_id = $1 ORDER BY id FOR UPDATE", account_id)


async def advance(
    conn: Conn, account_id: int, import_id: int, done: int, total: int, taken: dict[str, int], already: dict[str, int]
) -> None:
    await conn.execute(
        "UPDATE imports SET done = $3, total = $4, taken = $5, already = $6 WHERE account_id = $1 AND id = $2",
        account_id,
        import_id,
        done,
        total,
        taken,
        already,
    )


async def finish(conn: Conn, account_id: int, import_id: int, at: datetime) -> None:
    await conn.execute(
        "UPDATE imports SET finished_at = $3, done = total WHERE account_id = $1 AND id = $2", account_id, import_id, at
    )


async def imported(conn: Conn, account_id: int, source_keys: Sequence[str]) -> dict[str, tuple[int, int]]:
    """What these became here: source key -> (post, import that took it)."""
    rows = await conn.rows(
        "SELECT source_key, post_id, import_id FROM imported_posts WHERE account_id = $1 AND source_key = ANY ($2)",
        account_id,
        source_keys,
    )
    return {row["source_key"]: (row["post_id"], row["import_id"]) for row in rows}


async def imported_by_anyone(conn: Conn, account_id: int, source_keys: Sequence[str]) -> dict[str, int]:
    """The same whoever brought them; where several did, one's own goes first."""
    rows = await conn.rows(
        """SELECT DISTINCT ON (source_key) source_key, post_id FROM imported_posts WHERE source_key = ANY ($2)
           ORDER BY source_key, account_id <> $1, post_id""",
        account_id,
        source_keys,
    )
    return {row["source_key"]: row["post_id"] for row in rows}


async def remember(conn: Conn, account_id: int, import_id: int, became: dict[str, int]) -> None:
    """Raises UniqueViolation for what another import has just taken."""
    await conn.execute(
        """INSERT INTO imported_posts (account_id, source_key, post_id, import_id)
           SELECT $1, source_key, post_id, $2 FROM unnest($3::text[], $4::bigint[]) AS new (source_key, post_id)""",
        account_id,
        import_id,
        list(became),
        list(became.values()),
    )


async def add_skips(conn: Conn, account_id: int, import_id: int, skips: Sequence[tuple[str, str, int]]) -> None:
    """What and why must not repeat within one call; said again later, they stand once."""
    await conn.execute(
        """INSERT INTO import_skips SELECT $1, $2, what, why, count
           FROM unnest($3::text[], $4::text[], $5::int[]) AS new (what, why, count)
           ON CONFLICT (account_id, import_id, what, why) DO UPDATE SET count = excluded.count""",
        account_id,
        import_id,
        [what for what, _, _ in skips],
        [why for _, why, _ in skips],
        [count for _, _, count in skips],
    )


async def skips(conn: Conn, account_id: int, import_id: int) -> list[Row]:
    return await conn.rows(
        """SELECT what, why, count FROM import_skips WHERE account_id = $1 AND import_id = $2
           ORDER BY why, what LIMIT 200000""",
        account_id,
        import_id,
    )


async def forget(conn: Conn, account_id: int) -> None:
    for table in ("imported_posts", "import_skips", "imports"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)
