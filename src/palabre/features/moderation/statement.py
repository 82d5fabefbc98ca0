"""The statement of reasons: all that Article 17(3) of the DSA asks for, composed from the record of a decision."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.snapshot import Snapshot

#: Article 20: for at least six months.
APPEAL = timedelta(days=183)


class Body(msgspec.Struct, frozen=True):
    """Somewhere to go with a dispute out of court (Article 21)."""

    name: str
    url: str = ""


class Statement(msgspec.Struct, frozen=True):
    """(a) `measure` (English source words), `post_ids`, `label`, `territory`, `starts_at`, `ends_at` (None: until it is taken
    back). (b) `facts`, `sources` (never who reported), `content` as kept. (c) `detected_automatically`,
    `decided_automatically`. (d), (e) `ground`, `law`, `rules` as worded then, `reason`. (f) `appeal_until`, `out_of_court`;
    the courts are open in any case.
    """

    action: str
    measure: str
    post_ids: list[int]
    label: str
    territory: str
    starts_at: datetime
    ends_at: datetime | None
    facts: str
    sources: list[str]
    content: list[Snapshot]
    detected_automatically: bool
    decided_automatically: bool
    decided_by: str
    ground: str
    law: str
    rules: list[str]
    reason: str
    appeal_until: datetime
    out_of_court: list[Body]


def compose(decision: Decision, rules: Sequence[str], kept: Sequence[Snapshot], bodies: Sequence[Body]) -> Statement:
    """`rules`: as they were worded; `kept`: what the case kept of the posts concerned."""
    return Statement(
        action=decision.action,
        measure=ACTIONS[decision.action].to_author or "",
        post_ids=decision.post_ids,
        label=decision.label,
        territory="everywhere",  # no measure holds for one country alone
        starts_at=decision.decided_at,
        ends_at=decision.expires_at,
        facts=decision.facts,
        sources=decision.sources,
        content=list(kept),
        detected_automatically=decision.detected == "rule",
        decided_automatically=decision.decided_by == "rule",
        decided_by=decision.decided_by,
        ground=decision.ground,
        law=decision.law,
        rules=list(rules),
        reason=decision.reason,
        appeal_until=decision.decided_at + APPEAL,
        out_of_court=list(bodies),
    )
