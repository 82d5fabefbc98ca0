"""What is wrong with safekeeping: pure functions, no I/O."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from palabre.features.portability.safekeeping.overview import Disk, Overview, Plan, Standby, Trials

#: How long something must last before the owners are told: a standby that restarts is no alarm.
PATIENCE = {
    "archive_late": timedelta(minutes=5),
    "standby_away": timedelta(minutes=2),
    "standby_lag": timedelta(minutes=2),
    "writes_wait": timedelta(seconds=30),
}
NO_ARCHIVE_AFTER = timedelta(days=7)
LITTLE_DISK = 2 * 1024**3
BROKEN_OFF = 3
_DAY = timedelta(days=1)

Trouble = tuple[str, str, dict[str, object]]


def wrong(seen: Overview, drill_days: int, lag_limit: float) -> Iterator[Trouble]:
    """(kind, which plan, standby or machine, details) of all that is wrong."""
    for plan in seen.plans:
        if archive_late(plan, seen.at):
            last = plan.last.finished_at if plan.last else None
            yield "archive_late", plan.destination, {"last": last, "failed": plan.failed, "error": plan.error[:500]}
    if not seen.plans and not seen.few and seen.founded_at and seen.at - seen.founded_at > NO_ARCHIVE_AFTER:
        yield "no_archive", "", {}
    for trials in seen.trials:
        if trials.last and trials.last.well is False:
            yield (
                "drill_failed",
                trials.place,
                {"at": trials.last.finished_at, "error": (trials.last.error or "")[:500]},
            )
        elif trials.broken_off >= BROKEN_OFF:
            error = f"{trials.broken_off} drills in a row were broken off."
            yield "drill_failed", trials.place, {"at": seen.at, "error": error}
        if drill_late(trials, drill_days, seen.at):
            yield "drill_late", trials.place, {"last": trials.last.started_at if trials.last else None}
    for standby in seen.standbys:
        if standby.expected:
            continue
        if not standby.connected:
            yield "standby_away", standby.name, {"seen_at": standby.seen_at}
        elif lags(standby, lag_limit):
            yield "standby_lag", standby.name, {"seconds": round(standby.lag_seconds or 0)}
    if seen.waits:
        yield "writes_wait", "", {}
    if nearly_full(seen.disk):
        yield "disk_full", seen.disk.machine, {"folder": seen.disk.folder, "free": seen.disk.free}


def archive_late(plan: Plan, now: datetime) -> bool:
    """Overdue by more than half of what lies between two, or failing again and again."""
    last = plan.last.started_at if plan.last else plan.since
    return plan.failed >= 2 or now - plan.next_at > plan.every / 2 or now - last > plan.every * 1.5


def drill_late(trials: Trials, drill_days: int, now: datetime) -> bool:
    """None has come to an end for a day longer than it should be. Failed ones count: they are told of as such."""
    if not drill_days or not trials.since:
        return False
    last = max(trials.last.started_at, trials.since) if trials.last else trials.since
    return now - last > timedelta(days=drill_days) + _DAY


def lags(standby: Standby, limit: float) -> bool:
    return standby.lag_seconds is not None and standby.lag_seconds > limit


def nearly_full(disk: Disk) -> bool:
    return disk.free < LITTLE_DISK
