"""All SQL of accounts."""

from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from palabre.base.db import Conn, Row

_HANDLE = "(SELECT lower(username) FROM accounts WHERE id = $1)"  # by which a handle's row is found
Address = IPv4Address | IPv6Address
_COLUMNS = (
    "id",
    "username",
    "domain",
    "display_name",
    "note",
    "note_html",
    "fields",
    "avatar_key",
    "avatar_static_key",
    "header_key",
    "header_static_key",
    "locked",
    "bot",
    "discoverable",
    "indexable",
    "hide_collections",
    "standing",
    "created_at",
    "fragment",
)


async def insert_account(conn: Conn, account: dict[str, Any]) -> None:
    names = [name for name in _COLUMNS if name in account]
    places = ", ".join(f"${place}" for place in range(1, len(names) + 1))
    await conn.execute(
        f"INSERT INTO accounts ({', '.join(names)}) VALUES ({places})", *(account[name] for name in names)
    )
    await conn.execute("INSERT INTO account_counts (account_id) VALUES ($1)", account["id"])


async def account(conn: Conn, account_id: int, *, lock: bool = False) -> Row | None:
    return await conn.row(f"SELECT * FROM accounts WHERE id = $1 {'FOR UPDATE' if lock else ''}", account_id)


async def update_account(conn: Conn, account_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE accounts SET {sets} WHERE id = $1", account_id, *changes.values())


async def free(conn: Conn, account_id: int) -> None:
    """Remove an account that nobody has seen; its handle may be taken again."""
    await conn.execute(f"DELETE FROM handles WHERE account_id = $1 AND handle = {_HANDLE}", account_id)
    await conn.execute("DELETE FROM account_counts WHERE account_id = $1", account_id)
    await conn.execute("DELETE FROM accounts WHERE id = $1", account_id)


async def retire_handle(conn: Conn, account_id: int) -> None:
    await conn.execute(
        f"UPDATE handles SET retired_at = now() WHERE account_id = $1 AND handle = {_HANDLE}", account_id
    )


async def views(conn: Conn, account_ids: Sequence[int]) -> list[Row]:
    return await conn.rows(
        """SELECT id, standing, fragment, posts, followers, following, last_post_at
           FROM accounts LEFT JOIN account_counts ON account_id = id WHERE id = ANY ($1)""",
        account_ids,
    )


async def claim_handle(conn: Conn, handle: str, account_id: int) -> bool:
    """Whether the handle was free."""
    return bool(
        await conn.execute("INSERT INTO handles VALUES ($1, $2) ON CONFLICT (handle) DO NOTHING", handle, account_id)
    )


async def ids_by_handle(conn: Conn, handles: Sequence[str]) -> dict[str, int]:
    rows = await conn.rows(
        "SELECT handle, account_id FROM handles WHERE handle = ANY ($1) AND retired_at IS NULL", handles
    )
    return {row["handle"]: row["account_id"] for row in rows}


async def token(conn: Conn, account_id: int, token_hash: bytes) -> Row | None:
    return await conn.row(
        """SELECT t.id, client_id, scopes, role, standing, locale, preferences, coalesce(terms_version, 0) AS terms_version,
                  t.account_id = 0 OR confirmed_at IS NOT NULL AS confirmed,
                  t.account_id = 0 OR approved_at IS NOT NULL AS approved,
                  last_used_at < greatest(now() - interval '1 hour',
                                           date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC') AS stale
           FROM tokens t LEFT JOIN members m ON m.account_id = t.account_id LEFT JOIN accounts a ON a.id = t.account_id
           WHERE t.account_id = $1 AND token_hash = $2 AND (expires_at IS NULL OR expires_at > now())""",
        account_id,
        token_hash,
    )


async def add_token(
    conn: Conn,
    account_id: int,
    token_hash: bytes,
    token_id: int,
    client_id: str | None,
    scopes: list[str],
    ip: Address | None,
    user_agent: str,
    code_hash: bytes | None,
) -> None:
    await conn.execute(
        """INSERT INTO tokens (account_id, token_hash, id, client_id, scopes, ip, user_agent, code_hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        account_id,
        token_hash,
        token_id,
        client_id,
        scopes,
        ip,
        user_agent,
        code_hash,
    )


async def touch_token(conn: Conn, account_id: int, token_hash: bytes) -> None:
    await conn.execute(
        "UPDATE tokens SET last_used_at = now() WHERE account_id = $1 AND token_hash = $2", account_id, token_hash
    )
    await conn.execute("UPDATE members SET last_active_at = now() WHERE account_id = $1", account_id)
    await note_day(conn, account_id)


async def note_day(conn: Conn, account_id: int) -> None:
    """The member was here today."""
    await conn.execute(
        """INSERT INTO active_days VALUES ($1, (now() AT TIME ZONE 'UTC')::date)
           ON CONFLICT (account_id, day) DO NOTHING""",
        account_id,
    )


async def forget_days(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM active_days WHERE account_id = $1", account_id)


async def forget_old_days(conn: Conn) -> None:
    await conn.execute("DELETE FROM active_days WHERE day < (now() AT TIME ZONE 'UTC')::date - 400")


async def remove_token(conn: Conn, account_id: int, token_hash: bytes) -> None:
    await conn.execute("DELETE FROM tokens WHERE account_id = $1 AND token_hash = $2", account_id, token_hash)


async def remove_all_tokens(conn: Conn) -> int:
    return await conn.execute("DELETE FROM tokens")


async def count(
    conn: Conn, account_id: int, *, posts: int = 0, followers: int = 0, following: int = 0, at: datetime | None = None
) -> None:
    """Move an account's counters by so much, never below nought; `at`: when its newest post was written."""
    await conn.execute(
        """UPDATE account_counts SET posts = greatest(posts + $2, 0), followers = greatest(followers + $3, 0),
               following = greatest(following + $4, 0), last_post_at = greatest(last_post_at, $5)
           WHERE account_id = $1""",
        account_id,
        posts,
        followers,
        following,
        at,
    )


async def has_owner(conn: Conn) -> bool:
    return bool(await conn.value("SELECT EXISTS (SELECT FROM members WHERE role = 'owner')"))


async def add_link(
    conn: Conn, account_id: int, link_hash: bytes, purpose: str, email: str, expires_at: datetime
) -> None:
    await conn.execute(
        "INSERT INTO one_time_links VALUES ($1, $2, $3, $4, $5)", account_id, link_hash, purpose, email, expires_at
    )


async def link(conn: Conn, account_id: int, link_hash: bytes, purpose: str) -> Row | None:
    return await conn.row(
        """SELECT account_id, email FROM one_time_links
           WHERE account_id = $1 AND link_hash = $2 AND purpose = $3 AND expires_at > now()""",
        account_id,
        link_hash,
        purpose,
    )


async def take_link(conn: Conn, account_id: int, link_hash: bytes, purpose: str) -> Row | None:
    """As `link`, and nobody else can take it any more."""
    return await conn.row(
        """DELETE FROM one_time_links WHERE account_id = $1 AND link_hash = $2 AND purpose = $3 AND expires_at > now()
           RETURNING account_id, email""",
        account_id,
        link_hash,
        purpose,
    )


async def remove_all_links(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM one_time_links WHERE account_id = $1", account_id)


async def remove_links(conn: Conn, account_id: int, purpose: str) -> None:
    await conn.execute("DELETE FROM one_time_links WHERE account_id = $1 AND purpose = $2", account_id, purpose)
