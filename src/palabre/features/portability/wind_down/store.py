"""All SQL of the community's end."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def members_after(conn: Conn, account_id: int, limit: int) -> list[Row]:
    """Everybody with an address that can be written to, in order."""
    return await conn.rows(
        """SELECT account_id, username, email, locale FROM members JOIN accounts ON id = account_id
           WHERE account_id > $1 AND confirmed_at IS NOT NULL ORDER BY account_id LIMIT $2""",
        account_id,
        limit,
    )


async def count_members(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM members WHERE confirmed_at IS NOT NULL") or 0)


async def advance(conn: Conn, end_id: int, kind: str, done: int, finished_at: datetime | None) -> None:
    await conn.execute(
        """INSERT INTO farewells AS f (end_id, kind, done, finished_at) VALUES ($1, $2, $3, $4)
           ON CONFLICT (end_id, kind) DO UPDATE SET done = f.done + $3, finished_at = $4""",
        end_id,
        kind,
        done,
        finished_at,
    )


async def farewells(conn: Conn, end_id: int) -> list[Row]:
    return await conn.rows("SELECT kind, done, finished_at FROM farewells WHERE end_id = $1", end_id)


async def room(conn: Conn) -> int:
    """How many bytes everybody's pictures take up: about as much as everybody's archives will, once more."""
    return int(await conn.value("SELECT coalesce(sum(bytes), 0)::bigint FROM media") or 0)


async def archives(conn: Conn) -> dict[str, int]:
    """State -> how many members' archives are in it."""
    rows = await conn.rows("SELECT state, count(*) AS many FROM exports GROUP BY state ORDER BY state")
    return {row["state"]: row["many"] for row in rows}


async def home(conn: Conn, account_id: int) -> str | None:
    found = await conn.value("SELECT url FROM new_homes WHERE account_id = $1", account_id)
    return str(found) if found else None


async def put_home(conn: Conn, account_id: int, url: str, at: datetime) -> None:
    await conn.execute(
        """INSERT INTO new_homes (account_id, url, said_at) VALUES ($1, $2, $3)
           ON CONFLICT (account_id) DO UPDATE SET url = $2, said_at = $3""",
        account_id,
        url,
        at,
    )


async def forget_home(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM new_homes WHERE account_id = $1", account_id)


async def homes(conn: Conn, account_ids: Sequence[int]) -> dict[int, str]:
    rows = await conn.rows("SELECT account_id, url FROM new_homes WHERE account_id = ANY ($1)", account_ids)
    return {row["account_id"]: row["url"] for row in rows}


async def accounts_after(conn: Conn, account_id: int, limit: int) -> list[int]:
    """Accounts of this network that can be looked at, in order."""
    rows = await conn.rows(
        """SELECT id FROM accounts WHERE id > $1 AND domain IS NULL
               AND standing NOT IN ('pending', 'suspended', 'deleted') ORDER BY id LIMIT $2""",
        account_id,
        limit,
    )
    return [row["id"] for row in rows]


async def count_public(conn: Conn) -> int:
    """About how many pages of accounts and posts there are."""
    return int(
        await conn.value(
            """SELECT (SELECT count(*) FROM posts WHERE visibility IN ('public', 'unlisted') AND reblog_of_id IS NULL
                           AND withheld_at IS NULL AND held_at IS NULL)
                    + (SELECT count(*) FROM accounts
                       WHERE domain IS NULL AND standing NOT IN ('pending', 'suspended', 'deleted'))"""
        )
        or 0
    )


async def public_posts(conn: Conn, author_id: int, below: int, limit: int) -> list[Row]:
    """Whatever anybody could open by its address, newest first; not what it says."""
    return await conn.rows(
        """SELECT id, created_at FROM posts
           WHERE author_id = $1 AND id < $2 AND visibility IN ('public', 'unlisted') AND reblog_of_id IS NULL
             AND withheld_at IS NULL AND held_at IS NULL
           ORDER BY id DESC LIMIT $3""",
        author_id,
        below,
        limit,
    )
