"""Archives that are taken by themselves: where to, how often, for whom, and how many are kept.

A plan that is due is claimed by moving `next_at` on by a lease, which its worker renews; each runs in a process of its own.
"""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from palabre.base import clock, ids
from palabre.base.blobs import Blobs
from palabre.base.db import UNAVAILABLE, Database, Row
from palabre.base.errors import NotFound, Refused
from palabre.features.portability.archive import store
from palabre.features.portability.archive.places import PlaceProblem, is_tar, open_place, shown
from palabre.features.portability.archive.recipients import make_key
from palabre.features.portability.archive.rows import Progress
from palabre.features.portability.archive.sealing import Seal, public_half
from palabre.features.portability.archive.taking import Taken, owner_of, take
from palabre.settings import current

LEASE = timedelta(minutes=5)
_MOST = timedelta(hours=6)  # between a failure and the next try
_EVERY = re.compile(r"([1-9][0-9]{0,4})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_log = structlog.get_logger()
_running: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class Plan:
    """`recipients`: none, where it is plain."""

    id: int
    destination: str
    options: dict[str, str]
    recipients: list[str]
    every: timedelta
    keep: int
    next_at: datetime

    @property
    def shown(self) -> str:
        return shown(self.destination)

    def seal(self) -> Seal:
        """For its recipients, and for this machine's own key, by which archives are tried out here."""
        return Seal([*self.recipients, drill_key()] if self.recipients else [])


def read_every(text: str) -> timedelta:
    """`30m`, `24h`, `7d`. Raises Refused."""
    found = _EVERY.fullmatch(text.strip())
    if found is None:
        raise Refused(f"--schedule must be off, or minutes, hours or days as in 30m, 24h or 7d; not {text}.")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def full(destination: str) -> str:
    """A folder by its whole path: workers run elsewhere."""
    return destination if "://" in destination else str(Path(destination).absolute())


async def schedule(
    db: Database, destination: str, options: dict[str, str], recipients: Sequence[str], every: timedelta, keep: int
) -> None:
    """Take archives there from now on. Raises PlaceProblem where that can't be."""
    if is_tar(destination):
        raise PlaceProblem("A schedule needs a folder or an object store, which hold several archives.")
    destination = full(destination)
    async with open_place(destination, options) as place:
        await place.marked(current().name, await owner_of(db))
    if recipients:
        drill_key()
    async with db.transaction() as conn:
        await store.put_plan(conn, ids.new(), destination, options, recipients, every, keep, clock.now())


async def unschedule(db: Database, destination: str) -> None:
    """What lies there stays. Raises NotFound."""
    async with db.transaction() as conn:
        if not await store.drop_plan(conn, full(destination)):
            raise NotFound(f"Nothing is scheduled for {shown(destination)}; --schedules lists all.")


async def all_plans(db: Database) -> list[Plan]:
    async with db.reading() as conn:
        return [_plan(row) for row in await store.plans(conn)]


async def plan_for(db: Database, destination: str) -> Plan | None:
    async with db.reading() as conn:
        row = await store.plan_for(conn, full(destination))
    return _plan(row) if row else None


async def last_runs(db: Database) -> dict[int, Row]:
    """The latest run of each plan, by its id."""
    async with db.reading() as conn:
        return {row["plan_id"]: row for row in await store.last_runs(conn)}


async def run_plan(db: Database, media: Blobs, plan_id: int, progress: Progress) -> Taken:
    """One archive, as planned. Raises Refused, and then that is on record."""
    async with db.reading() as conn:
        row = await store.plan(conn, plan_id)
    if row is None:
        raise NotFound(f"There is no plan {plan_id}; --schedules lists all.")
    plan = _plan(row)
    return await take(
        db,
        media,
        plan.destination,
        plan.options,
        seal=plan.seal(),
        progress=progress,
        plan_id=plan.id,
        keep=plan.keep,
    )


async def run_due(db: Database) -> None:
    """Begin what is due, unless an archive is being taken by this process; it goes on by itself."""
    if _running:
        return
    async with db.transaction() as conn:
        plan_id = await store.claim_plan(conn, clock.now(), LEASE)
    if plan_id is not None:
        task = asyncio.create_task(_run(db, plan_id))
        _running.add(task)
        task.add_done_callback(_running.discard)


def drill_key() -> str:
    """The public half of the key that this machine tries archives out with; made when it is missing."""
    file = drill_file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(Refused):  # another was quicker
            make_key(file)
    lines = [line for line in file.read_text().splitlines() if line.startswith("AGE-SECRET-KEY-")]
    if not lines:
        raise Refused(f"{file} holds no key: remove it, and a new one is made.")
    return public_half(lines[0])


def drill_file() -> Path:
    return current().data / "drill.key"


async def _run(db: Database, plan_id: int) -> None:
    """In a process of its own: it takes memory and all cores for a while, and a worker has other things to do."""
    began = clock.now()
    command = [sys.executable, "-m", "palabre", "archive", "--plan", str(plan_id), "--leashed"]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ}, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        said = await _watched(db, plan_id, process)
        async with db.transaction() as conn:
            pause = None if process.returncode == 0 else _pause(await store.failures(conn, plan_id))
            next_at = clock.now() + pause if pause else began + await store.every(conn, plan_id)
            await store.set_next(conn, plan_id, next_at)
        if pause:
            _log.error("archive_failed", plan=plan_id, why=said, again_in=str(pause))
    except (*UNAVAILABLE, OSError) as error:
        _log.warning("database_away", round="run_due", error=str(error))  # the lease ends, and it is due again
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _pause(failures: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(failures, 10)), _MOST)


async def _watched(db: Database, plan_id: int, process: asyncio.subprocess.Process) -> str:
    """Until it ends, the lease being renewed; what it said."""
    assert process.stderr is not None
    saying = asyncio.create_task(process.stderr.read())
    while not (await asyncio.wait({saying}, timeout=LEASE.total_seconds() / 5))[0]:
        async with db.transaction() as conn:
            await store.set_next(conn, plan_id, clock.now() + LEASE)
    await process.wait()
    return (await saying).decode(errors="replace").strip()[-1000:]


def _plan(row: Row) -> Plan:
    return Plan(
        row["id"], row["destination"], row["options"], row["recipients"], row["every"], row["keep"], row["next_at"]
    )
