"""All SQL of planned moves to another name."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row

Pair = tuple[int, int]


async def standing(conn: Conn) -> Row | None:
    return await conn.row("SELECT * FROM domain_moves WHERE state <> 'cancelled'")


async def lock(conn: Conn, move_id: int) -> Row | None:
    return await conn.row("SELECT * FROM domain_moves WHERE id = $1 FOR UPDATE", move_id)


async def begin(conn: Conn, move_id: int, old_origin: str, new_origin: str, at: datetime) -> None:
    """Where one is planned already, nothing happens."""
    await conn.execute(
        "INSERT INTO domain_moves (id, old_origin, new_origin, made_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        move_id,
        old_origin,
        new_origin,
        at,
    )


async def begin_again(conn: Conn, move_id: int) -> None:
    await conn.execute(
        """UPDATE domain_moves SET state = 'preparing', ready_at = NULL, at_account = 0, at_followed = 0, at_follower = 0
           WHERE id = $1 AND state = 'ready'""",
        move_id,
    )


async def finish(conn: Conn, move_id: int, at: datetime) -> None:
    await conn.execute(
        "UPDATE domain_moves SET state = 'ready', ready_at = $2 WHERE id = $1 AND state = 'preparing'", move_id, at
    )


async def cancel(conn: Conn, at: datetime) -> bool:
    return bool(
        await conn.execute(
            "UPDATE domain_moves SET state = 'cancelled', cancelled_at = $1 WHERE state <> 'cancelled'", at
        )
    )


async def totals(conn: Conn) -> Pair:
    """How many accounts are here, and how many follow them, from wherever."""
    row = await conn.row(
        "SELECT (SELECT count(*) FROM accounts WHERE domain IS NULL) AS here, (SELECT count(*) FROM followers) AS ties"
    )
    assert row
    return row["here"], row["ties"]


async def accounts_after(conn: Conn, after: int, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT id, username FROM accounts WHERE id > $1 AND domain IS NULL AND standing NOT IN ('pending', 'deleted')
           ORDER BY id LIMIT $2""",
        after,
        limit,
    )


async def add_accounts(conn: Conn, move_id: int, old: str, new: str, accounts: Sequence[Row]) -> None:
    """`old` and `new`: what a name is put behind to make its actor's id."""
    await conn.execute(
        """INSERT INTO domain_move_accounts (move_id, account_id, old_actor, new_actor)
           SELECT $1, id, $2::text || name, $3::text || name FROM unnest($4::bigint[], $5::text[]) AS who (id, name)
           ON CONFLICT DO NOTHING""",
        move_id,
        old,
        new,
        [row["id"] for row in accounts],
        [row["username"] for row in accounts],
    )


async def reach_account(conn: Conn, move_id: int, account_id: int) -> None:
    await conn.execute("UPDATE domain_moves SET at_account = $2 WHERE id = $1", move_id, account_id)


async def followers_after(conn: Conn, after: Pair, limit: int) -> list[Row]:
    return await conn.rows(
        """SELECT account_id, follower_id FROM followers WHERE (account_id, follower_id) > ($1, $2)
           ORDER BY account_id, follower_id LIMIT $3""",
        *after,
        limit,
    )


async def add_followers(conn: Conn, move_id: int, after: Pair, upto: Pair, at: datetime) -> None:
    """Those from elsewhere, of the pairs beyond `after` up to `upto`."""
    await conn.execute(
        """INSERT INTO domain_move_followers (move_id, account_id, follower_id, changed_at)
           SELECT $1, f.account_id, f.follower_id, $6 FROM followers f
             JOIN domain_move_accounts m ON m.move_id = $1 AND m.account_id = f.account_id
             JOIN accounts a ON a.id = f.follower_id AND a.domain IS NOT NULL AND a.standing <> 'deleted'
           WHERE (f.account_id, f.follower_id) > ($2, $3) AND (f.account_id, f.follower_id) <= ($4, $5)
           ON CONFLICT DO NOTHING""",
        move_id,
        *after,
        *upto,
        at,
    )


async def drop_strayed(conn: Conn, move_id: int, after: Pair, upto: Pair) -> None:
    """Who follows no more and was told nothing yet, of the same pairs."""
    await conn.execute(
        """DELETE FROM domain_move_followers l
           WHERE l.move_id = $1 AND l.state = 'waiting'
             AND (l.account_id, l.follower_id) > ($2, $3) AND (l.account_id, l.follower_id) <= ($4, $5)
             AND NOT EXISTS (SELECT FROM followers f WHERE f.account_id = l.account_id AND f.follower_id = l.follower_id)""",
        move_id,
        *after,
        *upto,
    )


async def reach_follower(conn: Conn, move_id: int, upto: Pair) -> None:
    await conn.execute("UPDATE domain_moves SET at_followed = $2, at_follower = $3 WHERE id = $1", move_id, *upto)


async def count_accounts(conn: Conn, move_id: int) -> int:
    return int(await conn.value("SELECT count(*) FROM domain_move_accounts WHERE move_id = $1", move_id))


async def count_followers(conn: Conn, move_id: int) -> dict[str, int]:
    rows = await conn.rows(
        "SELECT state, count(*) AS many FROM domain_move_followers WHERE move_id = $1 GROUP BY state", move_id
    )
    return {row["state"]: row["many"] for row in rows}


async def clear(conn: Conn, limit: int) -> int:
    """Delete rows of cancelled moves; how many."""
    gone = 0
    for table in ("domain_move_followers", "domain_move_accounts"):
        gone += await conn.execute(
            f"""DELETE FROM {table} WHERE ctid = ANY (ARRAY (SELECT t.ctid FROM {table} t
                  JOIN domain_moves m ON m.id = t.move_id AND m.state = 'cancelled' LIMIT $1))""",
            limit,
        )
    return gone


async def forget(conn: Conn, account_id: int) -> None:
    moves = [row["id"] for row in await conn.rows("SELECT id FROM domain_moves")]
    for table in ("domain_move_followers", "domain_move_accounts"):
        await conn.execute(f"DELETE FROM {table} WHERE move_id = ANY ($1) AND account_id = $2", moves, account_id)
    await conn.execute("DELETE FROM domain_move_followers WHERE follower_id = $1", account_id)
