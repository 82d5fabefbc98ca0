"""The rules of triage: pure functions, no I/O."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base.errors import Refused

LANES = ("deadline", "threat", "rest")
ORDERS = ("priority", "due", "oldest", "newest")
#: Of a reporter of whom nothing is known: as often right as wrong, and four decisions say more than that.
PRIOR = 2.0
LAST_REPORTS = 100
#: Of the queue's places, every so many goes to the case that has waited longest.
OLDEST_EVERY = 5
#: A record that moved by less than this changes nobody's place.
WORTH_WEIGHING = 0.1
#: Decisions with less than this between them are "in a row".
BREATH = timedelta(minutes=20)
MOST_IN_A_ROW = 200
LONGEST_NAME = 60
MOST_FILTERS = 30


class Record(msgspec.Struct, frozen=True):
    """What became of somebody's reports."""

    upheld: int = 0
    refused: int = 0

    @property
    def log_odds(self) -> float:
        """That the next one is right: the odds at the mean of the Beta posterior."""
        return math.log((self.upheld + PRIOR) / (self.refused + PRIOR))


class Filter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which cases are wanted. `assigned_to`: an account, 0 nobody, -1 oneself. `group_id`: those alike. `older_than`: hours.
    `more_than`: at least so many alike.
    """

    state: str = "open"
    category: str | None = None
    source: str | None = None
    lane: str | None = None
    severity: int | None = None
    assigned_to: int | None = None
    account_id: int | None = None
    words: str = ""
    older_than: float | None = None
    overdue: bool = False
    more_than: int | None = None
    group_id: int | None = None


def outcome(decisions: Sequence[Any]) -> bool | None:
    """Whether a report was right, by the last decision on its case. None: nobody has said.

    One that was overturned says the opposite of what it said; one that its moderator took back, nothing.
    """
    if not decisions:
        return None
    last = decisions[-1]
    if last["ended"] == "undone":
        return None
    right = bool(last["action"] != "dismiss")
    return not right if last["ended"] == "overturned" else right


def in_a_row(times: Sequence[datetime], now: datetime) -> int:
    """How many of these (the latest first) were taken without a pause up to now."""
    later, count = now, 0
    for at in times:
        if later - at > BREATH:
            break
        later, count = at, count + 1
    return count


def check_order(order: str) -> str:
    if order not in ORDERS:
        raise Refused(f"must be one of {', '.join(ORDERS)}", field="order", code="inclusion")
    return order


def check_name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("can't be blank", field="name", code="blank")
    if len(name) > LONGEST_NAME:
        raise Refused(f"is too long (maximum is {LONGEST_NAME} characters)", field="name", code="too_long")
    return name
