"""Posts longer than a tweet: note-tweet.js holds their whole text, tweets.js only how they begin.

The two files share no id, so a text is found by its second and its beginning.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from palabre.features.portability.imports.loose import Json, moment, obj, objects, text, web_address
from palabre.features.portability.imports.tweets import LongText, unescaped, words_of
from palabre.features.portability.imports.tweets import moment as tweet_moment

_SECONDS_APART = 5
_MOST_IN_A_SECOND = 10
_COMPARED = 100
_NAMES_BEFORE = re.compile(r"^(?:@\w+\s+)+")
_LINK = re.compile(r"https?://\S+")
_SPACE = re.compile(r"\s+")


class LongTweets:
    def __init__(self, records: Iterable[Json]) -> None:
        self._by_second: dict[int, list[LongText]] = defaultdict(list)
        for record in records:
            at, core = moment(record.get("createdAt")), obj(record.get("core"))
            if at and text(core.get("text")):
                same_second = self._by_second[int(at.timestamp())]
                if len(same_second) < _MOST_IN_A_SECOND:
                    same_second.append(LongText(text(core["text"]), _urls(core)))

    def find(self, tweet: Json, tweet_id: str) -> LongText | None:
        at = tweet_moment(text(tweet.get("created_at")), tweet_id) if self._by_second else None
        start = _beginning(words_of(tweet))
        if at is None or not start:
            return None
        second = int(at.timestamp())
        for near in sorted(range(second - _SECONDS_APART, second + _SECONDS_APART + 1), key=lambda s: abs(s - second)):
            for long in self._by_second.get(near, ()):
                if _beginning(long.text).startswith(start):
                    return long
        return None


def _beginning(words: str) -> str:
    """What both files should agree on: without the names a reply begins with, links, spaces and the cut."""
    plain = _LINK.sub("", _NAMES_BEFORE.sub("", unescaped(words))).rstrip().removesuffix("…")
    return _SPACE.sub("", plain)[:_COMPARED]


def _urls(core: Json) -> dict[str, str]:
    listed = objects(core.get("urls"))
    return {text(u.get("shortUrl")): web_address(u.get("expandedUrl")) or "" for u in listed if text(u.get("shortUrl"))}
