"""What says how urgent a case is. One function a signal: it looks at the facts and gives log-odds and its reason, or nothing.

The one seam for more: a text model for threats is another function in SIGNALS. All of them are kept with the case, so that
whoever reads it sees why it is where it is. Scores only say in which order people read; nothing is removed by one.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from palabre.features.moderation.triage.rules import Record


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


class Facts(msgspec.Struct, frozen=True):
    """What is known of a case. `records`: of each member who reported; `texts`: what was reported, as written."""

    severity: int
    records: Sequence[Record] = ()
    followers: int = 0
    boosts: int = 0
    favourites: int = 0
    texts: Sequence[str] = ()


class Signal(msgspec.Struct, frozen=True):
    """`score`: log-odds. `words`: an English source string; translate it, then fill in `params`."""

    name: str
    version: int
    score: float
    words: str
    params: dict[str, Any] = {}


_SEVERITIES = (
    N_("Severity 0: something else"),
    N_("Severity 1: breaks a rule, or spam"),
    N_("Severity 2: against the law"),
    N_("Severity 3: somebody may be in danger"),
)


def severity(facts: Facts) -> Signal | None:
    return Signal("severity", 1, float(facts.severity), _SEVERITIES[facts.severity])


def record(facts: Facts) -> Signal | None:
    """Reports by people who are mostly right add up; a bad record never takes away from what a better one said."""
    if not facts.records:
        return None
    odds = [one.log_odds for one in facts.records]
    best = max(facts.records, key=lambda one: one.log_odds)
    score = sum(value for value in odds if value > 0) or max(odds)
    params = {"upheld": best.upheld, "decided": best.upheld + best.refused, "people": len(odds)}
    return Signal("record", 1, score, N_("Reporters: %(people)s, the best upheld in %(upheld)s of %(decided)s"), params)


def reach(facts: Facts) -> Signal | None:
    """A quarter of the logarithm of how many it may have come before."""
    seen = facts.followers + facts.boosts + facts.favourites
    return Signal("reach", 1, math.log1p(seen) / 4, N_("Reach: %(seen)s"), {"seen": seen})


SIGNALS: list[Callable[[Facts], Signal | None]] = [severity, record, reach]


def weigh(facts: Facts) -> list[Signal]:
    return [found for signal in SIGNALS if (found := signal(facts)) is not None]


def priority(found: Sequence[Signal]) -> float:
    return sum(signal.score for signal in found)
