"""The rules of rules before publication: pure functions, no I/O."""

import hashlib
from collections.abc import Iterable
from itertools import pairwise

from palabre.base import fold
from palabre.base.errors import Refused
from palabre.base.text import Link, Mention, parse
from palabre.features.moderation.rules import CATEGORIES
from palabre.features.moderation.screening import patterns
from palabre.features.moderation.screening.model import Conditions, Content, Rule

ACTS = ("hold", "label", "limit", "ask")
MOST_RULES = 100
MOST_WORDS, MOST_PATTERNS, MOST_DOMAINS, MOST_ALLOWED = 500, 20, 500, 500
LONGEST_LINE, LONGEST_TITLE, LONGEST_WORDS = 100, 100, 1_000
_ALIKE = 0.8
_WORDS = "conditions.words"  # beside the words for the author


def check(content: Content) -> None:
    """Raises Refused, naming the field."""
    for name, longest in (("title", LONGEST_TITLE), ("words", LONGEST_WORDS)):
        if not getattr(content, name).strip():
            raise Refused("can't be blank", field=name, code="blank")
        if len(getattr(content, name)) > longest:
            raise Refused(f"is too long (maximum is {longest} characters)", field=name, code="too_long")
    if len(content.purpose) > LONGEST_WORDS:
        raise Refused(f"is too long (maximum is {LONGEST_WORDS} characters)", field="purpose", code="too_long")
    if content.category not in CATEGORIES:
        raise Refused("is not included in the list", field="category", code="inclusion")
    _check_conditions(content.conditions)


def _check_conditions(found: Conditions) -> None:
    lists = (("words", MOST_WORDS), ("patterns", MOST_PATTERNS), ("domains", MOST_DOMAINS), ("allow", MOST_ALLOWED))
    for name, most in lists:
        lines, field = getattr(found, name), _WORDS if name == "words" else name
        if len(lines) > most:
            raise Refused(f"can be at most {most}", field=field, code="too_many")
        if name != "patterns" and any(len(line) > LONGEST_LINE for line in lines):
            raise Refused(f"has a line of more than {LONGEST_LINE} characters", field=field, code="too_long")
    if blank := [line for line in found.words if not fold.words(line)]:
        raise Refused(f"“{blank[0]}” has no letter or digit", field=_WORDS, code="no_letter")
    for name, least in (("links", 1), ("mentions", 1), ("strangers", 1), ("repeats", 2), ("except_followers", 1)):
        number = getattr(found, name)
        if number is not None and not least <= number <= 1_000_000:
            raise Refused(f"must be at least {least}", field=name, code="number")
    if not 0 <= found.newcomer_days <= 3650 or not 0 <= found.newcomer_posts <= 1_000:
        raise Refused("must be at most 3,650 days and 1,000 posts", field="newcomer_days", code="number")
    for pattern in found.patterns:
        patterns.check(pattern)
    if not is_set(found) and not (found.newcomers and (found.newcomer_days or found.newcomer_posts)):
        raise Refused("This rule would hit every post: say what it looks for", field="match", code="no_condition")


def is_set(found: Conditions) -> bool:
    """Whether there is any condition on the post itself."""
    numbers = (found.links, found.mentions, found.strangers, found.repeats)
    return bool(found.words or found.patterns or found.domains or found.media or any(n is not None for n in numbers))


def check_active(rule: Rule) -> None:
    """Raises Refused for a version that nobody has tried on last week's posts."""
    if not rule.tried:
        raise Refused("Try it on last week's posts first", field="state", code="untried")


def too_much(hits: int, posts: int, share: float, least: int = 5) -> bool:
    """Whether a rule hits so large a share of all posts that it can't be meant."""
    return hits >= least and hits > share * posts


def fingerprint(text: str, edits: int | None) -> bytes:
    """By what the same words are known when they are sent again."""
    return hashlib.sha256(f"{edits or 0}\n{text}".encode()).digest()


def gist(text: str) -> frozenset[tuple[str, ...]]:
    """What makes texts near duplicates: pairs of words, without mentions, links and numbers, which spam varies."""
    said = "".join(token.written for token in parse(text).tokens if not isinstance(token, (Link, Mention)))
    found = [word for word in fold.words(said) if not word.isdigit()]
    return frozenset(pairwise(found)) if len(found) > 1 else frozenset((word,) for word in found)


def alike(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    both = len(one & other)
    return bool(both) and both / len(one | other) >= _ALIKE


def count_alike(text: str, others: Iterable[str]) -> int:
    """How many of the other texts say the same."""
    mine = gist(text)
    return sum(alike(mine, gist(other)) for other in others) if mine else 0
