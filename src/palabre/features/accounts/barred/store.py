"""All SQL of keeping out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page
from palabre.features.accounts.barred.rules import Network
from palabre.features.accounts.store import Address

_STANDS = "(expires_at IS NULL OR expires_at > now())"


async def ip_blocks(conn: Conn, page: Page) -> list[Row]:
    return await conn.rows(
        f"SELECT * FROM ip_blocks WHERE id > $1 AND id < $2 AND {_STANDS} ORDER BY id {page.order} LIMIT $3",
        page.above,
        page.below,
        page.limit,
    )


async def ip_block(conn: Conn, block_id: int) -> Row | None:
    return await conn.row(f"SELECT * FROM ip_blocks WHERE id = $1 AND {_STANDS}", block_id)


async def without_access(conn: Conn) -> list[Network]:
    rows = await conn.rows(f"SELECT ip FROM ip_blocks WHERE severity = 'no_access' AND {_STANDS}")
    return [row["ip"] for row in rows]


async def severities(conn: Conn, ip: Address) -> list[str]:
    """Of the blocks that an address lies in."""
    rows = await conn.rows(f"SELECT severity FROM ip_blocks WHERE ip >>= $1::inet AND {_STANDS}", ip)
    return [row["severity"] for row in rows]


async def add_ip_block(conn: Conn, **values: Any) -> None:
    """In place of one for the same range that has ended."""
    await conn.execute("DELETE FROM ip_blocks WHERE ip = $1 AND expires_at <= now()", values["ip"])
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await conn.execute(f"INSERT INTO ip_blocks ({', '.join(values)}) VALUES ({places})", *values.values())


async def has_ip_block(conn: Conn, ip: Network, but: int) -> bool:
    return bool(
        await conn.value(
            f"SELECT EXISTS (SELECT FROM ip_blocks WHERE ip = $1::cidr AND id <> $2 AND {_STANDS})", ip, but
        )
    )


async def update_ip_block(conn: Conn, block_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE ip_blocks SET {sets} WHERE id = $1", block_id, *changes.values())


async def remove_ip_block(conn: Conn, block_id: int) -> bool:
    return bool(await conn.execute("DELETE FROM ip_blocks WHERE id = $1", block_id))


async def email_domains(conn: Conn, page: Page) -> list[Row]:
    return await conn.rows(
        f"SELECT * FROM email_domain_blocks WHERE id > $1 AND id < $2 ORDER BY id {page.order} LIMIT $3",
        page.above,
        page.below,
        page.limit,
    )


async def email_domain(conn: Conn, block_id: int) -> Row | None:
    return await conn.row("SELECT * FROM email_domain_blocks WHERE id = $1", block_id)


async def blocked_among(conn: Conn, domains: Sequence[str]) -> str | None:
    """The first of these that is blocked."""
    found = await conn.value("SELECT domain FROM email_domain_blocks WHERE domain = ANY ($1) LIMIT 1", domains)
    return str(found) if found else None


async def add_email_domain(conn: Conn, domain: str, block_id: int, by: int | None, at: datetime) -> bool:
    return bool(
        await conn.execute(
            "INSERT INTO email_domain_blocks VALUES ($1, $2, $3, $4) ON CONFLICT (domain) DO NOTHING",
            domain,
            block_id,
            by,
            at,
        )
    )


async def remove_email_domain(conn: Conn, block_id: int) -> bool:
    return bool(await conn.execute("DELETE FROM email_domain_blocks WHERE id = $1", block_id))


async def count_attempt(conn: Conn, domain: str, ip: Address) -> None:
    await conn.execute(
        """INSERT INTO email_domain_attempts (domain, day, ip) VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2)
           ON CONFLICT (domain, day, ip) DO UPDATE SET attempts = email_domain_attempts.attempts + 1""",
        domain,
        ip,
    )


async def attempts(conn: Conn, domains: Sequence[str]) -> list[Row]:
    """By domain and day: how many sign-ups were tried, from how many addresses."""
    return await conn.rows(
        """SELECT domain, day, sum(attempts)::bigint AS accounts, count(*) AS uses
           FROM email_domain_attempts WHERE domain = ANY ($1) GROUP BY domain, day""",
        domains,
    )


async def forget_attempts(conn: Conn) -> None:
    await conn.execute("DELETE FROM email_domain_attempts WHERE day < (now() AT TIME ZONE 'UTC')::date - 7")
    await conn.execute("DELETE FROM ip_blocks WHERE expires_at < now()")


async def mailboxes(conn: Conn, page: Page) -> list[Row]:
    return await conn.rows(
        f"SELECT id, hash FROM canonical_email_blocks WHERE id > $1 AND id < $2 ORDER BY id {page.order} LIMIT $3",
        page.above,
        page.below,
        page.limit,
    )


async def mailbox(conn: Conn, block_id: int) -> Row | None:
    return await conn.row("SELECT id, hash FROM canonical_email_blocks WHERE id = $1", block_id)


async def mailbox_by_hash(conn: Conn, hash_: bytes) -> Row | None:
    return await conn.row("SELECT id, hash FROM canonical_email_blocks WHERE hash = $1", hash_)


async def add_mailbox(conn: Conn, hash_: bytes, block_id: int, by: int | None, at: datetime) -> bool:
    return bool(
        await conn.execute(
            "INSERT INTO canonical_email_blocks VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING",
            hash_,
            block_id,
            by,
            at,
        )
    )


async def remove_mailbox(conn: Conn, block_id: int) -> bool:
    return bool(await conn.execute("DELETE FROM canonical_email_blocks WHERE id = $1", block_id))
