"""Claimed work, done: duties in one transaction a chunk, errands beside each other."""

import asyncio
import traceback

from palabre.base.db import UNAVAILABLE, Database, Row
from palabre.base.duties import queue
from palabre.base.duties.known import run

CHUNK = 20
MOST = 200


async def work_through(db: Database, *, most: int = MOST) -> int:
    """Claim and do up to `most` due duties and as many errands; how many were claimed."""
    errands = await queue.claim(db, most, errands=True)
    done = await do_duties(db, most=most)
    await asyncio.gather(*(do_errand(db, row) for row in errands))
    return done + len(errands)


async def work_until_done(db: Database) -> int:
    """Do everything that is due, including what follows from it. For tests and commands."""
    total = 0
    while done := await work_through(db):
        total += done
    return total


async def do_duties(db: Database, *, most: int = MOST) -> int:
    """Claim and do up to `most` due duties; how many were claimed."""
    rows = await queue.claim(db, most, errands=False)
    for start in range(0, len(rows), CHUNK):
        await _do_chunk(db, rows[start : start + CHUNK])
    return len(rows)


async def _do_chunk(db: Database, rows: list[Row]) -> None:
    """All in one transaction, which is far cheaper; if one fails, each alone."""
    try:
        async with db.transaction(durable=False) as conn:
            mine = await queue.take(conn, rows)
            for row in rows:
                if row["id"] in mine:
                    await run(conn, row)
    except UNAVAILABLE:
        raise
    except Exception:
        if len(rows) == 1:
            await queue.fail(db, rows[0], traceback.format_exc())
        else:
            for row in rows:
                await _do_chunk(db, [row])


async def do_errand(db: Database, row: Row) -> None:
    """Whatever it meets outside is its own failure, to be tried again: a mail server that is away is no database away."""
    try:
        await run(db, row)
    except Exception:
        await queue.fail(db, row, traceback.format_exc())
    else:
        async with db.transaction() as conn:
            await queue.take(conn, [row])
