"""All SQL of members' own archives."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from palabre.base.db import Conn, Row


async def one(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT * FROM exports WHERE account_id = $1", account_id)


async def lock(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("SELECT * FROM exports WHERE account_id = $1 FOR UPDATE", account_id)


async def put(conn: Conn, account_id: int, export_id: int, new_key: str, at: datetime, unasked: bool) -> None:
    """Ask for one; that of an earlier asking can be downloaded until the new one is ready."""
    await conn.execute(
        """INSERT INTO exports (account_id, id, state, unasked, asked_at, next_at, new_key)
           VALUES ($1, $2, 'waiting', $5, $4, $4, $3)
           ON CONFLICT (account_id) DO UPDATE SET id = $2, state = 'waiting', new_key = $3, asked_at = $4, next_at = $4,
               unasked = $5, attempts = 0, done = 0, total = 0""",
        account_id,
        export_id,
        new_key,
        at,
        unasked,
    )


async def claim(conn: Conn, lease: timedelta) -> Row | None:
    """The next that is to be made: asked for first, then the longest waiting; nobody else takes it up for `lease`."""
    return await conn.row(
        """UPDATE exports SET state = 'making', attempts = attempts + 1, next_at = now() + $1::interval
           WHERE account_id = (
               SELECT account_id FROM exports WHERE state IN ('waiting', 'making') AND next_at <= now()
               ORDER BY unasked, asked_at LIMIT 1 FOR UPDATE SKIP LOCKED)
           RETURNING *""",
        lease,
    )


async def advance(conn: Conn, claimed: Row, done: int, total: int, lease: timedelta) -> bool:
    """Tell how far it is and go on holding it; False when it is somebody else's by now, or gone."""
    return bool(
        await conn.execute(
            """UPDATE exports SET done = $4, total = $5, next_at = now() + $6::interval
               WHERE account_id = $1 AND id = $2 AND attempts = $3 AND state = 'making'""",
            claimed["account_id"],
            claimed["id"],
            claimed["attempts"],
            done,
            total,
            lease,
        )
    )


async def finish(conn: Conn, claimed: Row, size: int, total: int, at: datetime, keep_until: datetime | None) -> bool:
    return bool(
        await conn.execute(
            """UPDATE exports SET state = 'ready', key = new_key, bytes = $4, done = $5, total = $5, made_at = $6,
                   keep_until = $7
               WHERE account_id = $1 AND id = $2 AND attempts = $3 AND state = 'making'""",
            claimed["account_id"],
            claimed["id"],
            claimed["attempts"],
            size,
            total,
            at,
            keep_until,
        )
    )


async def put_back(conn: Conn, claimed: Row, state: str, next_at: datetime) -> None:
    """It failed: for now ('waiting') or for good ('failed')."""
    await conn.execute(
        "UPDATE exports SET state = $4, next_at = $5 WHERE account_id = $1 AND id = $2 AND attempts = $3",
        claimed["account_id"],
        claimed["id"],
        claimed["attempts"],
        state,
        next_at,
    )


async def remove(conn: Conn, account_id: int) -> None:
    """The file is not there any more; when it was asked for is still known."""
    await conn.execute(
        """UPDATE exports SET key = NULL, state = CASE WHEN state = 'ready' THEN 'removed' ELSE state END
           WHERE account_id = $1""",
        account_id,
    )


async def take_ended(conn: Conn, now: datetime, limit: int) -> list[Row]:
    """Forget those kept long enough; the keys of their files. One that is being made anew loses the old file alone."""
    return await conn.rows(
        """UPDATE exports e SET key = NULL, state = CASE WHEN e.state = 'ready' THEN 'removed' ELSE e.state END
           FROM (SELECT account_id, key FROM exports WHERE key IS NOT NULL AND keep_until < $1 LIMIT $2) AS old
           WHERE e.account_id = old.account_id AND e.key = old.key RETURNING old.key""",
        now,
        limit,
    )


async def forget(conn: Conn, account_id: int) -> Row | None:
    return await conn.row("DELETE FROM exports WHERE account_id = $1 RETURNING key, new_key", account_id)


async def known(conn: Conn, keys: Sequence[str]) -> set[str]:
    rows = await conn.rows(
        "SELECT unnest(ARRAY [key, new_key]) AS key FROM exports WHERE key = ANY ($1) OR new_key = ANY ($1)", keys
    )
    return {row["key"] for row in rows}


async def call_off(conn: Conn, until: datetime) -> None:
    """Nobody's is made unasked any more; what was made is kept until then."""
    await conn.execute("UPDATE exports SET keep_until = $1 WHERE key IS NOT NULL AND keep_until IS NULL", until)
    await conn.execute(
        """UPDATE exports SET state = CASE WHEN key IS NULL THEN 'removed' ELSE 'ready' END
           WHERE unasked AND state = 'waiting'"""
    )


async def profile(conn: Conn, account_id: int) -> Row | None:
    return await conn.row(
        """SELECT username, display_name, note, fields, avatar_key, header_key, locked, bot, discoverable, indexable,
                  hide_collections, created_at, (SELECT url FROM new_homes WHERE account_id = id) AS new_home
           FROM accounts WHERE id = $1""",
        account_id,
    )


async def count_posts(conn: Conn, account_id: int) -> int:
    return int(
        await conn.value("SELECT count(*) FROM posts WHERE author_id = $1 AND withheld_at IS NULL", account_id) or 0
    )


async def texts(conn: Conn, account_id: int, post_ids: Sequence[int]) -> dict[int, str]:
    """What was typed, before it became HTML."""
    rows = await conn.rows("SELECT id, text FROM posts WHERE author_id = $1 AND id = ANY ($2)", account_id, post_ids)
    return {row["id"]: row["text"] for row in rows}


async def withheld(conn: Conn, account_id: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT id, text, spoiler, visibility, created_at, withheld_at FROM posts
           WHERE author_id = $1 AND withheld_at IS NOT NULL ORDER BY id LIMIT $2""",
        account_id,
        limit,
    )


async def revisions(conn: Conn, account_id: int, limit: int) -> list[Row]:
    """How one's posts read before they were edited, without those that moderators removed."""
    return await conn.rows(
        """SELECT r.post_id, r.fragment, r.written_at FROM post_revisions r
           JOIN posts p ON p.author_id = r.author_id AND p.id = r.post_id
           WHERE r.author_id = $1 AND p.withheld_at IS NULL ORDER BY r.post_id, r.id LIMIT $2""",
        account_id,
        limit,
    )


async def favourites(conn: Conn, account_id: int, below: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT id, post_id FROM favourites WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        account_id,
        below,
        limit,
    )


async def bookmarks(conn: Conn, account_id: int, below: int, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT id, post_id FROM bookmarks WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        account_id,
        below,
        limit,
    )


async def pins(conn: Conn, account_id: int) -> list[int]:
    rows = await conn.rows("SELECT post_id FROM pins WHERE account_id = $1 ORDER BY id", account_id)
    return [row["post_id"] for row in rows]


async def follows(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows(
        """SELECT target_id AS other_id, reblogs, notify, languages FROM follows WHERE account_id = $1 ORDER BY id""",
        account_id,
    )


async def followers(conn: Conn, account_id: int) -> list[int]:
    rows = await conn.rows("SELECT follower_id FROM followers WHERE account_id = $1 ORDER BY id", account_id)
    return [row["follower_id"] for row in rows]


async def requested(conn: Conn, account_id: int) -> list[int]:
    """Whom one asked to follow, and who hasn't answered yet."""
    rows = await conn.rows("SELECT account_id FROM follow_requests WHERE requester_id = $1 ORDER BY id", account_id)
    return [row["account_id"] for row in rows]


async def blocks(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows("SELECT target_id AS other_id FROM blocks WHERE account_id = $1 ORDER BY id", account_id)


async def mutes(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows(
        """SELECT target_id AS other_id, notifications FROM mutes
           WHERE account_id = $1 AND (expires_at IS NULL OR expires_at > now()) ORDER BY id""",
        account_id,
    )


async def private_notes(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT target_id AS other_id, comment FROM account_notes WHERE account_id = $1 ORDER BY target_id", account_id
    )


async def active_days(conn: Conn, account_id: int) -> list[str]:
    rows = await conn.rows("SELECT day FROM active_days WHERE account_id = $1 ORDER BY day", account_id)
    return [row["day"].isoformat() for row in rows]


async def imports(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows(
        "SELECT source, started_at, finished_at, taken FROM imports WHERE account_id = $1 ORDER BY id", account_id
    )


async def member(conn: Conn, account_id: int) -> Row | None:
    """Where and in which language to write to him."""
    return await conn.row(
        """SELECT username, email, locale, confirmed_at IS NOT NULL AS reachable FROM members
           JOIN accounts ON id = account_id WHERE account_id = $1""",
        account_id,
    )
