"""All SQL of members: who stands behind an account, by which address, invited and approved by whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row

_MEMBER = """SELECT m.*, a.username, a.standing FROM members m JOIN accounts a ON a.id = m.account_id"""


async def add(conn: Conn, **member: Any) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(member) + 1))
    await conn.execute(f"INSERT INTO members ({', '.join(member)}) VALUES ({places})", *member.values())


async def one(conn: Conn, account_id: int) -> Row | None:
    return await conn.row(f"{_MEMBER} WHERE m.account_id = $1", account_id)


async def lock(conn: Conn, account_id: int) -> Row | None:
    """As `one`, for changing; nobody else changes it before this transaction ends."""
    return await conn.row(f"{_MEMBER} WHERE m.account_id = $1 FOR UPDATE OF m, a", account_id)


async def update(conn: Conn, account_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE members SET {sets} WHERE account_id = $1", account_id, *changes.values())


async def remove(conn: Conn, account_id: int) -> None:
    await conn.execute("DELETE FROM members WHERE account_id = $1", account_id)


async def claim_email(conn: Conn, email: str, account_id: int) -> bool:
    """Whether nobody else has the address."""
    owner = await conn.value(
        """INSERT INTO emails VALUES ($1, $2) ON CONFLICT (email) DO UPDATE SET email = emails.email
           RETURNING account_id""",
        email,
        account_id,
    )
    return bool(owner == account_id)


async def release_email(conn: Conn, email: str, account_id: int) -> None:
    await conn.execute("DELETE FROM emails WHERE email = $1 AND account_id = $2", email, account_id)


async def account_of_email(conn: Conn, email: str) -> int | None:
    found = await conn.value("SELECT account_id FROM emails WHERE email = $1", email)
    return int(found) if found else None


async def waiting(conn: Conn, limit: int) -> list[Row]:
    """Confirmed and not yet approved, oldest first."""
    return await conn.rows(
        f"{_MEMBER} WHERE m.approved_at IS NULL AND m.confirmed_at IS NOT NULL ORDER BY m.created_at LIMIT $1", limit
    )


async def never_confirmed(conn: Conn, limit: int) -> list[int]:
    rows = await conn.rows(
        """SELECT account_id FROM members WHERE confirmed_at IS NULL AND created_at < now() - interval '7 days'
           LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
    )
    return [row["account_id"] for row in rows]


async def listed(conn: Conn, roles: Sequence[str] | None, limit: int) -> list[Row]:
    return await conn.rows(
        f"{_MEMBER} WHERE $1::text[] IS NULL OR role = ANY ($1) ORDER BY m.account_id LIMIT $2", roles, limit
    )


async def owners(conn: Conn) -> list[int]:
    """Locked, so that two of them cannot both leave at once."""
    rows = await conn.rows("SELECT account_id FROM members WHERE role = 'owner' ORDER BY account_id FOR UPDATE")
    return [row["account_id"] for row in rows]


async def totals(conn: Conn) -> Row:
    """How many members there are, how many were seen within a month and half a year, and how many posts."""
    row = await conn.row(
        """SELECT count(*) AS members,
                  count(*) FILTER (WHERE last_active_at > now() - interval '28 days') AS month,
                  count(*) FILTER (WHERE last_active_at > now() - interval '180 days') AS half_year,
                  (SELECT coalesce(sum(posts), 0)::bigint FROM account_counts) AS posts
           FROM members WHERE approved_at IS NOT NULL AND confirmed_at IS NOT NULL"""
    )
    assert row is not None
    return row


async def sessions(conn: Conn, account_id: int) -> list[Row]:
    return await conn.rows(
        """SELECT t.id, t.client_id, a.name, a.website, t.scopes, t.ip, t.user_agent, t.created_at, t.last_used_at
           FROM tokens t LEFT JOIN apps a ON a.client_id = t.client_id
           WHERE t.account_id = $1 AND (t.expires_at IS NULL OR t.expires_at > now()) ORDER BY t.last_used_at DESC""",
        account_id,
    )


async def end_session(conn: Conn, account_id: int, token_id: int) -> bool:
    return bool(await conn.execute("DELETE FROM tokens WHERE account_id = $1 AND id = $2", account_id, token_id))


async def end_sessions(conn: Conn, account_id: int, keep: int | None, apps: bool) -> None:
    """All but the token `keep`; those of applications only where `apps` says so."""
    await conn.execute(
        """DELETE FROM tokens WHERE account_id = $1 AND id IS DISTINCT FROM $2 AND ($3 OR client_id IS NULL)""",
        account_id,
        keep,
        apps,
    )


async def add_invite(conn: Conn, code: str, by: int, most_uses: int | None, expires_at: datetime | None) -> None:
    await conn.execute(
        "INSERT INTO invites (code, created_by, most_uses, expires_at) VALUES ($1, $2, $3, $4)",
        code,
        by,
        most_uses,
        expires_at,
    )


async def invites(conn: Conn, by: int | None, limit: int) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM invites WHERE $1::bigint IS NULL OR created_by = $1 ORDER BY created_at DESC LIMIT $2", by, limit
    )


async def remove_invites(conn: Conn, by: int) -> None:
    await conn.execute("DELETE FROM invites WHERE created_by = $1", by)


async def revoke_invite(conn: Conn, code: str, by: int | None) -> bool:
    return bool(
        await conn.execute(
            """UPDATE invites SET revoked_at = now()
               WHERE code = $1 AND ($2::bigint IS NULL OR created_by = $2) AND revoked_at IS NULL""",
            code,
            by,
        )
    )


async def invite(conn: Conn, code: str) -> Row | None:
    """An invite that still works."""
    return await conn.row(f"SELECT * FROM invites WHERE code = $1 AND {_WORKS}", code)


async def use_invite(conn: Conn, code: str) -> bool:
    return bool(await conn.execute(f"UPDATE invites SET uses = uses + 1 WHERE code = $1 AND {_WORKS}", code))


_WORKS = """revoked_at IS NULL AND (most_uses IS NULL OR uses < most_uses)
    AND (expires_at IS NULL OR expires_at > now())"""


async def accept_terms(conn: Conn, account_id: int, version: int, at: datetime) -> None:
    await conn.execute(
        """UPDATE members SET terms_version = $2, terms_accepted_at = $3
           WHERE account_id = $1 AND coalesce(terms_version, 0) < $2""",
        account_id,
        version,
        at,
    )


async def after(conn: Conn, account_id: int, limit: int) -> list[Row]:
    """Members to write to, in order."""
    return await conn.rows(
        """SELECT account_id, username, email, locale FROM members JOIN accounts ON id = account_id
           WHERE account_id > $1 AND confirmed_at IS NOT NULL ORDER BY account_id LIMIT $2""",
        account_id,
        limit,
    )
