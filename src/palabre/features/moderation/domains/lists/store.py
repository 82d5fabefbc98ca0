"""All SQL of block lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from palabre.base.db import Conn, Row

_COUNTED = """SELECT l.*, (SELECT count(*) FROM domain_list_entries e WHERE e.list_id = l.id AND state <> 'gone') AS entries,
                     (SELECT count(*) FROM domain_list_entries e WHERE e.list_id = l.id AND state = 'draft') AS drafts
              FROM domain_lists l WHERE removed_at IS NULL"""


async def lists(conn: Conn) -> list[Row]:
    return await conn.rows(f"{_COUNTED} ORDER BY priority DESC, id")


async def one(conn: Conn, list_id: int) -> Row | None:
    return await conn.row(f"{_COUNTED} AND id = $1", list_id)


async def lock(conn: Conn, list_id: int) -> Row | None:
    return await conn.row("SELECT * FROM domain_lists WHERE id = $1 FOR UPDATE", list_id)


async def insert(conn: Conn, **values: Any) -> None:
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    await conn.execute(f"INSERT INTO domain_lists ({', '.join(values)}) VALUES ({places})", *values.values())


async def update(conn: Conn, list_id: int, **changes: Any) -> None:
    sets = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 2))
    await conn.execute(f"UPDATE domain_lists SET {sets} WHERE id = $1", list_id, *changes.values())


async def claim_due(conn: Conn, now: datetime, again_at: datetime) -> list[int]:
    """Those to be fetched by now; nobody else gets them before `again_at`."""
    rows = await conn.rows(
        """UPDATE domain_lists SET next_fetch_at = $2 WHERE id = ANY (ARRAY (
               SELECT id FROM domain_lists WHERE removed_at IS NULL AND next_fetch_at <= $1
               LIMIT 50 FOR UPDATE SKIP LOCKED)) RETURNING id""",
        now,
        again_at,
    )
    return [row["id"] for row in rows]


async def take_in(
    conn: Conn,
    list_id: int,
    domains: Sequence[str],
    severities: Sequence[str],
    reject_media: Sequence[bool],
    reject_reports: Sequence[bool],
    obfuscate: Sequence[bool],
    comments: Sequence[str],
    state: str,
    at: datetime,
) -> None:
    """What is new or has changed gets this state; what was dismissed stays so."""
    await conn.execute(
        """INSERT INTO domain_list_entries AS e
               (list_id, domain, severity, reject_media, reject_reports, obfuscate, public_comment, state, seen_at)
           SELECT $1, d.*, $8, $9
           FROM unnest($2::text[], $3::text[], $4::boolean[], $5::boolean[], $6::boolean[], $7::text[]) AS d
           ON CONFLICT (list_id, domain) DO UPDATE
           SET severity = excluded.severity, reject_media = excluded.reject_media,
               reject_reports = excluded.reject_reports, obfuscate = excluded.obfuscate,
               public_comment = excluded.public_comment,
               state = CASE WHEN e.state IN ('dismissed', 'accepted') THEN e.state ELSE excluded.state END
           WHERE e.state = 'gone' OR (e.severity, e.reject_media, e.reject_reports, e.obfuscate, e.public_comment)
               IS DISTINCT FROM (excluded.severity, excluded.reject_media, excluded.reject_reports, excluded.obfuscate,
                                 excluded.public_comment)""",
        list_id,
        domains,
        severities,
        reject_media,
        reject_reports,
        obfuscate,
        comments,
        state,
        at,
    )


async def mark_gone(conn: Conn, list_id: int, still: Sequence[str]) -> int:
    """All of a list but these; how many there were."""
    return await conn.execute(
        "UPDATE domain_list_entries SET state = 'gone' WHERE list_id = $1 AND domain <> ALL ($2) AND state <> 'gone'",
        list_id,
        still,
    )


async def mark_excluded(conn: Conn, domain: str) -> list[int]:
    """A domain and those below it, in every list; which lists named one."""
    rows = await conn.rows(
        """UPDATE domain_list_entries SET state = 'gone'
           WHERE (domain = $1 OR right(domain, length($1) + 1) = '.' || $1) AND state <> 'gone' RETURNING list_id""",
        domain,
    )
    return sorted({row["list_id"] for row in rows})


async def waiting(conn: Conn, list_id: int, most: int) -> list[Row]:
    """What a moderator, or the list, has decided and nobody has carried out yet."""
    return await conn.rows(
        """SELECT * FROM domain_list_entries WHERE list_id = $1 AND state IN ('accepted', 'gone')
           ORDER BY domain LIMIT $2 FOR UPDATE""",
        list_id,
        most,
    )


async def set_state(conn: Conn, list_id: int, domain: str, state: str) -> None:
    await conn.execute(
        "UPDATE domain_list_entries SET state = $3 WHERE list_id = $1 AND domain = $2", list_id, domain, state
    )


async def remove_entry(conn: Conn, list_id: int, domain: str) -> None:
    await conn.execute("DELETE FROM domain_list_entries WHERE list_id = $1 AND domain = $2", list_id, domain)


async def best(conn: Conn, domain: str, but: int) -> Row | None:
    """What the foremost list says of a domain that is followed in it, apart from one list."""
    return await conn.row(
        """SELECT e.*, l.priority FROM domain_list_entries e JOIN domain_lists l ON l.id = e.list_id
           WHERE e.domain = $1 AND e.list_id <> $2 AND state IN ('accepted', 'in_force')
           ORDER BY l.priority DESC, l.id LIMIT 1""",
        domain,
        but,
    )


async def drafts(conn: Conn, after: str, most: int) -> list[Row]:
    """By name, and of one name those of the foremost list first."""
    return await conn.rows(
        """SELECT e.*, l.name, l.priority FROM domain_list_entries e JOIN domain_lists l ON l.id = e.list_id
           WHERE state = 'draft' AND domain > $1 ORDER BY e.domain, l.priority DESC, l.id LIMIT $2""",
        after,
        most,
    )


async def count_drafts(conn: Conn) -> int:
    return int(await conn.value("SELECT count(*) FROM domain_list_entries WHERE state = 'draft'"))


async def decide_draft(conn: Conn, list_id: int, domain: str, state: str, by: int | None) -> bool:
    """Whether there was one."""
    return bool(
        await conn.execute(
            """UPDATE domain_list_entries SET state = $3, accepted_by = $4
               WHERE list_id = $1 AND domain = $2 AND state = 'draft'""",
            list_id,
            domain,
            state,
            by,
        )
    )


async def accept_all(conn: Conn, list_id: int | None, by: int | None) -> list[int]:
    """Of one list, or of all; which lists had some."""
    rows = await conn.rows(
        """UPDATE domain_list_entries SET state = 'accepted', accepted_by = $2
           WHERE state = 'draft' AND ($1::bigint IS NULL OR list_id = $1) RETURNING list_id""",
        list_id,
        by,
    )
    return sorted({row["list_id"] for row in rows})


async def keep_measures(conn: Conn, list_id: int) -> None:
    """They are the moderators' own from now on."""
    await conn.execute("UPDATE domain_measures SET list_id = NULL WHERE list_id = $1", list_id)


async def forget(conn: Conn, list_id: int) -> None:
    await conn.execute("DELETE FROM domain_list_entries WHERE list_id = $1", list_id)
    await conn.execute("DELETE FROM domain_lists WHERE id = $1", list_id)


async def exclusions(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM domain_exclusions ORDER BY domain")


async def exclude(conn: Conn, domain: str, reason: str, by: int | None, at: datetime) -> None:
    await conn.execute(
        "INSERT INTO domain_exclusions VALUES ($1, $2, $3, $4) ON CONFLICT (domain) DO UPDATE SET reason = $2",
        domain,
        reason,
        by,
        at,
    )


async def include(conn: Conn, domain: str) -> bool:
    return bool(await conn.execute("DELETE FROM domain_exclusions WHERE domain = $1", domain))


async def fetch_anew(conn: Conn) -> None:
    """Read every list whole next time, though it be the same."""
    await conn.execute("UPDATE domain_lists SET etag = ''")
