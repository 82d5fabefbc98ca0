"""Marks stand in the index beside a post's words: who may find it, who wrote it, when, about what. Pure.

They begin with @ or #, which no word contains.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

EVERYBODY = "@p"  # a public post whose author lets it be found
FOLLOWERS = "@f"
MEDIA = "@media"

#: Buckets of time, as bits of an id: about 1½ days, 12 days, 3 months, 2 years.
LEVELS = (43, 46, 49, 52)


def by(account_id: int) -> str:
    return f"@a{account_id}"


def to(account_id: int) -> str:
    return f"@m{account_id}"


def tagged(key: str) -> str:
    return f"#{key}"


def written_in(language: str) -> str:
    return f"@l{language}"


def of_post(post: Mapping[str, Any], indexable: bool) -> list[str]:
    """All marks of a row of the table `posts`, whose author is `indexable` or not."""
    marks = [by(post["author_id"]), *map(to, post["audience"]), *map(tagged, post["tags"])]
    marks += [_bucket(level, post["id"] >> bits) for level, bits in enumerate(LEVELS)]
    if post["visibility"] == "public" and indexable:
        marks.append(EVERYBODY)
    if post["visibility"] == "private":
        marks.append(FOLLOWERS)
    if post["language"]:
        marks.append(written_in(post["language"]))
    if post["has_media"]:
        marks.append(MEDIA)
    return marks


class Window(NamedTuple):
    """Posts with an id from `above` up to, but not including, `below`; all have one of `buckets`, unless there are none."""

    buckets: tuple[str, ...]
    above: int
    below: int


def windows(newest: int, oldest: int) -> Iterator[Window]:
    """The ids from `oldest` up to (not including) `newest` in ever larger windows, the newest first.

    A common word fills a page from the first small window, so its millions of older posts are never read.
    """
    below = newest
    for level, bits in enumerate(LEVELS):
        if below <= oldest:
            return
        last = (newest - 1) >> bits
        above = max(last - 1, 0) << bits
        if above < below:
            yield Window((_bucket(level, last), _bucket(level, last - 1)), max(above, oldest), below)
            below = above
    if below > oldest:
        yield Window((), oldest, below)


def _bucket(level: int, number: int) -> str:
    return f"@t{level}.{number}"
