"""The rules of the jury: pure functions, no I/O."""

from collections import Counter
from collections.abc import Collection, Sequence

from palabre.base.db import Row
from palabre.base.errors import Refused

QUESTIONS = ("uphold", "borderline")
ANSWERS = ("uphold", "overturn")
#: What members must not be made to read, or what can't wait for them.
FOR_STAFF = frozenset({"threat", "intimate", "child"})
#: What was not said to everybody is not shown to six more.
OPEN = frozenset({"public", "unlisted"})
LEAST_REASON = 10
LONGEST_REASON = 2_000
#: With more reporters than this, only they themselves are kept off, not all who know them: a brigade could else empty the pool.
MOST_PARTIES = 20


def suits(categories: Collection[str], visibilities: Collection[str]) -> bool:
    """Whether a case may come before a jury at all."""
    return not FOR_STAFF & set(categories) and set(visibilities) <= OPEN


def check_suits(categories: Collection[str], visibilities: Collection[str]) -> None:
    if FOR_STAFF & set(categories):
        raise Refused("Threats, intimate images and child abuse are never put before a jury", code="jury_category")
    if not set(visibilities) <= OPEN:
        raise Refused("Posts that were not public are never put before a jury", code="jury_private")


def check_first(rule_id: int, panels: Collection[Row]) -> None:
    """Nobody asks again until the answer pleases him: once a jury has voted on a rule, that is its answer."""
    answered = [panel for panel in panels if panel["outcome"] != "none" or panel["why_none"] == "split"]
    if any(panel["state"] == "closed" and panel["rule_id"] == rule_id for panel in answered):
        raise Refused("A jury has answered this already", field="rule", code="jury_answered")


def check_ballot(answer: str, reason: str) -> None:
    if answer not in ANSWERS:
        raise Refused("is not included in the list", field="answer", code="inclusion")
    if len(reason) < LEAST_REASON:
        raise Refused("can't be blank: say in a sentence why", field="reason", code="blank")
    if len(reason) > LONGEST_REASON:
        raise Refused(f"is too long (maximum is {LONGEST_REASON} characters)", field="reason", code="too_long")


def outcome(answers: Sequence[str], votes: int) -> str:
    """What enough of them answered, or 'none'."""
    for answer, count in Counter(answers).items():
        if count >= votes:
            return answer
    return "none"
