"""All SQL of domains: measures, their log, and which accounts they concern. Lists have their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row
from palabre.base.paging import Page


async def measure(conn: Conn, domain: str) -> Row | None:
    return await conn.row("SELECT * FROM domain_measures WHERE domain = $1", domain)


async def lock_measure(conn: Conn, domain: str) -> Row | None:
    """Locks the domain too, so that two who set a measure at once do it one after the other."""
    await lock_log(conn, domain)
    return await measure(conn, domain)


async def measure_by_id(conn: Conn, measure_id: int) -> Row | None:
    return await conn.row("SELECT * FROM domain_measures WHERE id = $1", measure_id)


async def measures_named(conn: Conn, domains: Sequence[str]) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_measures WHERE domain = ANY ($1)", domains)


async def measures(conn: Conn, page: Page, part: str) -> list[Row]:
    """`part`: of the name; empty for all."""
    return await conn.rows(
        f"""SELECT * FROM domain_measures WHERE id > $1 AND id < $2 AND strpos(domain, $3) > 0
            ORDER BY id {page.order} LIMIT $4""",
        page.above,
        page.below,
        part,
        page.limit,
    )


async def all_measures(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_measures ORDER BY domain")


async def put_measure(
    conn: Conn,
    domain: str,
    measure_id: int,
    measure: Mapping[str, Any],
    list_id: int | None,
    set_by: int | None,
    at: datetime,
) -> None:
    await conn.execute(
        """INSERT INTO domain_measures (domain, id, severity, reject_media, reject_reports, obfuscate, private_comment,
               public_comment, list_id, set_by, set_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           ON CONFLICT (domain) DO UPDATE SET severity = $3, reject_media = $4, reject_reports = $5, obfuscate = $6,
               private_comment = $7, public_comment = $8, list_id = $9, set_by = $10, set_at = $11""",
        domain,
        measure_id,
        measure["severity"],
        measure["reject_media"],
        measure["reject_reports"],
        measure["obfuscate"],
        measure["private_comment"],
        measure["public_comment"],
        list_id,
        set_by,
        at,
    )


async def remove_measure(conn: Conn, domain: str) -> None:
    await conn.execute("DELETE FROM domain_measures WHERE domain = $1", domain)


async def lock_log(conn: Conn, domain: str) -> Row:
    row = await conn.row(
        """INSERT INTO domain_logs (domain) VALUES ($1) ON CONFLICT (domain) DO UPDATE SET events = domain_logs.events
           RETURNING events, head""",
        domain,
    )
    assert row is not None
    return row


async def insert_event(
    conn: Conn,
    domain: str,
    seq: int,
    at: datetime,
    actor_id: int | None,
    kind: str,
    data: str,
    previous: bytes,
    hash_: bytes,
) -> None:
    await conn.execute(
        """INSERT INTO domain_events (domain, seq, at, actor_id, kind, data, previous, hash)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        domain,
        seq,
        at,
        actor_id,
        kind,
        data,
        previous,
        hash_,
    )


async def set_head(conn: Conn, domain: str, events: int, head: bytes) -> None:
    await conn.execute("UPDATE domain_logs SET events = $2, head = $3 WHERE domain = $1", domain, events, head)


async def events_of(conn: Conn, domain: str) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_events WHERE domain = $1 ORDER BY seq", domain)


async def logs(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_logs WHERE events > 0")


async def all_events(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_events ORDER BY domain, seq")


async def dismiss(conn: Conn, domain: str) -> None:
    """Lists that name this domain are not followed in it any more."""
    await conn.execute(
        """UPDATE domain_list_entries SET state = 'dismissed' WHERE domain = $1 AND state IN ('accepted', 'in_force')""",
        domain,
    )


async def take_up_again(conn: Conn, list_id: int, domain: str) -> None:
    await conn.execute(
        """UPDATE domain_list_entries SET state = 'in_force'
           WHERE domain = $2 AND list_id = $1 AND state = 'dismissed'""",
        list_id,
        domain,
    )


async def accounts_of(conn: Conn, domain: str, after: int, most: int) -> list[Row]:
    """Of the domain and of those below it, by id."""
    return await conn.rows(
        """SELECT id, domain FROM accounts
           WHERE domain IS NOT NULL AND id > $2
             AND (reverse(domain) = reverse($1)
                  OR reverse(domain) ~>=~ reverse('.' || $1) AND reverse(domain) ~<~ reverse('/' || $1))
           ORDER BY id LIMIT $3""",
        domain,
        after,
        most,
    )


async def all_elsewhere(conn: Conn, after: int, most: int) -> list[Row]:
    return await conn.rows(
        "SELECT id, domain, standing FROM accounts WHERE id > $1 AND domain IS NOT NULL ORDER BY id LIMIT $2",
        after,
        most,
    )


async def elsewhere(conn: Conn, account_id: int) -> list[Row]:
    """The account, if it isn't one of this network."""
    return await conn.rows("SELECT id, domain FROM accounts WHERE id = $1 AND domain IS NOT NULL", account_id)


async def allowed_among(conn: Conn, domains: Sequence[str]) -> set[str]:
    rows = await conn.rows("SELECT domain FROM domain_allows WHERE domain = ANY ($1)", domains)
    return {row["domain"] for row in rows}


async def allows(conn: Conn, page: Page) -> list[Row]:
    return await conn.rows(
        f"SELECT * FROM domain_allows WHERE id > $1 AND id < $2 ORDER BY id {page.order} LIMIT $3",
        page.above,
        page.below,
        page.limit,
    )


async def allow_by_id(conn: Conn, allow_id: int) -> Row | None:
    return await conn.row("SELECT * FROM domain_allows WHERE id = $1", allow_id)


async def add_allow(conn: Conn, domain: str, allow_id: int, by: int | None, at: datetime) -> bool:
    return bool(
        await conn.execute(
            "INSERT INTO domain_allows VALUES ($1, $2, $3, $4) ON CONFLICT (domain) DO NOTHING",
            domain,
            allow_id,
            by,
            at,
        )
    )


async def allow(conn: Conn, domain: str) -> Row | None:
    return await conn.row("SELECT * FROM domain_allows WHERE domain = $1", domain)


async def remove_allow(conn: Conn, domain: str) -> bool:
    return bool(await conn.execute("DELETE FROM domain_allows WHERE domain = $1", domain))
