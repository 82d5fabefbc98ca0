"""All SQL of media."""

from collections.abc import Sequence
from typing import Any

from palabre.base.db import Conn, Row

_COLUMNS = (
    "account_id",
    "id",
    "kind",
    "original_key",
    "small_key",
    "meta",
    "description",
    "focus_x",
    "focus_y",
    "blurhash",
    "color",
    "bytes",
)


async def insert(conn: Conn, media: dict[str, Any]) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(_COLUMNS) + 1))
    await conn.execute(
        f"INSERT INTO media ({', '.join(_COLUMNS)}) VALUES ({places})", *(media[name] for name in _COLUMNS)
    )


async def own(conn: Conn, account_id: int, media_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM media WHERE account_id = $1 AND id = ANY ($2) ORDER BY id FOR UPDATE", account_id, media_ids
    )


async def of_post(conn: Conn, account_id: int, post_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM media WHERE account_id = $1 AND post_id = $2 ORDER BY position, id", account_id, post_id
    )


async def place(conn: Conn, account_id: int, media_id: int, post_id: int, position: int) -> None:
    await conn.execute(
        "UPDATE media SET post_id = $3, position = $4, detached_at = NULL WHERE account_id = $1 AND id = $2",
        account_id,
        media_id,
        post_id,
        position,
    )


async def detach(conn: Conn, account_id: int, media_ids: Sequence[int]) -> None:
    await conn.execute(
        "UPDATE media SET post_id = NULL, detached_at = now() WHERE account_id = $1 AND id = ANY ($2)",
        account_id,
        media_ids,
    )


async def delete(conn: Conn, account_id: int, media_ids: Sequence[int]) -> list[str]:
    """The keys of the files that are now nobody's."""
    rows = await conn.rows(
        "DELETE FROM media WHERE account_id = $1 AND id = ANY ($2) RETURNING original_key, small_key",
        account_id,
        media_ids,
    )
    return [key for row in rows for key in (row["original_key"], row["small_key"])]


async def delete_all(conn: Conn, account_id: int) -> list[str]:
    rows = await conn.rows("DELETE FROM media WHERE account_id = $1 RETURNING original_key, small_key", account_id)
    return [key for row in rows for key in (row["original_key"], row["small_key"])]


async def describe(conn: Conn, account_id: int, media_id: int, description: str, focus: tuple[float, float]) -> None:
    await conn.execute(
        "UPDATE media SET description = $3, focus_x = $4, focus_y = $5 WHERE account_id = $1 AND id = $2",
        account_id,
        media_id,
        description,
        *focus,
    )


async def served(conn: Conn, key: str) -> bool:
    """Whether a file belongs to a post that is there and not withheld, or to one still being written."""
    return bool(
        await conn.value(
            """SELECT (SELECT standing NOT IN ('suspended', 'deleted') FROM accounts WHERE id = m.account_id)
                  AND CASE WHEN m.post_id IS NULL THEN m.detached_at IS NULL
                      ELSE (SELECT withheld_at IS NULL FROM posts WHERE author_id = m.account_id AND id = m.post_id) END
               FROM media m WHERE m.original_key = $1 OR m.small_key = $1 LIMIT 1""",
            key,
        )
    )


async def by_key(conn: Conn, key: str) -> Row | None:
    return await conn.row(
        "SELECT account_id, post_id FROM media WHERE original_key = $1 OR small_key = $1 LIMIT 1", key
    )


async def unused(conn: Conn, limit: int) -> list[Row]:
    """Uploads that no post has taken up within a day, or within an hour of losing theirs."""
    return await conn.rows(
        """SELECT account_id, id FROM media WHERE post_id IS NULL
           AND (created_at < now() - interval '1 day' AND detached_at IS NULL OR detached_at < now() - interval '1 hour')
           LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
