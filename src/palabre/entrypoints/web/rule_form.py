"""The form of a rule before publication: what is typed becomes its content, and its content what is typed."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import msgspec

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web.pages import words
from palabre.features.moderation.rules import CATEGORIES
from palabre.features.moderation.screening import Conditions, Content
from palabre.features.moderation.screening.model import Act

_LINES = ("words", "patterns", "domains", "allow")
_NUMBERS = ("links", "mentions", "strangers", "repeats", "except_followers")
_TICKS = ("media", "newcomers", "everything", "except_staff")
#: Two fields would be called `words`: what to look for, and what the author reads.
AUTHOR_WORDS = "say"
FIELDS = {"words": AUTHOR_WORDS, "conditions.words": "words", "rule_ids": "rules"}


def typed(request: Request) -> dict[str, Any]:
    """The form as it was sent."""
    names = ("title", AUTHOR_WORDS, "purpose", "action", "category", "match", "newcomer_days", "newcomer_posts")
    values: dict[str, Any] = {name: request.text(name) for name in (*names, *_LINES, *_NUMBERS, "languages", "sample")}
    values |= {name: request.flag(name) for name in (*_TICKS, "severe")}
    return values | {"rules": request.listed("rules")}


def filled(content: Content | None = None) -> dict[str, Any]:
    """The form as it begins: empty, or with what the rule says."""
    found = content or Content("", "", "hold", Conditions(), category="spam")
    values: dict[str, Any] = msgspec.to_builtins(found) | msgspec.to_builtins(found.conditions)
    values |= {name: "\n".join(getattr(found.conditions, name)) for name in _LINES}
    values |= {name: values[name] or "" for name in _NUMBERS}
    values |= {AUTHOR_WORDS: found.words, "languages": " ".join(found.conditions.languages), "sample": ""}
    return values | {"rules": [str(rule_id) for rule_id in found.rule_ids]}


def content(request: Request) -> Content:
    """What the form says. Raises Refused for what is no number, or not among the choices."""
    for name, choices in (("action", get_args(Act)), ("category", CATEGORIES), ("match", ("all", "any"))):
        if request.text(name) not in choices:
            raise Refused("is not included in the list", field=name, code="inclusion")
    set_: dict[str, Any] = {name: _lines(request.text(name)) for name in _LINES}
    set_ |= {name: _number(request, name) for name in _NUMBERS} | {name: request.flag(name) for name in _TICKS}
    set_["allow"] = tuple(line.removeprefix("@").lower() for line in set_["allow"])
    conditions = Conditions(
        match="any" if request.text("match") == "any" else "all",
        **set_,
        newcomer_days=_number(request, "newcomer_days") or 0,
        newcomer_posts=_number(request, "newcomer_posts") or 0,
        languages=tuple(request.text("languages").lower().replace(",", " ").split()),
    )
    return Content(
        title=request.text("title").strip(),
        words=request.text(AUTHOR_WORDS).strip(),
        purpose=request.text("purpose").strip(),
        action=msgspec.convert(request.text("action"), Act),
        category=request.text("category"),
        rule_ids=tuple(request.ids("rules")),
        severe=request.flag("severe"),
        conditions=conditions,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _number(request: Request, name: str) -> int | None:
    written = request.text(name).strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 8):
        raise Refused("must be a number", field=name, code="number")
    return int(written)


def action_words(request: Request) -> dict[str, tuple[str, str]]:
    """Action -> its label, and what it means."""
    _ = words(request)
    return {
        "hold": (_("Hold"), _("Only its author sees the post until a moderator has read it.")),
        "ask": (_("Ask to think again"), _("The author reads your words, and publishes all the same if he wants to.")),
        "label": (_("Mark as sensitive"), _("Pictures are covered until somebody asks to see them.")),
        "limit": (_("Keep out of public lists"), _("It appears in no public list and under no hashtag.")),
    }


def choices(request: Request) -> Sequence[tuple[str, str, str]]:
    return [(name, label, meaning) for name, (label, meaning) in action_words(request).items()]


def condition_words(request: Request, met: Mapping[str, Any]) -> list[str]:
    """What was met, in the reader's words."""
    _ = words(request)
    names = {
        "words": _("words"),
        "patterns": _("patterns"),
        "domains": _("sites"),
        "links": _("links"),
        "mentions": _("people mentioned"),
        "strangers": _("people who don't follow"),
        "repeats": _("the same words again"),
        "media": _("pictures"),
    }
    return [
        f"{names.get(name, name)} ({', '.join(map(str, value)) if isinstance(value, list) else value})"
        for name, value in met.items()
    ]
