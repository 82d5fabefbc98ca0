"""The figures of a period, as they are published."""

from datetime import date

import msgspec

Counts = dict[str, int]


class Orders(msgspec.Struct):
    received: int = 0
    items: int = 0
    hours_to_effect: list[float] = []


class Notices(msgspec.Struct):
    """Those under Article 16. `law`, `terms`: actions taken on this ground."""

    received: int = 0
    items: int = 0
    hours: list[float] = []
    law: int = 0
    terms: int = 0


class Measures(msgspec.Struct):
    """Restrictions imposed without order or notice. `kinds`: how many of each, as "visibility removal"."""

    taken: int = 0
    automated: int = 0
    kinds: Counts = {}


class Complaints(msgspec.Struct):
    """Appeals, and what became of those decided within the period."""

    received: int = 0
    upheld: int = 0
    partially_reversed: int = 0
    reversed: int = 0
    omitted: int = 0
    hours: list[float] = []


class Numbers(msgspec.Struct):
    """What happened from `starts` to `ends`, both included. Categories are those of the DSA (`dsa.Meaning.category` and
    `.keyword`, joined by a space).
    """

    starts: date
    ends: date
    reports: Counts = {}  # by source
    categories: Counts = {}  # by Palabre's own categories
    decisions: Counts = {}  # by action
    grounds: Counts = {}
    deciders: Counts = {}
    taken_back: Counts = {}
    decision_hours: list[float] = []
    months: dict[str, Counts] = {}
    orders: dict[str, Orders] = {}
    notices: dict[str, Notices] = {}
    flagger_notices: dict[str, Notices] = {}
    own_law: dict[str, Measures] = {}
    own_terms: dict[str, Measures] = {}
    complaints: dict[str, Complaints] = {}  # by what they are about
    newly_restricted: int = 0
    automated: Counts = {}
    suspended: Counts = {}  # for misuse: of content, notices, complaints
    juries: Counts = {}
    reviews: Counts = {}
    moderators: int = 0


def median(values: list[float]) -> float | None:
    """To the hundredth; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    middle = len(ordered) // 2
    return round(ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2, 2)


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
