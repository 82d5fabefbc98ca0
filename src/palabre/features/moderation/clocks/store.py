"""All SQL of the clocks."""

from collections.abc import Sequence
from datetime import datetime

from palabre.base.db import Conn, Row


async def unwound(conn: Conn, limit: int) -> list[Row]:
    """Open cases whose deadline is not the one that their alarms were set by."""
    return await conn.rows(
        """SELECT id, opened_at, due_at FROM cases WHERE state = 'open' AND wound_for IS DISTINCT FROM due_at AND id > $2
           ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED""",
        limit,
        0,
    )


async def ringing(conn: Conn, now: datetime, lanes: Sequence[str], limit: int) -> list[Row]:
    """Cases whose alarm is due; in some lanes only."""
    return await conn.rows(
        """SELECT id, account_id, lane, opened_at, due_at FROM cases
           WHERE state = 'open' AND alarm_at <= $1 AND lane = ANY ($2)
           ORDER BY alarm_at LIMIT $3 FOR UPDATE SKIP LOCKED""",
        now,
        lanes,
        limit,
    )


async def appeals_waiting(conn: Conn, limit: int) -> list[Row]:
    """Appeals that moderators have to answer, as cases whose clock began with them; the soonest due first."""
    return await conn.rows(
        """SELECT c.id, c.account_id, 'deadline' AS lane, a.lodged_at AS opened_at, a.due_at
           FROM appeals a JOIN cases c ON c.id = a.case_id
           WHERE a.state IN ('open', 'jury') AND a.state = 'open' ORDER BY a.due_at, a.id LIMIT $1""",
        limit,
    )


async def last_rang(conn: Conn, lane: str) -> datetime | None:
    found: datetime | None = await conn.value("SELECT max(rang_at) FROM case_alarms WHERE lane = $1", lane)
    return found


async def set_alarms(conn: Conn, set_to: Sequence[tuple[int, datetime | None]]) -> None:
    await conn.execute(
        """UPDATE cases SET alarm_at = new.at, wound_for = due_at
           FROM unnest($1::bigint[], $2::timestamptz[]) AS new (id, at) WHERE cases.id = new.id""",
        [case_id for case_id, _ in set_to],
        [at for _, at in set_to],
    )


async def rang(conn: Conn, case_ids: Sequence[int]) -> list[Row]:
    return await conn.rows("SELECT case_id, due_at, share FROM case_alarms WHERE case_id = ANY ($1)", case_ids)


async def note_ringing(conn: Conn, rows: Sequence[tuple[int, datetime, float, str]], at: datetime) -> set[int]:
    """Which cases this is news of."""
    noted = await conn.rows(
        """INSERT INTO case_alarms (case_id, due_at, share, lane, rang_at)
           SELECT *, $5 FROM unnest($1::bigint[], $2::timestamptz[], $3::float8[], $4::text[])
           ON CONFLICT DO NOTHING RETURNING case_id""",
        *(list(column) for column in zip(*rows, strict=True)),
        at,
    )
    return {row["case_id"] for row in noted}


async def staff(conn: Conn, *, owners: bool = False) -> list[Row]:
    """Whom to tell: account, address and language."""
    return await conn.rows(
        """SELECT account_id, email, locale FROM members JOIN accounts ON id = account_id
           WHERE role = ANY ($1) AND standing NOT IN ('suspended', 'deleted')""",
        ["owner"] if owners else ["owner", "moderator"],
    )


async def first_due(conn: Conn, by: float) -> datetime | None:
    """Since when something is overdue, a case or an appeal."""
    found: datetime | None = await conn.value(
        """SELECT least(
             (SELECT due_at FROM cases WHERE state = 'open' AND due_order > $1 AND due_order <= $2
              ORDER BY due_order, id LIMIT 1),
             (SELECT due_at FROM appeals WHERE state IN ('open', 'jury') AND state = 'open' AND due_at <= to_timestamp($2)
              ORDER BY due_at, id LIMIT 1))""",
        float("-inf"),
        by,
    )
    return found


async def last_act(conn: Conn) -> datetime | None:
    """When a moderator last did anything to a case."""
    found: datetime | None = await conn.value(
        """SELECT max(at) FROM case_events WHERE actor_id IS NOT NULL AND kind IN
           ('assigned', 'unassigned', 'noted', 'decided', 'undone', 'reopened', 'recategorised', 'raised', 'looked',
            'overturned', 'appeal_asked', 'appeal_decided', 'sent_to_jury')"""
    )
    return found
