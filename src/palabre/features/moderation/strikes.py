"""Strikes: decisions against somebody that still count, and what the ladder proposes next. Never decides anything.

They are derived from the decisions, so that what is taken back or overturned is no strike any more.
"""

from datetime import datetime, timedelta

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.features.moderation import store
from palabre.features.moderation.actions import ACTIONS
from palabre.settings import current, step_of

_COUNT = [action.name for action in ACTIONS.values() if action.restricts or action.name == "warn"]


class Strike(msgspec.Struct, frozen=True):
    case_id: int
    decision_id: int
    action: str
    decided_at: datetime
    ends_at: datetime


class Step(msgspec.Struct, frozen=True):
    """A rung of the ladder. `hours` None: until it is taken back."""

    action: str
    hours: float | None


async def strikes(conn: Conn, account_id: int) -> list[Strike]:
    """Those that count today, the one that ends first first."""
    lasts = timedelta(days=current().strike_days)
    rows = await store.strikes(conn, account_id, clock.now() - lasts, _COUNT)
    return [
        Strike(row["case_id"], row["id"], row["action"], row["decided_at"], row["decided_at"] + lasts) for row in rows
    ]


def proposed(standing: int) -> Step | None:
    """What the ladder says for somebody with so many strikes; its last rung for all who have more."""
    ladder = current().ladder
    return Step(*step_of(ladder[min(standing, len(ladder) - 1)])) if ladder else None
