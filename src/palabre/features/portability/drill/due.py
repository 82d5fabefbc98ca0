"""Drills that are held by themselves: in a process of their own, which takes memory and time that a worker doesn't have."""

import asyncio
import os
import sys
from datetime import datetime, timedelta

import structlog

from palabre.base import clock
from palabre.base.db import Database
from palabre.features.portability.drill import store
from palabre.features.portability.drill.scratch import folder, sweep
from palabre.settings import current

#: When to try again after one that failed, and after one that was broken off.
_FAILED, _BROKEN_OFF = timedelta(days=1), timedelta(hours=1)
_log = structlog.get_logger()
_running: set[asyncio.Task[None]] = set()


async def hold_due(db: Database) -> None:
    """Begin a drill where it is time for one and none is under way; it goes on by itself. Each place has drills of its own:
    of two copies one may be broken for long. What killed ones left is swept."""
    if _running:
        return
    await asyncio.to_thread(sweep, folder())
    async with db.reading() as conn:
        if await store.turn(conn, clock.now()):
            return
        places = await store.places(conn)
    place = next((one for one in places if is_due(one["started_at"], one["well"], clock.now())), None)
    if place:
        task = asyncio.create_task(_run(place["destination"].partition("?")[0]))
        _running.add(task)
        task.add_done_callback(_running.discard)


def is_due(last: datetime | None, well: bool | None, now: datetime) -> bool:
    """`well`: how the last one went; None where it was broken off."""
    if not current().drill_days:
        return False
    if last is None:
        return True
    usual = timedelta(days=current().drill_days)
    return now - last >= (usual if well else min(usual, _FAILED if well is False else _BROKEN_OFF))


async def _run(place: str) -> None:
    """It takes its turn itself: of two begun at once, one ends at once."""
    command = [sys.executable, "-m", "palabre", "drill", "--from", place, "--scheduled", "--leashed"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ}, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = await process.communicate()
        if process.returncode:
            _log.error("drill_failed", why=said.decode(errors="replace").strip()[-1000:])
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
