"""The rules of holds: pure, no I/O."""

from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts import Caller

#: Why something is preserved -> for how many days, unless said otherwise. life: to be given to the police at once;
#: terrorist: Regulation (EU) 2021/784, Article 6 (six months); child: the US REPORT Act (a year); order: of a court.
KINDS = {"life": 365, "terrorist": 183, "child": 365, "order": 183}
LONGEST = 366


def check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refused("is not included in the list", field="kind", code="inclusion")


def check_days(kind: str, days: int | None) -> int:
    """For how long: the kind's own time where nothing is said, a year at most; a longer need is a new hold."""
    found = KINDS[kind] if days is None else days
    if not 1 <= found <= LONGEST:
        raise Refused(f"must be between 1 and {LONGEST} days", field="days", code="inclusion")
    return found


def check_may_open(by: Caller) -> None:
    """Any moderator may preserve; what is sealed is for the owners."""
    if not by.owner:
        raise Forbidden("Only an owner opens what is sealed", code="sealed")
