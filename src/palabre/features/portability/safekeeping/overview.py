"""How safekeeping stands at this moment: archives, drills, standbys, disk, and the alarms under way."""

import shutil
import socket
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.features.portability import standby
from palabre.features.portability.safekeeping import store
from palabre.settings import current

FEW_MEMBERS = 5
_RUNS = 20


class Run(msgspec.Struct, frozen=True):
    """An archive that was begun. Neither finished nor failed: it is being taken, or was broken off."""

    destination: str
    archive: str
    started_at: datetime
    finished_at: datetime | None
    failed_at: datetime | None
    error: str | None
    rows: int | None
    bytes: int | None
    new_bytes: int | None
    media: int | None


class Plan(msgspec.Struct, frozen=True):
    """`last`: the last archive that was finished; `failed`: how many tries failed since, the newest by `error`."""

    id: int
    destination: str
    encrypted: bool
    every: timedelta
    keep: int
    since: datetime
    next_at: datetime
    last: Run | None
    failed: int
    error: str


class Drill(msgspec.Struct, frozen=True):
    """`well` None: it is running, or was broken off and says nothing."""

    id: int
    destination: str
    archive: str
    started_at: datetime
    finished_at: datetime | None
    well: bool | None
    outcome: dict[str, Any]
    error: str | None


class Trials(msgspec.Struct, frozen=True):
    """The drills of one place. `since`: when the first could be held, None where no plan takes archives there; `last`: the
    last that came to a result; `well`: the last that went well; `broken_off`: how many were begun since without a result."""

    place: str
    since: datetime | None
    last: Drill | None
    well: Drill | None
    broken_off: int


class Standby(msgspec.Struct, frozen=True):
    """`lag_seconds` and `lag_bytes`: how far it is behind, None where nobody knows; `media`: how many wait for it;
    `expected`: it was invited, and has not come yet."""

    name: str
    connected: bool
    synchronous: bool
    lag_seconds: float | None
    lag_bytes: int | None
    media: int = 0
    seen_at: datetime | None = None
    expected: bool = False


class Disk(msgspec.Struct, frozen=True):
    machine: str
    folder: str
    free: int
    total: int


class Alarm(msgspec.Struct, frozen=True):
    kind: str
    subject: str
    since: datetime
    details: dict[str, Any]
    told_at: datetime | None = None
    ended_at: datetime | None = None


class Overview(msgspec.Struct, frozen=True):
    """`by_hand`: the last archive that no plan took; `few`: hardly anybody is here yet; `waits`: nothing can be written as
    a synchronous standby is away."""

    at: datetime
    founded_at: datetime | None
    few: bool
    plans: list[Plan]
    by_hand: Run | None
    trials: list[Trials]
    drilling: Drill | None
    standbys: list[Standby]
    waits: bool
    disk: Disk
    alarms: list[Alarm]


async def look(conn: Conn) -> Overview:
    """All of it, in a few statements. `disk` is that of the machine that asks."""
    runs = defaultdict(list)
    for row in await store.runs(conn, _RUNS):
        runs[row["plan_id"]].append(_run(row))
    plans = [_plan(row, runs[row["id"]]) for row in await store.plans(conn)]
    drills = [_drill(row) for row in await store.drills(conn)]
    founded_at, members = await store.community(conn, FEW_MEMBERS + 1)
    standbys, waits = await _standbys(conn)
    return Overview(
        at=clock.now(),
        founded_at=founded_at,
        few=members <= FEW_MEMBERS,
        plans=plans,
        by_hand=next((run for run in runs[None] if run.finished_at), None),
        trials=_trials(plans, drills),
        drilling=_running(drills, await store.turn(conn, clock.now())),
        standbys=standbys,
        waits=waits,
        disk=disk(current().data),
        alarms=[alarm_of(row) for row in await store.under_way(conn)],
    )


def disk(folder: Path) -> Disk:
    """Of the disk where this folder lies or will lie."""
    there = next(one for one in (folder.resolve(), *folder.resolve().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return Disk(socket.gethostname(), str(there), usage.free, usage.total)


def alarm_of(row: Row) -> Alarm:
    return Alarm(**{name: row[name] for name in Alarm.__struct_fields__})


async def _standbys(conn: Conn) -> tuple[list[Standby], bool]:
    """Those invited, and others that the database knows; and whether writes wait for one that is away."""
    invited = {one.name: one for one in await standby.standbys(conn)}
    found = {row["name"]: row for row in await store.replicas(conn)}
    waited = await store.waited_for(conn)
    return [
        Standby(
            name=name,
            connected=row is not None and row["connected"],
            synchronous=f'"{name}"' in waited or bool(row and row["synchronous"]),
            lag_seconds=row["lag_seconds"] if row else None,
            lag_bytes=row["lag_bytes"] if row else None,
            media=one.waiting if one else 0,
            seen_at=one.seen_at if one else None,
            expected=row is None,
        )
        for name in sorted(invited.keys() | found.keys())
        for one, row in [(invited.get(name), found.get(name))]
    ], await store.writes_wait(conn)


def _run(row: Row) -> Run:
    return Run(**{name: row[name] for name in Run.__struct_fields__})


def _drill(row: Row) -> Drill:
    return Drill(**{name: row[name] for name in Drill.__struct_fields__})


def _running(drills: Sequence[Drill], turn: int | None) -> Drill | None:
    return next((one for one in drills if one.id == turn and one.finished_at is None), None)


def _trials(plans: Sequence[Plan], drills: Sequence[Drill]) -> list[Trials]:
    """`drills`: newest first. Planned places first, in the plans' order."""
    since = {plan.destination.partition("?")[0]: plan.since for plan in plans}
    found = []
    for place in dict.fromkeys([*since, *(one.destination for one in drills)]):
        here = [one for one in drills if one.destination == place]
        found.append(
            Trials(
                place,
                since.get(place),
                last=next((one for one in here if one.well is not None), None),
                well=next((one for one in here if one.well), None),
                broken_off=_broken_off(here),
            )
        )
    return found


def _broken_off(drills: Sequence[Drill]) -> int:
    """How many of the newest never came to a result."""
    ended = [one for one in drills if one.finished_at]
    return next((place for place, one in enumerate(ended) if one.well is not None), len(ended))


def _plan(row: Row, runs: Sequence[Run]) -> Plan:
    """`runs`: newest first."""
    last = next((run for run in runs if run.finished_at), None)
    failed = [run for run in runs if run.failed_at and (last is None or run.started_at > last.started_at)]
    return Plan(
        id=row["id"],
        destination=row["destination"],
        encrypted=bool(row["recipients"]),
        every=row["every"],
        keep=row["keep"],
        since=row["since"],
        next_at=row["next_at"],
        last=last,
        failed=len(failed),
        error=(failed[0].error or "") if failed else "",
    )
