"""The rules of notices: pure functions, no I/O."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from palabre.base.chars import clean, excerpt
from palabre.base.errors import Forbidden, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation.rules import LONGEST_COMMENT, OUTSIDE, check_category

#: What is taken up from everybody, also from those suspended from sending notices.
URGENT = ("threat", "child", "intimate")
LISTS = ("host", "store", "authority", "flagger", "order")
KINDS = ("host", "store", "authority", "flagger")
MOST_BY_HAND = 100
MOST_LINES = 10_000
MOST_BYTES = 8 * 1024**2
LONGEST_EXPLANATION = 5_000
LONGEST_NAME = 200
LONGEST_DAYS = 366
APPEAL_DAYS = 184  # six months
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")


class Line(msgspec.Struct, frozen=True):
    """One address. `comment`, `category`: what the list says of this one in particular."""

    url: str
    comment: str = ""
    category: str = ""


class Original(msgspec.Struct, frozen=True):
    """What came in, byte for byte."""

    name: str
    content: bytes


class Sent(msgspec.Struct, frozen=True):
    """A notice as somebody sends it. `member_id`, `notifier_id`: if he is known here. For an order of an authority
    (Regulation (EU) 2021/784, Article 3) `name` is the authority, `law` the legal basis, `explanation` its statement.
    """

    source: str
    lines: Sequence[Line]
    name: str = ""
    email: str = ""
    locale: str = "en"
    category: str = "legal"
    law: str = ""
    explanation: str = ""
    good_faith: bool = False
    member_id: int | None = None
    notifier_id: int | None = None
    reference: str = ""
    issued_on: date | None = None
    hours: float | None = None
    original: Original | None = None

    @property
    def sender(self) -> str:
        """By what one who sends in is known again."""
        if self.notifier_id:
            return f"notifier:{self.notifier_id}"
        if self.member_id:
            return f"member:{self.member_id}"
        return f"email:{self.email.lower()}" if self.email else ""


def tidied(sent: Sent) -> Sent:
    """Cleaned, and with all that has to be there. Raises Refused naming what is missing."""
    lines = [
        Line(excerpt(clean(one.url), 2_000), excerpt(clean(one.comment), 500), one.category.strip().lower())
        for one in sent.lines
    ]
    made = msgspec.structs.replace(
        sent,
        lines=lines,
        name=excerpt(clean(sent.name), LONGEST_NAME),
        email=clean(sent.email).strip(),
        law=clean(sent.law),
        explanation=clean(sent.explanation),
        reference=excerpt(clean(sent.reference), LONGEST_NAME),
    )
    _check_lines(made)
    check_category(made.category)
    _check_sender(made)
    for field in ("explanation", "law"):
        if len(getattr(made, field)) > LONGEST_EXPLANATION:
            raise Refused(f"is too long (maximum is {LONGEST_EXPLANATION} characters)", field=field, code="too_long")
    if made.source in ("notice", "order") and not made.explanation:
        raise Refused("can't be blank", field="explanation", code="blank")
    if made.source == "notice" and not made.good_faith:
        raise Refused("must be accepted", field="good_faith", code="good_faith")
    if made.source == "order":
        _check_order(made)
    if made.hours is not None and not 0 < made.hours <= LONGEST_DAYS * 24:
        raise Refused("must be more than 0 hours and at most a year", field="deadline", code="inclusion")
    return made


def _check_lines(sent: Sent) -> None:
    if not any(one.url for one in sent.lines):
        raise Refused("can't be blank", field="urls", code="blank")
    most = MOST_BY_HAND if sent.source == "notice" else MOST_LINES
    if len(sent.lines) > most:
        raise Refused(f"can be at most {most}", field="urls", code="too_many")


def _check_sender(sent: Sent) -> None:
    """Name and address, except for child-abuse material, which anybody may point out unnamed (DSA, Article 16(2)(c))."""
    nameless = sent.category == "child" or sent.source != "notice" or sent.member_id is not None
    if not sent.name and not nameless:
        raise Refused("can't be blank", field="name", code="blank")
    if not sent.email and not nameless:
        raise Refused("can't be blank", field="email", code="blank")
    check_email(sent.email)


def check_email(email: str) -> None:
    if email and (len(email.strip()) > 254 or not _EMAIL.fullmatch(email.strip())):
        raise Refused("is invalid", field="email", code="invalid")


def _check_order(sent: Sent) -> None:
    for field, value in (("reference", sent.reference), ("law", sent.law), ("name", sent.name), ("email", sent.email)):
        if not value:
            raise Refused("can't be blank", field=field, code="blank")
    if sent.issued_on is None:
        raise Refused("can't be blank", field="issued_on", code="blank")


def sees_all(source: str) -> bool:
    """Whether posts are looked up whoever they were for: of those who answer for what they send, not of strangers."""
    return source in OUTSIDE or source == "flag"


def comment(explanation: str, line_comment: str) -> str:
    """What the moderators read beside a post."""
    return excerpt(" · ".join(text for text in (line_comment, explanation) if text), LONGEST_COMMENT)


def proposal(
    outcomes: Sequence[str],
    since_warning: Sequence[str] | None,
    suspended_until: datetime | None,
    now: datetime,
    most: int,
) -> str | None:
    """What is to be proposed for one whose latest reports came out so. `since_warning` None: he was never warned."""
    if suspended_until and suspended_until > now:
        return None
    if since_warning is None:
        return "warn" if outcomes.count("unfounded") >= most else None
    return "suspend" if since_warning.count("unfounded") >= most else None


def check_owner(by: Caller) -> None:
    if not by.owner:
        raise Forbidden


def outcome_of(action_acts: bool, undoing: bool) -> str | None:
    """How a report came out; None: it is not decided any more."""
    if undoing:
        return "dismissed" if action_acts else None
    return "acted" if action_acts else "dismissed"


def row_of(sent: Sent) -> dict[str, Any]:
    """What of it is kept in the notice itself."""
    names = ("source", "sender", "notifier_id", "member_id", "name", "email", "locale", "category", "law")
    more = ("explanation", "good_faith", "reference", "issued_on")
    return {name: getattr(sent, name) for name in names + more}
