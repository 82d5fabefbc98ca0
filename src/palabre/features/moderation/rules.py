"""The rules of moderation: pure functions, no I/O."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from palabre.base.db import Row
from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.actions import Action
from palabre.features.moderation.decision import Ruling

#: `intimate`: images without consent; `child`: child-abuse material.
CATEGORIES = ("violation", "threat", "legal", "spam", "other", "intimate", "child")
SEVERITY = {"child": 3, "intimate": 3, "threat": 3, "legal": 2, "violation": 1, "spam": 1, "other": 0}
SOURCES = ("member", "notice", "host", "store", "authority", "order", "flagger", "flag", "rule", "staff")
#: Whose lists and orders set a time: each has its own deadline, whatever the category.
OUTSIDE = ("host", "store", "authority", "order", "flagger")
MOST_POSTS = 20
LONGEST_COMMENT = 1_000
LONGEST_REASON = 5_000
LONGEST_LABEL = 100
LONGEST_HOURS = 10 * 366 * 24
_RANKS = {"member": 0, "moderator": 1, "owner": 2}


def check_report(
    reporter_id: int | None, account_id: int, post_ids: Sequence[int], comment: str, category: str
) -> None:
    if reporter_id == account_id:
        raise Refused("can't be your own", field="account_id", code="own")
    if len(post_ids) > MOST_POSTS:
        raise Refused(f"can be at most {MOST_POSTS}", field="status_ids", code="too_many")
    if len(comment) > LONGEST_COMMENT:
        raise Refused(f"is too long (maximum is {LONGEST_COMMENT} characters)", field="comment", code="too_long")
    check_category(category)


def check_category(category: str) -> None:
    if category not in CATEGORIES:
        raise Refused("is not included in the list", field="category", code="inclusion")


def public_category(category: str) -> str:
    """Mastodon's clients know fewer."""
    return {"threat": "other", "intimate": "legal", "child": "legal"}.get(category, category)


def lane(sources: Collection[str], categories: Collection[str]) -> str:
    """Where a case waits: those with a deadline set from outside or by law have a lane of their own, then threats."""
    if set(sources) & set(OUTSIDE) or set(categories) & {"intimate", "child"}:
        return "deadline"
    return "threat" if "threat" in categories else "rest"


def severity(categories: Collection[str]) -> int:
    """0 (other) to 3 (somebody may be in danger): that of the worst."""
    return max((SEVERITY[category] for category in categories), default=0)


def due_at(received_at: datetime, source: str, category: str, deadlines: Mapping[str, float]) -> datetime:
    """By when something that came in is to be decided: the sooner of what its source and its category ask for.

    `deadlines`: hours by source or category, as in the settings.
    """
    hours = min(deadlines[name] for name in (source, category) if name in deadlines)
    return received_at + timedelta(hours=hours)


def check_words(name: str, words: str, *, required: bool = True) -> str:
    """Words a moderator writes: there, and not endless."""
    words = words.strip()
    if required and not words:
        raise Refused("can't be blank", field=name, code="blank")
    if len(words) > LONGEST_REASON:
        raise Refused(f"is too long (maximum is {LONGEST_REASON} characters)", field=name, code="too_long")
    return words


def check_ground(action: Action, ruling: Ruling) -> None:
    """Nothing is taken from anybody without naming the rule or the law."""
    if (action.restricts or action.to_author) and not (ruling.rule_ids or ruling.law.strip() or ruling.terms):
        raise Refused("must name a rule or a law", field="rule_ids", code="ground")


def check_hours(action: Action, hours: float | None) -> float | None:
    """For how long; None: until it is taken back."""
    if hours is None or not action.restricts:
        return None
    if not 0 < hours <= LONGEST_HOURS:
        raise Refused("must be between an hour and ten years", field="hours", code="inclusion")
    return hours


def check_label(action: Action, label: str) -> str:
    label = label.strip() if action.name == "label" else ""
    if action.name == "label" and not label:
        raise Refused("can't be blank", field="label", code="blank")
    if len(label) > LONGEST_LABEL:
        raise Refused(f"is too long (maximum is {LONGEST_LABEL} characters)", field="label", code="too_long")
    return label


def check_staff(by: Caller) -> None:
    if not by.staff:
        raise Forbidden


def check_uninvolved(by: Caller, account_id: int, reporter_ids: Collection[int]) -> None:
    """Nobody decides on himself, nor on what he reported himself."""
    check_staff(by)
    if by.id == account_id or by.id in reporter_ids:
        raise Forbidden("You are a party to this case: somebody else has to decide it", code="own_case")


def check_not_appealed(moderator_id: int, appealed: Collection[Row]) -> None:
    """Whose decision was appealed against has no further say in the case; `appeals.concede` lets him give in."""
    if moderator_id in {one["moderator_id"] for one in appealed}:
        raise Forbidden(
            "A decision of yours in this case was appealed against: somebody else has to judge", code="appealed"
        )


def check_not_open(decision_id: int | None, appealed: Collection[Row]) -> None:
    """What is under appeal ends by the appeal's being judged, so that whoever appealed gets an answer. None: any."""
    if any(one["open"] and decision_id in (None, one["decision_id"]) for one in appealed):
        raise Refused("There is an appeal against this decision: judge the appeal", code="under_appeal")


def check_rank(by: Caller, action: Action, role: str) -> None:
    """Measures against accounts go downwards only: a moderator can't suspend the owner, nor another moderator."""
    if action.subject == "account" and action.restricts and _RANKS[by.role] <= _RANKS[role]:
        raise Forbidden("This account belongs to the staff: only the owner may do this", code="rank")
