"""The rules of the clocks: pure functions, no I/O."""

from collections.abc import Sequence
from datetime import datetime, timedelta

#: The cases of a lane ring together, so often at most: a flood of reports must not become a flood of mail.
GATHERED = {"deadline": timedelta(), "threat": timedelta(minutes=10), "rest": timedelta(hours=1)}


def alarm_times(opened_at: datetime, due_at: datetime, shares: Sequence[float]) -> list[tuple[datetime, float]]:
    """When each alarm rings, the first one first."""
    whole = max(due_at - opened_at, timedelta())
    return sorted(((due_at - whole * share, share) for share in shares), key=lambda one: (one[0], -one[1]))


def next_alarm(
    opened_at: datetime, due_at: datetime, shares: Sequence[float], rang: Sequence[float], now: datetime
) -> datetime | None:
    """When to ring next. Of those that were missed, only the most pressing still matters."""
    times = [one for one in alarm_times(opened_at, due_at, shares) if all(one[1] < share for share in rang)]
    missed = [at for at, _ in times if at <= now]
    return missed[-1] if missed else times[0][0] if times else None


def ringing(opened_at: datetime, due_at: datetime, shares: Sequence[float], now: datetime) -> float | None:
    """The most pressing alarm whose time has come."""
    come = [share for at, share in alarm_times(opened_at, due_at, shares) if at <= now]
    return min(come) if come else None


def brakes(now: datetime, overdue_since: datetime | None, last_act: datetime | None, idle: timedelta) -> bool:
    """Whether moderators have been away for too long, with something overdue."""
    if overdue_since is None:
        return False
    return now - max(overdue_since, last_act or overdue_since) > idle
