"""Reading reviews: what one is to judge again, and where two differed."""

from datetime import datetime

import msgspec

from palabre.base.db import Conn
from palabre.features import accounts
from palabre.features.accounts import AccountView, Caller
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.review import store
from palabre.features.moderation.review.judge import Review
from palabre.features.moderation.rules import check_staff

_MOST = 50


class Due(msgspec.Struct, frozen=True):
    case_id: int
    due_at: datetime


class Disagreement(msgspec.Struct, frozen=True):
    """`decision`: the first; whether it `stands` says if something came of it."""

    review: Review
    decision: Decision
    about: AccountView
    people: dict[int, AccountView]


async def mine(conn: Conn, by: Caller) -> list[Due]:
    """The soonest due first."""
    check_staff(by)
    return [Due(row["case_id"], row["due_at"]) for row in await store.waiting(conn, by.id)]


async def disagreements(conn: Conn, by: Caller) -> list[Disagreement]:
    """Where the one wanted to restrict and the other didn't, the latest first. Not those about the reader himself."""
    check_staff(by)
    found = [Review.of(row) for row in await store.differing(conn, _MOST)]
    decisions = [await find_decision(conn, one.case_id, one.decision_id) for one in found]
    named = {one.moderator_id for one in found} | {one.reviewer_id for one in found}
    people = await accounts.look(conn, (named | {one.account_id for one in decisions}) - {0})
    return [
        Disagreement(one, decision, people[decision.account_id], people)
        for one, decision in zip(found, decisions, strict=True)
        if decision.account_id != by.id
    ]
