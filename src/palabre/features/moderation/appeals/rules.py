"""The rules of appeals: pure functions, no I/O."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.appeals.appeal import Appeal, Side
from palabre.features.moderation.decision import Decision, Ruling
from palabre.features.moderation.rules import check_staff

#: What a judge may say; `conceded` is for who made the decision, and a reporter who wants more needs a measure named.
OUTCOMES: dict[Side, tuple[str, ...]] = {
    "author": ("upheld", "overturned", "replaced"),
    "reporter": ("upheld", "replaced"),
}


def in_time(decision: Decision, at: datetime, days: int) -> bool:
    return at <= decision.decided_at + timedelta(days=days)


def can_be_appealed(decision: Decision, side: Side) -> bool:
    """What was taken back leaves nothing to appeal against; what ran out still counts against the author."""
    if side == "author":
        return ACTIONS[decision.action].to_author is not None and decision.ended in (None, "expired")
    return decision.stands


def check_appealable(decision: Decision, side: Side, at: datetime, days: int) -> None:
    if side == "author" and ACTIONS[decision.action].to_author is None:
        raise NotFound
    if not can_be_appealed(decision, side):
        raise Refused("This decision has been taken back already", code="undone")
    if not in_time(decision, at, days):
        raise Refused("The time for an appeal is over", code="too_late")


def check_first(earlier: Sequence[Appeal]) -> None:
    """One appeal at a time, and after the answer no second one but to a jury."""
    if any(one.open for one in earlier):
        raise Refused("You appealed against this already: it is being looked into", code="appeal_open")
    if any(one.state == "decided" for one in earlier):
        raise Refused("Your appeal against this has been answered", code="appeal_answered")


def check_jury_may_be_asked(appeal: Appeal, earlier: Sequence[Appeal]) -> None:
    if not jury_may_be_asked(appeal, earlier):
        raise Refused("A jury can be asked once, after a moderator turned the appeal down", code="no_jury_now")


def jury_may_be_asked(appeal: Appeal, earlier: Sequence[Appeal]) -> bool:
    """`earlier`: all that this appellant made against the decision."""
    turned_down = appeal.outcome == "upheld" and bool(appeal.judge_id)
    asked = any(one.after is not None or one.judge_id == 0 for one in earlier if one.state != "withdrawn")
    return turned_down and not asked


def check_may_judge(by: Caller, appeal: Appeal) -> None:
    check_staff(by)
    if by.id == appeal.moderator_id:
        raise Forbidden(
            "A decision of yours in this case was appealed against: somebody else has to judge", code="appealed"
        )
    if by.id in appeal.excluded:
        raise Forbidden("You are a party to this case: somebody else has to decide it", code="own_case")


def check_open(appeal: Appeal) -> None:
    if appeal.state == "jury":
        raise Refused("A jury has this appeal", code="with_jury")
    if appeal.state != "open":
        raise Refused("This appeal is closed", code="appeal_closed")


def check_outcome(appeal: Appeal, outcome: str, ruling: Ruling | None) -> None:
    if outcome not in OUTCOMES[appeal.side]:
        raise Refused("is not included in the list", field="outcome", code="inclusion")
    if outcome == "replaced" and ruling is None:
        raise Refused("is not included in the list", field="action", code="inclusion")
