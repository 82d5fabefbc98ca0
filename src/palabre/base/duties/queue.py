"""The rows: put, claimed under a lease, done with, tried again. All SQL of duties."""

import random
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog

from palabre.base import clock, ids
from palabre.base.db import Conn, Database, Row
from palabre.base.duties.known import Duty, P
from palabre.base.live import live
from palabre.base.tables import Table, Tables

TABLES: Tables = {"duties": Table(key="id")}
TOPIC = "duties"
#: After so long somebody else may claim it: its worker died. A slow duty is done once all the same.
LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 14  # with the back-off below: about two days

_log = structlog.get_logger()


async def put(conn: Conn, what: Duty[P], payload: P, *, at: datetime | None = None) -> None:
    """Leave a duty to the workers, to be done after this transaction commits and not before `at`."""
    await put_all(conn, [(what, payload)], at=at)


async def put_all(conn: Conn, work: list[tuple[Duty[Any], Any]], *, at: datetime | None = None) -> None:
    if not work:
        return
    await conn.execute(
        """INSERT INTO duties (id, kind, errand, payload, run_at)
           SELECT id, kind, errand, payload, coalesce($5, now())
           FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::bytea[]) AS new (id, kind, errand, payload)""",
        [ids.new() for _ in work],
        [what.name for what, _ in work],
        [what.errand for what, _ in work],
        [msgspec.json.encode(payload) for _, payload in work],
        at,
    )
    conn.after_commit(lambda: live.publish(TOPIC))


async def claim(db: Database, most: int, *, errands: bool) -> list[Row]:
    """Up to `most` due duties, or errands, put under a lease; the oldest first."""
    async with db.transaction(durable=False) as conn:
        claimed = await conn.rows(
            """UPDATE duties SET attempts = attempts + 1, claimed_at = now(), run_at = now() + $1::interval
               WHERE id = ANY (ARRAY (
                   SELECT id FROM duties WHERE errand = $3 AND run_at <= now() AND dead_at IS NULL
                   ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED))
               RETURNING id, kind, payload, attempts, claimed_at""",
            LEASE,
            most,
            errands,
        )
    return sorted(claimed, key=lambda row: row["id"])


async def take(conn: Conn, rows: list[Row]) -> set[int]:
    """Delete the rows that are still under our lease; which ones were."""
    taken = await conn.rows(
        """DELETE FROM duties USING unnest($1::bigint[], $2::timestamptz[]) AS mine (id, claimed_at)
           WHERE duties.id = mine.id AND duties.claimed_at = mine.claimed_at RETURNING duties.id""",
        [row["id"] for row in rows],
        [row["claimed_at"] for row in rows],
    )
    return {row["id"] for row in taken}


async def renew(db: Database, rows: list[Row], lease: timedelta = LEASE) -> None:
    """Keep what is still under our lease for so long from now on; zero gives it back at once."""
    async with db.transaction(durable=False) as conn:
        await conn.execute(
            """UPDATE duties SET run_at = now() + $3::interval
               FROM unnest($1::bigint[], $2::timestamptz[]) AS mine (id, claimed_at)
               WHERE duties.id = mine.id AND duties.claimed_at = mine.claimed_at""",
            [row["id"] for row in rows],
            [row["claimed_at"] for row in rows],
            lease,
        )


async def fail(db: Database, row: Row, why: str) -> None:
    """To be tried again after a while, or, tried often enough, given up on until somebody looks at it."""
    is_dead = row["attempts"] >= MOST_ATTEMPTS
    _log.error("duty_failed", kind=row["kind"], id=row["id"], attempts=row["attempts"], dead=is_dead, why=why)
    async with db.transaction() as conn:
        await conn.execute(
            """UPDATE duties SET run_at = $3, claimed_at = NULL, dead_at = CASE WHEN $4 THEN now() END, last_error = $5
               WHERE id = $1 AND claimed_at = $2""",
            row["id"],
            row["claimed_at"],
            clock.now() + back_off(row["attempts"]),
            is_dead,
            why[-4_000:],
        )


def back_off(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s… up to six hours, give or take a fifth so that failures don't march in step."""
    seconds = min(2.0**attempts, 6 * 3600)
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - nothing secret about it


async def dead(conn: Conn) -> list[Row]:
    """Duties given up on, newest first, for the operators' page."""
    return await conn.rows(
        "SELECT id, kind, attempts, dead_at, last_error FROM duties WHERE dead_at IS NOT NULL ORDER BY id DESC LIMIT 100"
    )


async def revive(conn: Conn, duty_id: int) -> None:
    await conn.execute("UPDATE duties SET dead_at = NULL, attempts = 0, run_at = now() WHERE id = $1", duty_id)


async def release(conn: Conn) -> int:
    """Give back what is under a lease, because whoever held it is gone; how many. They are due at once."""
    return await conn.execute(
        """UPDATE duties SET run_at = now(), claimed_at = NULL
           WHERE dead_at IS NULL AND run_at > now() AND claimed_at IS NOT NULL"""
    )


async def bring_forward(conn: Conn, by: timedelta) -> None:
    """What waits for a moment that a clock ahead of ours by so much has set."""
    await conn.execute("UPDATE duties SET run_at = run_at - $1::interval WHERE dead_at IS NULL AND run_at > now()", by)


async def waiting(conn: Conn) -> tuple[int, float]:
    """How many duties are due, and for how many seconds the oldest has been."""
    row = await conn.row(
        """SELECT count(*) AS due, coalesce(extract(epoch FROM now() - min(run_at)), 0)::float AS oldest
           FROM duties WHERE run_at <= now() AND dead_at IS NULL"""
    )
    return (row["due"], row["oldest"]) if row else (0, 0.0)
