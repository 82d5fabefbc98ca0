"""Judging a case again, blind; and the flag that is raised where two moderators want different things."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from palabre.base import clock, events
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.duties import duty
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import log, reports, telling
from palabre.features.moderation import store as cases
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.reports import Report
from palabre.features.moderation.review import store
from palabre.features.moderation.review.events import Reviewed
from palabre.features.moderation.rules import check_staff, check_words


class Review(msgspec.Struct, frozen=True):
    """`moderator_id`: who made the decision, and `reviewer_id`: who made it again."""

    case_id: int
    decision_id: int
    moderator_id: int
    reviewer_id: int
    action: str
    reason: str
    same_action: bool
    same_direction: bool
    done_at: datetime

    @classmethod
    def of(cls, row: Row) -> "Review":
        return cls(**{name: row[name] for name in cls.__struct_fields__})


async def review(
    conn: Conn, by: Caller, case_id: int, action: str, reason: str, rule_ids: Sequence[int] = ()
) -> Review:
    """What one would have decided. It changes nothing by itself. Raises NotFound for what isn't one's to judge again."""
    check_staff(by)
    await cases.lock_case(conn, case_id)
    row = await store.waiting_in(conn, by.id, case_id)
    if row is None:
        raise NotFound
    if action not in ACTIONS:
        raise Refused("is not included in the list", field="action", code="inclusion")
    await reports.check_rules(conn, rule_ids)
    reason = check_words("reason", clean(reason))
    first = await find_decision(conn, case_id, row["decision_id"])
    made = Review(
        case_id=case_id,
        decision_id=first.id,
        moderator_id=first.moderator_id,
        reviewer_id=by.id,
        action=action,
        reason=reason,
        same_action=action == first.action,
        same_direction=restrains(action) == restrains(first.action),
        done_at=clock.now(),
    )
    await store.finish(conn, msgspec.structs.asdict(made))
    noted = {"decision_id": first.id, "action": action, "rule_ids": list(rule_ids), "reason": reason}
    noted |= {"same_action": made.same_action, "same_direction": made.same_direction}
    await log.append(conn, case_id, by.id, "reviewed", noted)
    await events.record(conn, Reviewed(case_id, first.id, made.same_direction))
    return made


def restrains(action: str) -> bool:
    """Whether it finds fault at all: a warning does."""
    return ACTIONS[action].to_author is not None


@duty
async def raise_flag(conn: Conn, event: Reviewed) -> None:
    """Both moderators and the owners hear of it where they differ; clients show it as a report."""
    row = await store.review(conn, event.case_id, event.decision_id)
    told = await cases.reports_in(conn, event.case_id)
    if event.same_direction or row is None or not told:
        return
    concerned = {row["moderator_id"], row["reviewer_id"], *await store.owners(conn)} - {0}
    report = Report.of(told[-1])
    for account_id in sorted(concerned - {report.reporter_id, report.account_id}):
        await telling.tell_of_report(conn, account_id, report, about_id=event.decision_id)
