"""Rules made ready, and what of a post meets them. No I/O: what has to be looked up is asked for by `needs`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import regex

from palabre.base import fold
from palabre.base.text import parse
from palabre.features.moderation.screening import patterns
from palabre.features.moderation.screening.model import Conditions, Content, Facts
from palabre.features.posts.gate import Writing

# Scripts that leave no space between words: there a word is found within others.
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_SLOW = ("strangers", "repeats")
_BUDGET = 4  # patterns that may run out of time on one post


class Text:
    """A post's words, taken apart as far as some rule asks. `slow`: patterns that ran out of time on it."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self.slow: list[str] = []

    @cached_property
    def folded(self) -> list[str]:
        return fold.words(self.writing.text)

    @cached_property
    def line(self) -> str:
        return f" {' '.join(self.folded)} "

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(self.folded)

    @cached_property
    def hosts(self) -> list[str]:
        found = []
        for url in parse(self.writing.text).links:
            try:
                found.append((urlsplit(url).hostname or "").removeprefix("www."))
            except ValueError:
                found.append("")
        return found


@dataclass(frozen=True)
class Ready:
    """A version of a rule, made ready for many posts."""

    id: int
    version: int
    content: Content
    single: frozenset[str]
    phrases: tuple[tuple[str, str], ...]  # how it stands in the line, as written
    patterns: tuple[tuple[Any, str], ...]
    domains: frozenset[str]
    languages: frozenset[str]

    @property
    def conditions(self) -> Conditions:
        return self.content.conditions


def ready(rule_id: int, version: int, content: Content) -> Ready:
    """Raises regex.error."""
    single, phrases = set(), []
    for line in content.conditions.words:
        begins = line.rstrip().endswith("*")
        words = fold.words(line)
        if not words:
            continue
        if _DENSE.search(line):
            phrases.append((" ".join(words), line))
        elif len(words) == 1 and not begins:
            single.add(words[0])
        else:
            phrases.append((f" {' '.join(words)}{'' if begins else ' '}", line))
    return Ready(
        rule_id,
        version,
        content,
        frozenset(single),
        tuple(phrases),
        tuple((patterns.compiled(line), line) for line in content.conditions.patterns),
        frozenset(line.strip().lower().removeprefix("www.") for line in content.conditions.domains),
        frozenset(line.lower() for line in content.conditions.languages),
    )


def concerns(rule: Ready, writing: Writing) -> bool:
    """Whether the rule looks at such posts at all."""
    found = rule.conditions
    if writing.visibility in ("private", "direct") and not found.everything:
        return False
    if rule.content.action == "limit" and writing.visibility != "public":
        return False  # it is in no public list
    if rule.content.action == "label" and writing.sensitive:
        return False
    return not rule.languages or (writing.language or "").partition("-")[0].lower() in rule.languages


def spares(rule: Ready, facts: Facts, writing: Writing) -> bool:
    """Whether the rule leaves this author alone."""
    found = rule.conditions
    if found.newcomers and not facts.new(found, writing.at):
        return True
    if (found.except_staff and facts.staff) or facts.username.lower() in found.allow:
        return True
    return found.except_followers is not None and facts.followers >= found.except_followers


def seen(rule: Ready, text: Text) -> dict[str, Any]:
    """What in the post itself meets the rule's conditions: condition -> what met it."""
    found = rule.conditions
    met: dict[str, Any] = {}
    if words := _words(rule, text):
        met["words"] = words
    if matched := _patterns(rule, text):
        met["patterns"] = matched
    if rule.domains and (hosts := [host for host in text.hosts if _within(host, rule.domains)]):
        met["domains"] = hosts
    if found.links is not None and len(text.hosts) >= found.links:
        met["links"] = len(text.hosts)
    if found.mentions is not None and len(text.writing.audience) >= found.mentions:
        met["mentions"] = len(text.writing.audience)
    if found.media and text.writing.media:
        met["media"] = text.writing.media
    return met


def asked(found: Conditions) -> list[str]:
    """The conditions that are set."""
    names = ("words", "patterns", "domains", "links", "mentions", "strangers", "repeats", "media")
    return [name for name in names if getattr(found, name) not in (None, (), False)]


def needs(found: Conditions, met: Mapping[str, Any]) -> list[str]:
    """Which conditions still have to be looked up to tell whether the rule hits."""
    wanted = asked(found)
    slow = [name for name in wanted if name in _SLOW and name not in met]
    quick = [name for name in wanted if name not in _SLOW]
    if found.match == "all":
        return slow if all(name in met for name in quick) else []
    return [] if any(name in met for name in quick) else slow


def hits(found: Conditions, met: Mapping[str, Any]) -> bool:
    """Whether what was met is all, or any, of what the rule asks for. One without conditions hits whomever it looks at."""
    wanted = asked(found)
    if not wanted:
        return True
    return (all if found.match == "all" else any)(name in met for name in wanted)


def _words(rule: Ready, text: Text) -> list[str]:
    if not rule.single and not rule.phrases:
        return []
    return sorted(rule.single & text.vocabulary) + [written for line, written in rule.phrases if line in text.line]


def _patterns(rule: Ready, text: Text) -> list[str]:
    matched = []
    for made, written in rule.patterns:
        if len(text.slow) >= _BUDGET:
            break
        try:
            if made.search(text.writing.text, timeout=patterns.SECONDS):
                matched.append(written)
        except TimeoutError:
            text.slow.append(written)
    return matched


def _within(host: str, domains: frozenset[str]) -> bool:
    parts = host.split(".")
    return any(".".join(parts[start:]) in domains for start in range(len(parts)))
