"""What people type, understood. Pure; never raises: what cannot be understood is taken as words.

bread oven      both words, in any of their forms       "bread oven"      exactly this
-oven           not this                                #bread            with this hashtag
from:alice      by Alice; from:me by oneself            has:media         with a picture
before:2026-01-31  after:…  during:…                    lang:fr           in this language
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from palabre.base import ids
from palabre.base.fold import tag_key, words

LONGEST = 500  # characters; what is beyond is not looked at
MOST_WORDS = 16

_PART = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_ELISION = re.compile(r"(?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’‘ʼ]|(?<=\w)['’‘ʼ][st](?!\w)", re.IGNORECASE)
_HANDLE = re.compile(r"@?([\w.-]+)@([\w.-]+\.[\w.-]+|localhost)(?::\d+)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MENTION = re.compile(r"(?<![\w/])@(\w[\w.-]*)(?:@[\w.-]+\w)?")
_SCHEME = re.compile(r"\bhttps?://(?:www\.)?")
_POST_PATH = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses)/(\d+)/?")
_ACCOUNT_PATH = re.compile(r"/(?:@|users/)([^/]+)/?")
_TAG_PATH = re.compile(r"/tags/([^/]+)/?")


class Term(msgspec.Struct, frozen=True):
    """Words that must, or must not (`unwanted`), be there; `exact`: in this form, in this order."""

    text: str
    exact: bool = False
    unwanted: bool = False


class Query(msgspec.Struct):
    """`above` and `below` bound the ids by time, the latter exclusively; `authors` are handles, or 'me'."""

    terms: list[Term] = []
    tags: list[str] = []
    unwanted_tags: list[str] = []
    authors: list[str] = []
    media: bool = False
    language: str | None = None
    above: int = 0
    below: int = ids.LARGEST

    @property
    def empty(self) -> bool:
        """Says nothing about what is sought, only about what isn't or when it was."""
        wanted = any(not term.unwanted for term in self.terms)
        return not (wanted or self.tags or self.authors or self.media or self.language)


class Target(NamedTuple):
    """What a query names exactly: a 'post' by its id, an 'account' by its handle, a 'tag' by its key."""

    kind: str
    value: str


def parse(text: str) -> Query:
    query = Query([], [], [], [])
    for minus, operator, quoted, bare in _PART.findall(_clear(text)):
        if operator and not minus and _operate(query, operator.lower(), quoted or bare):
            continue
        if len(query.terms) + len(query.tags) + len(query.unwanted_tags) >= MOST_WORDS:
            break
        if bare.startswith("#") and not operator:
            if key := tag_key(bare):
                (query.unwanted_tags if minus else query.tags).append(key)
            continue
        written = f"{operator} {quoted or bare}" if operator else quoted or bare
        _add_words(query, written, exact=bool(quoted), unwanted=bool(minus))
    return query


def _clear(text: str) -> str:
    return text[:LONGEST].replace("\0", " ").replace("“", '"').replace("”", '"').replace("«", '"').replace("»", '"')


def _add_words(query: Query, written: str, *, exact: bool, unwanted: bool) -> None:
    found = words(written if exact else _ELISION.sub(" ", written))[:MOST_WORDS]
    if exact or unwanted:
        if found:
            query.terms.append(Term(" ".join(found), exact or len(found) > 1, unwanted))
    else:
        query.terms += [Term(word) for word in found]


def _operate(query: Query, operator: str, value: str) -> bool:
    """Take `operator:value` into the query; False if it is none."""
    if operator == "from" and value:
        query.authors.append(value.removeprefix("@").lower())
    elif operator == "has" and value.lower() in ("media", "image", "images"):
        query.media = True
    elif operator in ("lang", "language") and _LANGUAGE.fullmatch(value.lower()):
        query.language = value.lower()
    elif operator in ("before", "after", "during") and (day := _day(value)):
        if operator != "before":
            query.above = max(query.above, _starts(day, 1 if operator == "after" else 0))
        if operator != "after":
            query.below = min(query.below, _starts(day, 0 if operator == "before" else 1))
    else:
        return False
    return True


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _starts(day: date, later: int) -> int:
    """The first id of a day, or of so many days later; UTC, as Mastodon counts them."""
    if not 1970 <= day.year < 6000:  # later ids would not fit 63 bits
        return 0 if day.year < 1970 else ids.LARGEST
    return ids.first_at(datetime.combine(day + timedelta(days=later), time(), UTC))


def target(text: str, origins: Iterable[str]) -> Target | None:
    """What a URL of this network (under any of its `origins`) or a full handle leads to; None for a query in words."""
    text = text.strip()[:LONGEST]
    if found := _HANDLE.fullmatch(text):
        return Target("account", text.removeprefix("@"))
    ours = next((origin for origin in origins if text.lower().startswith(f"{origin.lower()}/")), None)
    if ours is None:
        return None
    path = unquote(text[len(ours) :].partition("?")[0].partition("#")[0])
    if found := _POST_PATH.fullmatch(path):
        return Target("post", found[1])
    if found := _ACCOUNT_PATH.fullmatch(path):
        return Target("account", found[1])
    if found := _TAG_PATH.fullmatch(path):
        return Target("tag", tag_key(found[1]))
    return None


def is_url(text: str) -> bool:
    return text.strip().lower().startswith(("https://", "http://"))


def indexed_text(texts: list[str]) -> str:
    """What is written, as words for the index: mentions by name alone, links without https://."""
    joined = " \n ".join(texts)[:20_000]
    return " ".join(word[:100] for word in words(_MENTION.sub(r" \1 ", _SCHEME.sub(" ", joined))))
