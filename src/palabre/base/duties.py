"""Work that waits in the database: rows claimed under a lease, each done in a transaction of its own.

A duty's row is deleted by the very transaction that does the work, so `kill -9` loses nothing and does nothing twice.
An errand talks to the outside (mail, HTTP), holds no transaction meanwhile, and may run again after a crash.
"""

import asyncio
import contextlib
import random
import traceback
import typing
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec
import structlog

from palabre.base import clock, ids
from palabre.base.db import UNAVAILABLE, Conn, Database, Row
from palabre.base.live import live
from palabre.base.tables import Table, Tables

TABLES: Tables = {"duties": Table(key="id")}
TOPIC = "duties"
#: After so long somebody else may claim it: its worker died. A slow duty is done once all the same.
LEASE = timedelta(seconds=30)
ERRAND_LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 14  # with the back-off below: about two days
CHUNK = 20

_log = structlog.get_logger()
P = TypeVar("P")


@dataclass(frozen=True)
class Duty(Generic[P]):
    """A function that can be put off: called directly it just runs."""

    name: str
    run: Callable[[Any, P], Awaitable[None]]
    payload: type[P]
    outside: bool

    async def __call__(self, conn: Any, payload: P) -> None:
        await self.run(conn, payload)


_known: dict[str, Duty[Any]] = {}
_current: ContextVar[int] = ContextVar("duty")


def current_id() -> int | None:
    """Of the duty that is being done: the same each time it is tried, also on a host that took over. What an errand sends
    carries it, so that whoever gets it twice can tell. None outside of duties."""
    return _current.get(None)


def duty(function: Callable[[Conn, P], Awaitable[None]]) -> Duty[P]:
    """Mark `async def verb(conn, payload)` as a duty: one transaction, done once."""
    return _register(function, outside=False)


def errand(function: Callable[[Database, P], Awaitable[None]]) -> Duty[P]:
    """Mark `async def verb(db, payload)` as an errand: no transaction, at least once."""
    return _register(function, outside=True)


def _register(function: Callable[[Any, P], Awaitable[None]], outside: bool) -> Duty[P]:
    hints = [hint for name, hint in typing.get_type_hints(function).items() if name != "return"]
    module = function.__module__.removeprefix("palabre.").removeprefix("features.")
    made = Duty(f"{module}.{getattr(function, '__name__', '')}", function, hints[1], outside)
    _known[made.name] = made
    return made


async def put(conn: Conn, what: Duty[P], payload: P, *, at: datetime | None = None) -> None:
    """Leave a duty to the workers, to be done after this transaction commits and not before `at`."""
    await put_all(conn, [(what, payload)], at=at)


async def put_all(conn: Conn, work: list[tuple[Duty[Any], Any]], *, at: datetime | None = None) -> None:
    if not work:
        return
    await conn.execute(
        """INSERT INTO duties (id, kind, payload, run_at)
           SELECT id, kind, payload, coalesce($4, now()) FROM unnest($1::bigint[], $2::text[], $3::bytea[])
               AS new (id, kind, payload)""",
        [ids.new() for _ in work],
        [what.name for what, _ in work],
        [msgspec.json.encode(payload) for _, payload in work],
        at,
    )
    conn.after_commit(lambda: live.publish(TOPIC))


async def work_through(db: Database, *, most: int = 200) -> int:
    """Claim and do up to `most` due duties; how many were claimed."""
    async with db.transaction(durable=False) as conn:
        claimed = await conn.rows(
            """UPDATE duties SET attempts = attempts + 1, claimed_at = now(),
                 run_at = now() + CASE WHEN kind = ANY ($3::text[]) THEN $4::interval ELSE $1::interval END
               WHERE id = ANY (ARRAY (
                   SELECT id FROM duties WHERE run_at <= now() AND dead_at IS NULL
                   ORDER BY run_at LIMIT $2 FOR UPDATE SKIP LOCKED))
               RETURNING id, kind, payload, attempts, claimed_at""",
            LEASE,
            most,
            [kind for kind, known in _known.items() if known.outside],
            ERRAND_LEASE,
        )
    claimed.sort(key=lambda row: row["id"])
    inside = [row for row in claimed if (known := _known.get(row["kind"])) and not known.outside]
    chunks = [inside[start : start + CHUNK] for start in range(0, len(inside), CHUNK)]
    for chunk in chunks:
        await _do_chunk(db, chunk)
    outside = [row for row in claimed if (known := _known.get(row["kind"])) and known.outside]
    await asyncio.gather(*(_do_outside(db, row) for row in outside))
    for row in claimed:
        if row["kind"] not in _known:
            await _failed(db, row, f"this version knows no duty {row['kind']!r}")
    return len(claimed)


async def work_until_done(db: Database) -> int:
    """Do everything that is due, including what follows from it. For tests and commands."""
    total = 0
    while done := await work_through(db):
        total += done
    return total


async def _do_chunk(db: Database, rows: list[Row]) -> None:
    """All in one transaction, which is far cheaper; if one fails, each alone."""
    try:
        async with db.transaction(durable=False) as conn:
            mine = await _take(conn, rows)
            for row in rows:
                if row["id"] in mine:
                    await _run(conn, row)
    except UNAVAILABLE:
        raise
    except Exception:
        if len(rows) == 1:
            await _failed(db, rows[0], traceback.format_exc())
        else:
            for row in rows:
                await _do_chunk(db, [row])


async def _do_outside(db: Database, row: Row) -> None:
    try:
        await _run(db, row)
    except UNAVAILABLE:
        raise
    except Exception:
        await _failed(db, row, traceback.format_exc())
    else:
        async with db.transaction() as conn:
            await _take(conn, [row])


async def _take(conn: Conn, rows: list[Row]) -> set[int]:
    """Delete the rows that are still under our lease; which ones were."""
    taken = await conn.rows(
        """DELETE FROM duties USING unnest($1::bigint[], $2::timestamptz[]) AS mine (id, claimed_at)
           WHERE duties.id = mine.id AND duties.claimed_at = mine.claimed_at RETURNING duties.id""",
        [row["id"] for row in rows],
        [row["claimed_at"] for row in rows],
    )
    return {row["id"] for row in taken}


async def _run(conn: Conn | Database, row: Row) -> None:
    what = _known[row["kind"]]
    _current.set(row["id"])
    await what.run(conn, msgspec.json.decode(row["payload"], type=what.payload))


async def _failed(db: Database, row: Row, why: str) -> None:
    dead = row["attempts"] >= MOST_ATTEMPTS
    _log.error("duty_failed", kind=row["kind"], id=row["id"], attempts=row["attempts"], dead=dead, why=why)
    async with db.transaction() as conn:
        await conn.execute(
            """UPDATE duties SET run_at = $3, dead_at = CASE WHEN $4 THEN now() END, last_error = $5
               WHERE id = $1 AND claimed_at = $2""",
            row["id"],
            row["claimed_at"],
            clock.now() + back_off(row["attempts"]),
            dead,
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
           WHERE dead_at IS NULL AND run_at > now() AND run_at IN (claimed_at + $1::interval, claimed_at + $2::interval)""",
        LEASE,
        ERRAND_LEASE,
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


async def work_forever(db: Database, stop: asyncio.Event) -> None:
    """The worker's loop: woken by `live`, and polling every second behind it."""
    async with live.listen(TOPIC, backlog=1) as news:
        while not stop.is_set():
            try:
                if await work_through(db):
                    continue
            except (*UNAVAILABLE, OSError) as error:
                _log.warning("database_away", error=str(error))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await news.get()
