"""What is decided: the ruling that somebody makes, and the decision that stands in the record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from palabre.base.db import Row
from palabre.features.moderation.canonical import timestamp

DecidedBy = Literal["moderator", "jury", "rule"]
Ended = Literal["undone", "expired", "overturned"]


class Ruling(msgspec.Struct, frozen=True):
    """A decision to be made. `reason`: for the author, why the ground is met; `answer`: for those who reported, if they are
    to read another; `facts`: the circumstances it relies on. The ground is one of: `rule_ids`, `law`, or `terms` (the
    community's terms as a whole, for clients that can't name a rule). `hours`: for how long; None: until it is taken back.
    """

    action: str
    reason: str = ""
    post_ids: Sequence[int] = ()
    rule_ids: Sequence[int] = ()
    law: str = ""
    terms: bool = False
    facts: str = ""
    answer: str = ""
    hours: float | None = None
    label: str = ""


class Decision(msgspec.Struct, frozen=True):
    """`post_ids`: what it is about; `changed`: those of them that it changed (the others were so already, or gone).

    `moderator_id` 0: nobody in person, but a jury or a rule. `rule_texts`: the rules as they were worded then. `sources`: what
    had come in by then. `ended`: how, once it stands no more. `on_appeal`: the appeal that it was made on; `overturned_on`:
    the one that ended it.
    """

    id: int
    case_id: int
    account_id: int
    moderator_id: int
    action: str
    post_ids: list[int]
    rule_ids: list[int]
    reason: str
    answer: str
    decided_at: datetime
    decided_by: DecidedBy = "moderator"
    facts: str = ""
    law: str = ""
    policy_version: int = 0
    sources: list[str] = []
    detected: str = "people"
    label: str = ""
    expires_at: datetime | None = None
    rule_texts: list[str] = []
    changed: list[int] = []
    undone_at: datetime | None = None
    undone_by: int | None = None
    undone_reason: str | None = None
    ended: Ended | None = None
    overturned_on: int | None = None
    on_appeal: int | None = None

    @classmethod
    def of(cls, row: Row) -> "Decision":
        return cls(**{name: row[name] for name in cls.__struct_fields__})

    @property
    def ground(self) -> Literal["law", "rules", "terms"]:
        return "law" if self.law else "rules" if self.rule_ids else "terms"

    @property
    def stands(self) -> bool:
        return self.undone_at is None


_STATED = (
    "account_id",
    "action",
    "post_ids",
    "rule_ids",
    "rule_texts",
    "reason",
    "answer",
    "decided_by",
    "facts",
    "law",
    "policy_version",
    "sources",
    "detected",
    "label",
)


def stated(decision: Mapping[str, Any]) -> dict[str, Any]:
    """What the log states of a decision, and `verify` compares with the record."""
    until = decision["expires_at"]
    moments = {"decided_at": timestamp(decision["decided_at"]), "expires_at": timestamp(until) if until else None}
    return {name: decision[name] for name in _STATED} | moments
