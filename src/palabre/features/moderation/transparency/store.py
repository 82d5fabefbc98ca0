"""All SQL of the public log, the reports and the statements."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from palabre.base.db import Conn, Row
from palabre.features.moderation.log import Entry


async def logs(conn: Conn, case_ids: Sequence[int]) -> dict[int, list[Entry]]:
    """The whole logs of these cases."""
    rows = await conn.rows(
        "SELECT case_id, seq, at, actor_id, kind, data FROM case_events WHERE case_id = ANY ($1) ORDER BY case_id, seq",
        case_ids,
    )
    found: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        data = msgspec.json.decode(row["data"])
        found[row["case_id"]].append(Entry(row["seq"], row["at"], row["actor_id"], row["kind"], data))
    return found


async def cases_between(conn: Conn, start: datetime, end: datetime, after: int, limit: int) -> list[int]:
    """Cases in which anything happened."""
    rows = await conn.rows(
        """SELECT DISTINCT case_id FROM case_events WHERE at >= $1 AND at < $2 AND case_id > $3
           ORDER BY case_id LIMIT $4""",
        start,
        end,
        after,
        limit,
    )
    return [row["case_id"] for row in rows]


async def count_cases_between(conn: Conn, start: datetime, end: datetime) -> int:
    return int(
        await conn.value("SELECT count(DISTINCT case_id) FROM case_events WHERE at >= $1 AND at < $2", start, end)
    )


async def recount(conn: Conn, start: datetime, end: datetime) -> list[Row]:
    """By PostgreSQL itself, straight from the entries: (figure, name, how many)."""
    return await conn.rows(
        """WITH entries AS (SELECT kind, data::jsonb AS data FROM case_events WHERE at >= $1 AND at < $2)
           SELECT 'reports' AS figure, coalesce(data #>> '{report,source}', 'member') AS name, count(*) AS found
             FROM entries WHERE kind = 'reported' GROUP BY 2
           UNION ALL SELECT 'categories', coalesce(data #>> '{report,category}', 'other'), count(*)
             FROM entries WHERE kind = 'reported' GROUP BY 2
           UNION ALL SELECT 'decisions', data ->> 'action', count(*) FROM entries WHERE kind = 'decided' GROUP BY 2
           UNION ALL SELECT 'grounds', CASE WHEN data ->> 'action' = 'dismiss' THEN 'none'
                                            WHEN coalesce(data ->> 'law', '') <> '' THEN 'law' ELSE 'terms' END, count(*)
             FROM entries WHERE kind = 'decided' GROUP BY 2
           UNION ALL SELECT 'deciders', coalesce(data ->> 'decided_by', 'moderator'), count(*)
             FROM entries WHERE kind = 'decided' GROUP BY 2
           UNION ALL SELECT 'taken_back', kind, count(*)
             FROM entries WHERE kind IN ('undone', 'expired', 'overturned') GROUP BY 2
           UNION ALL SELECT 'complaints', 'received', count(*) FROM entries WHERE kind = 'appealed' HAVING count(*) > 0
           UNION ALL SELECT 'complaints', 'decided', count(*)
             FROM entries WHERE kind = 'appeal_decided' HAVING count(*) > 0
           UNION ALL SELECT 'juries', 'panels', count(*)
             FROM entries WHERE kind IN ('jury_closed', 'panel_closed') HAVING count(*) > 0""",
        start,
        end,
    )


async def insert_public(
    conn: Conn,
    month: date,
    public_id: str,
    at: datetime,
    seal: int,
    case_id: int,
    seq: int,
    refers_to: str | None,
    entry: str,
) -> None:
    await conn.execute(
        "INSERT INTO public_log VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        month,
        public_id,
        at,
        seal,
        case_id,
        seq,
        refers_to,
        entry,
    )


async def public_months(conn: Conn) -> list[Row]:
    """From each month to the one before it: few steps, however many entries there are."""
    return await conn.rows(
        """WITH RECURSIVE found AS (
               SELECT max(month) AS month FROM public_log
               UNION ALL SELECT (SELECT max(month) FROM public_log p WHERE p.month < found.month) FROM found
                 WHERE found.month IS NOT NULL)
           SELECT month FROM found WHERE month IS NOT NULL"""
    )


async def public_of_month(conn: Conn, month: date, before: str | None, limit: int) -> list[Row]:
    """`before`: the entry that the page before ended with."""
    return await conn.rows(
        """SELECT * FROM public_log WHERE month = $1 AND ($2::text IS NULL OR
             (at, id) < (SELECT at, id FROM public_log WHERE month = $1 AND id = $2))
           ORDER BY at DESC, id DESC LIMIT $3""",
        month,
        before,
        limit,
    )


async def public_latest(conn: Conn, limit: int) -> list[Row]:
    return await conn.rows("SELECT * FROM public_log ORDER BY month DESC, at DESC, id DESC LIMIT $1", limit)


async def public_between(conn: Conn, start: datetime, end: datetime) -> list[Row]:
    return await conn.rows(
        "SELECT * FROM public_log WHERE month >= $1 AND month <= $2 AND at >= $3 AND at < $4",
        start.date().replace(day=1),
        end.date(),
        start,
        end,
    )


async def sealed(conn: Conn, case_ids: Sequence[int]) -> dict[int, int]:
    """How many entries of each case's log are sealed."""
    rows = await conn.rows("SELECT id, sealed FROM cases WHERE id = ANY ($1)", case_ids)
    return {row["id"]: row["sealed"] for row in rows}


async def keep_report(conn: Conn, starts: date, ends: date, at: datetime, seal: int, numbers: str) -> None:
    await conn.execute(
        """INSERT INTO transparency_reports VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (starts, ends) DO UPDATE SET made_at = $3, seal = $4, numbers = $5""",
        starts,
        ends,
        at,
        seal,
        numbers,
    )


async def report(conn: Conn, starts: date, ends: date) -> Row | None:
    return await conn.row("SELECT * FROM transparency_reports WHERE starts = $1 AND ends = $2", starts, ends)


async def reports(conn: Conn) -> list[Row]:
    return await conn.rows("SELECT * FROM transparency_reports ORDER BY ends DESC, starts DESC")


async def first_entry(conn: Conn) -> datetime | None:
    found: datetime | None = await conn.value("SELECT min(at) FROM case_events")
    return found


async def decisions_between(conn: Conn, start: datetime, end: datetime) -> list[Row]:
    """By their entries in the log, which an index finds by time."""
    return await conn.rows(
        """SELECT d.*, e.seq FROM case_events e
           JOIN decisions d ON d.case_id = e.case_id AND d.id = (e.data::jsonb ->> 'decision')::bigint
           WHERE e.kind = 'decided' AND e.at >= $1 AND e.at < $2 ORDER BY e.at, e.case_id, e.seq""",
        start,
        end,
    )


async def about_cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    """What was reported in these cases: categories and sources of each report."""
    return await conn.rows(
        "SELECT case_id, category, source, created_at FROM reports WHERE case_id = ANY ($1)", case_ids
    )


async def snapshots(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT case_id, post_id, content FROM snapshots WHERE case_id = ANY ($1)", case_ids)


async def names_of(conn: Conn, account_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT username, display_name FROM accounts WHERE id = ANY ($1)", account_ids)


async def public_of_cases(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    """Reads the whole public log: for checking it, outside of requests."""
    return await conn.rows("SELECT * FROM public_log WHERE case_id = ANY ($1)", case_ids)


async def sealed_entries(conn: Conn, case_ids: Sequence[int]) -> dict[int, int]:
    """Case -> how many of its entries a seal covers."""
    rows = await conn.rows("SELECT id, sealed FROM cases WHERE id = ANY ($1)", case_ids)
    return {row["id"]: row["sealed"] for row in rows}
