"""All SQL of the graph. A follow is written to both of its tables by the same statements' transaction."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row
from palabre.base.paging import Page


async def lock(conn: Conn, *account_ids: int) -> dict[int, Row]:
    """Make whoever else changes something between these people wait; their counters, by account."""
    rows = await conn.rows(
        """SELECT account_id, followers, following FROM account_counts
           WHERE account_id = ANY ($1) ORDER BY account_id FOR UPDATE""",
        account_ids,
    )
    return {row["account_id"]: row for row in rows}


async def before_follow(conn: Conn, account_id: int, target_id: int) -> Row | None:
    """What a follow depends on; None where the target doesn't exist."""
    return await conn.row(
        """SELECT standing, locked,
                  (SELECT standing FROM accounts WHERE id = $1) AS own_standing,
                  EXISTS (SELECT FROM blocks WHERE account_id = $1 AND target_id = $2)
                  OR EXISTS (SELECT FROM blocks WHERE account_id = $2 AND target_id = $1) AS apart,
                  EXISTS (SELECT FROM follows WHERE account_id = $1 AND target_id = $2) AS following
           FROM accounts WHERE id = $2""",
        account_id,
        target_id,
    )


async def exists(conn: Conn, account_id: int) -> bool:
    return bool(
        await conn.value("SELECT EXISTS (SELECT FROM accounts WHERE id = $1 AND standing <> 'deleted')", account_id)
    )


async def add_follow(
    conn: Conn,
    account_id: int,
    target_id: int,
    follow_id: int,
    reblogs: bool,
    notify: bool,
    languages: list[str] | None,
) -> bool:
    """False if it was there."""
    added = await conn.execute(
        """INSERT INTO follows (account_id, target_id, id, reblogs, notify, languages)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING""",
        account_id,
        target_id,
        follow_id,
        reblogs,
        notify,
        languages,
    )
    if added:
        await conn.execute(
            "INSERT INTO followers (account_id, follower_id, id, notify) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            target_id,
            account_id,
            follow_id,
            notify,
        )
    return bool(added)


async def change_follow(
    conn: Conn, account_id: int, target_id: int, reblogs: bool | None, notify: bool | None, languages: list[str] | None
) -> None:
    """None leaves as it is; an empty list of languages stands for all."""
    await conn.execute(
        """UPDATE follows SET reblogs = coalesce($3, reblogs), notify = coalesce($4, notify),
               languages = CASE WHEN $5::text[] IS NULL THEN languages ELSE nullif($5, '{}') END
           WHERE account_id = $1 AND target_id = $2""",
        account_id,
        target_id,
        reblogs,
        notify,
        languages,
    )
    if notify is not None:
        await conn.execute(
            "UPDATE followers SET notify = $3 WHERE account_id = $1 AND follower_id = $2",
            target_id,
            account_id,
            notify,
        )


async def remove_follow(conn: Conn, account_id: int, target_id: int) -> bool:
    removed = await conn.execute("DELETE FROM follows WHERE account_id = $1 AND target_id = $2", account_id, target_id)
    await conn.execute("DELETE FROM followers WHERE account_id = $1 AND follower_id = $2", target_id, account_id)
    return bool(removed)


async def tied_to(conn: Conn, account_id: int, limit: int) -> list[int]:
    """Some of those who follow the account or ask to, or whom it follows or asks."""
    rows = await conn.rows(
        """(SELECT target_id AS other_id FROM follows WHERE account_id = $1 LIMIT $2)
           UNION (SELECT follower_id FROM followers WHERE account_id = $1 LIMIT $2)
           UNION (SELECT requester_id FROM follow_requests WHERE account_id = $1 LIMIT $2)
           UNION (SELECT account_id FROM follow_requests WHERE requester_id = $1 LIMIT $2) LIMIT $2""",
        account_id,
        limit,
    )
    return [row["other_id"] for row in rows]


async def forget(conn: Conn, account_id: int) -> None:
    """Whom an account blocked and muted, and its notes; and who did so with it. Reads whole tables, once in its life."""
    for table in ("blocks", "mutes", "account_notes"):
        await conn.execute(f"DELETE FROM {table} WHERE account_id = $1 OR target_id = $1", account_id)


async def count_requests(conn: Conn, account_id: int) -> int:
    return int(await conn.value("SELECT count(*) FROM follow_requests WHERE account_id = $1", account_id))


async def add_request(
    conn: Conn,
    account_id: int,
    target_id: int,
    request_id: int,
    reblogs: bool,
    notify: bool,
    languages: list[str] | None,
) -> bool:
    """Asking again changes what is asked for. False if it was there."""
    return bool(
        await conn.value(
            """INSERT INTO follow_requests (account_id, requester_id, id, reblogs, notify, languages)
               VALUES ($2, $1, $3, $4, $5, $6) ON CONFLICT (account_id, requester_id) DO UPDATE
               SET reblogs = excluded.reblogs, notify = excluded.notify, languages = excluded.languages
               RETURNING id = $3""",
            account_id,
            target_id,
            request_id,
            reblogs,
            notify,
            languages,
        )
    )


async def remove_request(conn: Conn, account_id: int, target_id: int) -> Row | None:
    """What was asked for, if it was."""
    return await conn.row(
        "DELETE FROM follow_requests WHERE account_id = $2 AND requester_id = $1 RETURNING reblogs, notify, languages",
        account_id,
        target_id,
    )


async def add_block(conn: Conn, account_id: int, target_id: int, block_id: int) -> bool:
    return bool(
        await conn.execute(
            "INSERT INTO blocks VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", account_id, target_id, block_id
        )
    )


async def remove_block(conn: Conn, account_id: int, target_id: int) -> None:
    await conn.execute("DELETE FROM blocks WHERE account_id = $1 AND target_id = $2", account_id, target_id)


async def set_mute(
    conn: Conn, account_id: int, target_id: int, mute_id: int, notifications: bool, expires_at: datetime | None
) -> None:
    await conn.execute(
        """INSERT INTO mutes (account_id, target_id, id, notifications, expires_at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (account_id, target_id) DO UPDATE
           SET notifications = excluded.notifications, expires_at = excluded.expires_at""",
        account_id,
        target_id,
        mute_id,
        notifications,
        expires_at,
    )


async def remove_mute(conn: Conn, account_id: int, target_id: int) -> None:
    await conn.execute("DELETE FROM mutes WHERE account_id = $1 AND target_id = $2", account_id, target_id)


async def set_note(conn: Conn, account_id: int, target_id: int, comment: str) -> None:
    if comment:
        await conn.execute(
            """INSERT INTO account_notes VALUES ($1, $2, $3)
               ON CONFLICT (account_id, target_id) DO UPDATE SET comment = excluded.comment""",
            account_id,
            target_id,
            comment,
        )
    else:
        await conn.execute("DELETE FROM account_notes WHERE account_id = $1 AND target_id = $2", account_id, target_id)


async def relationships(conn: Conn, viewer_id: int, account_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        """SELECT a.id AS account_id, f.id IS NOT NULL AS following, coalesce(f.reblogs, false) AS reblogs,
                  coalesce(f.notify, false) AS notify, f.languages, b.id IS NOT NULL AS followed_by,
                  ro.id IS NOT NULL AS requested, ri.id IS NOT NULL AS requested_by,
                  bo.id IS NOT NULL AS blocking, bi.id IS NOT NULL AS blocked_by,
                  m.id IS NOT NULL AS muting, coalesce(m.notifications, false) AS muting_notifications,
                  m.expires_at AS muting_until, coalesce(n.comment, '') AS note
           FROM accounts a
           LEFT JOIN follows f ON f.account_id = $1 AND f.target_id = a.id
           LEFT JOIN followers b ON b.account_id = $1 AND b.follower_id = a.id
           LEFT JOIN follow_requests ro ON ro.account_id = a.id AND ro.requester_id = $1
           LEFT JOIN follow_requests ri ON ri.account_id = $1 AND ri.requester_id = a.id
           LEFT JOIN blocks bo ON bo.account_id = $1 AND bo.target_id = a.id
           LEFT JOIN blocks bi ON bi.account_id = a.id AND bi.target_id = $1
           LEFT JOIN mutes m ON m.account_id = $1 AND m.target_id = a.id
               AND (m.expires_at IS NULL OR m.expires_at > now())
           LEFT JOIN account_notes n ON n.account_id = $1 AND n.target_id = a.id
           WHERE a.id = ANY ($2) AND a.standing <> 'deleted'""",
        viewer_id,
        account_ids,
    )


# Who may look at the follows of $1: himself, and anyone whom neither he nor his wish for privacy keeps out. $5: viewer.
_SHOWN = """($1 = $5::bigint OR NOT EXISTS (SELECT FROM accounts WHERE id = $1 AND hide_collections)
    AND NOT EXISTS (SELECT FROM blocks WHERE account_id = $1 AND target_id = $5))"""


async def followers(conn: Conn, account_id: int, viewer_id: int | None, page: Page) -> list[Row]:
    return await conn.rows(
        f"""SELECT follower_id AS other_id, id FROM followers f
            WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SHOWN} AND {_not_apart("f.follower_id")}
            ORDER BY id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
        viewer_id,
    )


async def following(conn: Conn, account_id: int, viewer_id: int | None, page: Page) -> list[Row]:
    return await conn.rows(
        f"""SELECT target_id AS other_id, id FROM follows f
            WHERE account_id = $1 AND id < $2 AND id > $3 AND {_SHOWN} AND {_not_apart("f.target_id")}
            ORDER BY id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
        viewer_id,
    )


def _not_apart(other: str) -> str:
    return f"""NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = $5 AND b.target_id = {other})
        AND NOT EXISTS (SELECT FROM blocks b WHERE b.account_id = {other} AND b.target_id = $5)"""


async def own(conn: Conn, table: str, account_id: int, page: Page) -> list[Row]:
    """A member's own follow_requests, blocks or mutes (`table`)."""
    other = "requester_id" if table == "follow_requests" else "target_id"
    more, valid = ("expires_at", "(expires_at IS NULL OR expires_at > now())") if table == "mutes" else ("NULL", "true")
    return await conn.rows(
        f"""SELECT {other} AS other_id, id, {more} AS expires_at FROM {table}
            WHERE account_id = $1 AND id < $2 AND id > $3 AND {valid} ORDER BY id {page.order} LIMIT $4""",
        account_id,
        page.below,
        page.above,
        page.limit,
    )


async def familiar_followers(conn: Conn, viewer_id: int, account_id: int, limit: int) -> list[int]:
    """Those the viewer follows who follow the account, newest follow first."""
    rows = await conn.rows(
        """SELECT f.target_id FROM follows f JOIN followers o ON o.account_id = $2 AND o.follower_id = f.target_id
           WHERE f.account_id = $1 AND $1 <> $2
             AND NOT EXISTS (SELECT FROM accounts WHERE id = $2 AND hide_collections)
             AND NOT EXISTS (SELECT FROM blocks WHERE account_id = $2 AND target_id = $1)
           ORDER BY f.id DESC LIMIT $3""",
        viewer_id,
        account_id,
        limit,
    )
    return [row["target_id"] for row in rows]
