"""All SQL of notifications."""

from collections.abc import Sequence
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page
from palabre.features.notifications.view import Selection

#: How many notifications are looked at to find a page of groups.
WINDOW = 2_000
_COLUMNS = "id, type, from_id, post_id, details, group_key"


async def add(
    conn: Conn,
    recipients: Sequence[int],
    new_ids: Sequence[int],
    keys: Sequence[str | None],
    *,
    type: str,
    from_id: int,
    post_id: int,
    post_author_id: int | None,
    thread_id: int,
    about_id: int,
    details: dict[str, Any] | None,
    official: bool,
) -> list[Row]:
    """Those of the recipients who are told now: members who want to hear of this sender and thread, once."""
    return await conn.rows(
        """INSERT INTO notifications
               (account_id, id, type, from_id, post_id, post_author_id, about_id, details, group_key)
           SELECT r.account_id, r.id, $4, $5, $6, $7, $8, $9, r.group_key
           FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS r (account_id, id, group_key)
           JOIN members m ON m.account_id = r.account_id
           WHERE $10 OR (r.account_id <> $5
             AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = r.account_id AND b.target_id = $5)
             AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = $5 AND b.target_id = r.account_id)
             AND NOT EXISTS (SELECT FROM mutes b WHERE b.account_id = r.account_id AND b.target_id = $5
                                 AND b.notifications AND (b.expires_at IS NULL OR b.expires_at > now()))
             AND NOT EXISTS (SELECT FROM thread_mutes t WHERE t.account_id = r.account_id AND t.thread_id = $11)
             AND EXISTS (SELECT FROM accounts a WHERE a.id = $5 AND (a.standing IN ('active', 'frozen')
                   OR a.standing = 'limited'
                   AND EXISTS (SELECT FROM follows f WHERE f.account_id = r.account_id AND f.target_id = $5))))
           ON CONFLICT DO NOTHING RETURNING account_id, id""",
        recipients,
        new_ids,
        keys,
        type,
        from_id,
        post_id,
        post_author_id,
        about_id,
        details,
        official,
        thread_id,
    )


async def post(conn: Conn, author_id: int, post_id: int) -> Row | None:
    """What decides who is told of a post; None where it is gone or withheld."""
    return await conn.row(
        """SELECT id, author_id, visibility, thread_id, in_reply_to_author_id, audience, quiet, edited_at
           FROM posts WHERE author_id = $1 AND id = $2 AND withheld_at IS NULL AND held_at IS NULL""",
        author_id,
        post_id,
    )


async def watchers_after(conn: Conn, author_id: int, after: int, limit: int) -> list[int]:
    """The followers who want to know of each post."""
    rows = await conn.rows(
        """SELECT follower_id FROM followers WHERE account_id = $1 AND notify AND follower_id > $2
           ORDER BY follower_id LIMIT $3""",
        author_id,
        after,
        limit,
    )
    return [row["follower_id"] for row in rows]


async def boosters_after(conn: Conn, post_id: int, after: int, limit: int) -> list[Row]:
    """Boosts of a post: their ids and whose they are."""
    return await conn.rows(
        "SELECT id, author_id FROM posts WHERE reblog_of_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        post_id,
        after,
        limit,
    )


async def forget(conn: Conn, account_id: int, type: str, from_id: int, post_id: int = 0) -> None:
    await conn.execute(
        "DELETE FROM notifications WHERE account_id = $1 AND type = $2 AND from_id = $3 AND post_id = $4",
        account_id,
        type,
        from_id,
        post_id,
    )


async def forget_from(conn: Conn, account_id: int, from_id: int, official: Sequence[str]) -> None:
    await conn.execute(
        "DELETE FROM notifications WHERE account_id = $1 AND from_id = $2 AND type <> ALL ($3)",
        account_id,
        from_id,
        official,
    )


async def forget_post(conn: Conn, post_id: int, official: Sequence[str]) -> None:
    await conn.execute("DELETE FROM notifications WHERE post_id = $1 AND type <> ALL ($2)", post_id, official)


async def forget_updates(conn: Conn, accounts: Sequence[int], post_id: int) -> None:
    await conn.execute(
        "DELETE FROM notifications WHERE account_id = ANY ($1) AND post_id = $2 AND type = 'update'", accounts, post_id
    )


async def forget_account(conn: Conn, account_id: int) -> None:
    for table in ("notifications", "markers"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1", account_id)


async def clear(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM notifications WHERE account_id = $1", account_id)


async def dismiss(conn: Conn, account_id: int, notification_id: int) -> bool:
    return bool(
        await conn.execute("DELETE FROM notifications WHERE account_id = $1 AND id = $2", account_id, notification_id)
    )


async def dismiss_group(conn: Conn, account_id: int, key: str) -> None:
    await conn.execute("DELETE FROM notifications WHERE account_id = $1 AND group_key = $2", account_id, key)


async def one(conn: Conn, account_id: int, notification_id: int) -> Row | None:
    return await conn.row(
        f"SELECT {_COLUMNS} FROM notifications WHERE account_id = $1 AND id = $2", account_id, notification_id
    )


async def newest_of_group(conn: Conn, account_id: int, key: str) -> Row | None:
    return await conn.row(
        f"SELECT {_COLUMNS} FROM notifications WHERE account_id = $1 AND group_key = $2 ORDER BY id DESC LIMIT 1",
        account_id,
        key,
    )


_SELECTED = """($5::text[] IS NULL OR type = ANY ($5)) AND type <> ALL ($6)
    AND ($7::bigint IS NULL OR from_id = $7)"""


async def browse(conn: Conn, account_id: int, page: Page, wanted: Selection) -> list[Row]:
    return await conn.rows(
        f"""SELECT {_COLUMNS} FROM notifications n WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SELECTED}
            ORDER BY id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
        wanted.types,
        wanted.without,
        wanted.from_id,
    )


def _heads(order: str) -> str:
    """Of the next `WINDOW` notifications, the newest of each group, and those that stand alone.

    The window bounds the work where thousands belong to one group; whether a newer one lies beyond it is then asked
    once for each group.
    """
    return f"""(SELECT DISTINCT ON (place) * FROM (
            SELECT {_COLUMNS}, CASE WHEN group_key IS NULL OR type = ANY ($8) THEN id::text ELSE group_key END AS place
            FROM notifications WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SELECTED}
            ORDER BY id {order} LIMIT {WINDOW}) near
        ORDER BY place, id DESC) n
        WHERE place <> group_key OR group_key IS NULL OR NOT EXISTS (
            SELECT FROM notifications x WHERE x.account_id = $1 AND x.group_key = n.group_key AND x.id > n.id
              AND ($7::bigint IS NULL OR x.from_id = $7))"""


async def browse_heads(conn: Conn, account_id: int, page: Page, wanted: Selection) -> list[Row]:
    """One notification for each group: its newest. Fewer than asked for doesn't mean that there are no more."""
    return await conn.rows(
        f"SELECT * FROM {_heads(page.order)} ORDER BY id {page.order} LIMIT $4",
        account_id,
        page.below,
        page.above,
        page.limit,
        wanted.types,
        wanted.without,
        wanted.from_id,
        wanted.ungrouped,
    )


async def window_end(conn: Conn, account_id: int, page: Page, wanted: Selection) -> int | None:
    """The last notification that `browse_heads` looked at; None if it reached the end."""
    return await conn.value(  # type: ignore[no-any-return]
        f"""SELECT id FROM notifications WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SELECTED}
            ORDER BY id {page.order} OFFSET $4 - 1 LIMIT 1""",
        account_id,
        page.below,
        page.above,
        WINDOW,
        wanted.types,
        wanted.without,
        wanted.from_id,
    )


async def count_heads(conn: Conn, account_id: int, page: Page, wanted: Selection) -> int:
    """How many groups have something after `page.above`, counted up to its limit."""
    return int(
        await conn.value(
            f"SELECT count(*) FROM (SELECT FROM {_heads('DESC')} LIMIT $4) found",
            account_id,
            page.below,
            page.above,
            page.limit,
            wanted.types,
            wanted.without,
            wanted.from_id,
            wanted.ungrouped,
        )
    )


async def count(conn: Conn, account_id: int, page: Page, wanted: Selection) -> int:
    """How many there are after `page.above`, counted up to its limit."""
    return int(
        await conn.value(
            f"""SELECT count(*) FROM (SELECT FROM notifications n
                WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SELECTED} LIMIT $4) found""",
            account_id,
            page.below,
            page.above,
            page.limit,
            wanted.types,
            wanted.without,
            wanted.from_id,
        )
    )


async def groups(conn: Conn, account_id: int, keys: Sequence[str], sample: int) -> list[Row]:
    """For each key: how many there are, the oldest, and the latest few senders."""
    return await conn.rows(
        """SELECT k.key, g.count, g.oldest_id, ARRAY (
               SELECT from_id FROM notifications n WHERE n.account_id = $1 AND n.group_key = k.key
               ORDER BY n.id DESC LIMIT $3) AS sample
           FROM unnest($2::text[]) AS k (key) CROSS JOIN LATERAL (
               SELECT count(*) AS count, min(id) AS oldest_id FROM notifications n
               WHERE n.account_id = $1 AND n.group_key = k.key) g""",
        account_id,
        keys,
        sample,
    )


async def senders(conn: Conn, account_id: int, key: str, limit: int) -> list[int]:
    rows = await conn.rows(
        "SELECT from_id FROM notifications WHERE account_id = $1 AND group_key = $2 ORDER BY id DESC LIMIT $3",
        account_id,
        key,
        limit,
    )
    return [row["from_id"] for row in rows]


async def markers(conn: Conn, account_id: int, timelines: Sequence[str]) -> list[Row]:
    return await conn.rows(
        """SELECT timeline, last_read_id, version, updated_at FROM markers
           WHERE account_id = $1 AND timeline = ANY ($2) ORDER BY timeline""",
        account_id,
        timelines,
    )


async def mark(conn: Conn, account_id: int, timeline: str, last_read_id: int) -> None:
    await conn.execute(
        """INSERT INTO markers AS m (account_id, timeline, last_read_id) VALUES ($1, $2, $3)
           ON CONFLICT (account_id, timeline) DO UPDATE
           SET last_read_id = excluded.last_read_id, version = m.version + 1, updated_at = now()""",
        account_id,
        timeline,
        last_read_id,
    )


_STILL = {
    "reblog": "SELECT FROM posts WHERE author_id = $1 AND reblog_of_id = $2",
    "favourite": "SELECT FROM favourites WHERE account_id = $1 AND post_id = $2",
    "follow": "SELECT FROM follows WHERE account_id = $1 AND target_id = $2",
    "follow_request": "SELECT FROM follow_requests WHERE account_id = $2 AND requester_id = $1",
}


async def still(conn: Conn, type: str, account_id: int, object_id: int) -> bool:
    """Whether what is to be told of has not been undone meanwhile: duties may run out of order."""
    return bool(await conn.value(f"SELECT EXISTS ({_STILL[type]})", account_id, object_id))


async def amend(conn: Conn, account_id: int, type: str, from_id: int, about_id: int, details: dict[str, Any]) -> None:
    await conn.execute(
        """UPDATE notifications SET details = details || $5
           WHERE account_id = $1 AND type = $2 AND from_id = $3 AND post_id = 0 AND about_id = $4""",
        account_id,
        type,
        from_id,
        about_id,
        details,
    )
