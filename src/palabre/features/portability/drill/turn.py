"""One drill at a time, on all machines: a row under a lease, which a drill renews for as long as it lives."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from palabre.base import clock, ids
from palabre.base.db import UNAVAILABLE, Database
from palabre.base.errors import Refused
from palabre.features.portability.drill import store

LEASE = timedelta(seconds=30)
_log = structlog.get_logger()


@contextlib.asynccontextmanager
async def turn(db: Database, destination: str) -> AsyncIterator[int]:
    """The id of a drill begun now. Raises Refused while another is under way."""
    drill_id, now = ids.new(), clock.now()
    async with db.transaction() as conn:
        if not await store.take_turn(conn, drill_id, now, now + LEASE):
            raise Refused("Another drill is under way: wait until it has ended. `palabre safekeeping` shows it.")
        await store.break_off(conn, drill_id, now)
        await store.begin(conn, drill_id, destination, now)
    renewing = asyncio.create_task(_renew(db, drill_id))
    try:
        yield drill_id
    finally:
        renewing.cancel()
        with contextlib.suppress(*UNAVAILABLE, OSError):
            async with db.transaction() as conn:
                await store.keep_turn(conn, drill_id, clock.now() - timedelta(seconds=1))


async def _renew(db: Database, drill_id: int) -> None:
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 6)
        try:
            async with db.transaction() as conn:
                await store.keep_turn(conn, drill_id, clock.now() + LEASE)
        except (*UNAVAILABLE, OSError) as error:
            _log.warning("database_away", round="drill", error=str(error))
