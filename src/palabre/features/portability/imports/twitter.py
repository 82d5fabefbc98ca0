"""An X (Twitter) archive: data/tweets.js and its parts, long posts, likes, the profile and the media folders.

The archives of before (tweet.js at the top; data/js/tweets/2012_11.js) are read as well.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from palabre.features.portability.imports import tweets
from palabre.features.portability.imports.archive import MAX_POSTS, Archive
from palabre.features.portability.imports.long_tweets import LongTweets
from palabre.features.portability.imports.loose import Json, decoded, moment, obj, text, web_address
from palabre.features.portability.imports.model import (
    ArchivedPost,
    Bookmark,
    Boost,
    Favourite,
    Field,
    Profile,
    Relation,
    Totals,
    Visibility,
    Why,
)
from palabre.features.portability.imports.scan import inside_first_array

TWEET_FILES = re.compile(r"(?:data/)?(?:js/tweets/\d{4}_\d{2}|(?:community-)?tweets?(?:-part\d+)?)\.js")
_MEDIA = re.compile(r"(?:data/)?(?:tweets?|community_tweet)_media/(\d+)-[^/]+")
_POSTS_LEFT_OUT = {
    "deleted-tweets": Why.DELETED,
    "twitter-circle-tweet": Why.CIRCLE,
    "direct-messages": Why.DIRECT_MESSAGES,
    "direct-messages-group": Why.DIRECT_MESSAGES,
    "direct-message": Why.DIRECT_MESSAGES,
    "direct-message-group": Why.DIRECT_MESSAGES,
}
_RELATIONS_LEFT_OUT = {
    "follower": Why.ONLY_NUMBERS,
    "following": Why.ONLY_NUMBERS,
    "block": Why.ONLY_NUMBERS,
    "mute": Why.ONLY_NUMBERS,
    "lists-created": Why.X_LISTS,
    "lists-member": Why.X_LISTS,
    "lists-subscribed": Why.X_LISTS,
}


_PROTECTION = ("protected-history", "protectedHistory")


class _Place(NamedTuple):
    """When a tweet was first written and where its last version lies; sorts oldest first."""

    at: float
    number: int
    file: str
    first: int
    last: int


class _Index(NamedTuple):
    places: list[_Place]
    firsts: dict[int, int]  # the id of any version of a tweet -> that of its first


class _Peek(msgspec.Struct):
    """The little that ordering needs of a tweet."""

    id_str: str | int | None = None
    id: str | int | None = None
    created_at: str = ""
    full_text: str = ""
    text: str = ""
    edit_info: Any = None


class _Wrapped(msgspec.Struct):
    tweet: _Peek | None = None


class TwitterArchive(Archive):
    kind = "twitter"
    _wrapped = msgspec.json.Decoder(_Wrapped)
    _bare = msgspec.json.Decoder(_Peek)

    @cached_property
    def _base(self) -> str:
        return "data/" if any(name.startswith("data/") for name in self._container.names()) else ""

    def _parts(self, stem: str) -> list[str]:
        """The files of one kind of data: `like.js`, `like-part1.js`…"""
        pattern = re.compile(re.escape(self._base + stem) + r"(?:-part\d+)?\.js")
        return [name for name in self._container.names() if pattern.fullmatch(name)]

    def _records(self, stem: str, wrapper: str) -> Iterator[Json]:
        for name in self._parts(stem):
            for item in self._items(name, inside_first_array):
                yield obj(obj(item).get(wrapper))

    def _record(self, stem: str, wrapper: str) -> Json:
        return next(self._records(stem, wrapper), {})

    @cached_property
    def _account(self) -> Json:
        """account.js, or user_details.js of old, which is one object behind `var user_details =`."""
        old = f"{self._base}js/user_details.js"
        if old not in self._container:
            return self._record("account", "account")
        details = obj(self._decode(old, self._data(old).find(b"{"), len(self._data(old))))
        return {
            "username": details.get("screen_name"),
            "accountId": details.get("id"),
            "accountDisplayName": details.get("full_name"),
            "createdAt": details.get("created_at"),
            "bio": details.get("bio"),
            "location": details.get("location"),
        }

    def profile(self) -> Profile | None:
        account, username = self._account, text(self._account.get("username"))
        if not username:
            return None
        shown = self._record("profile", "profile")
        about = obj(shown.get("description"))
        fields = {
            "Website": text(about.get("website")),
            "Location": text(about.get("location")) or text(account.get("location")),
        }
        account_id = tweets.id_of(account.get("accountId"))
        return Profile(
            username=username,
            domain=tweets.HOST,
            source_id=tweets.key(account_id),
            url=f"https://{tweets.HOST}/{username}",
            display_name=text(account.get("accountDisplayName")),
            bio=tweets.unescaped(text(about.get("bio")) or text(account.get("bio"))),
            fields=tuple(Field(name, value) for name, value in fields.items() if value),
            avatar=self._profile_picture(account_id, shown.get("avatarMediaUrl")),
            header=self._profile_picture(account_id, shown.get("headerMediaUrl")),
            created_at=moment(account.get("createdAt")),
            locked=self._visibility == "followers",
        )

    def _profile_picture(self, account_id: str, url: Any) -> str | None:
        """Its file; that of a header has an ending that its address has not."""
        if not text(url):
            return None
        start = f"{self._base}profile_media/{account_id}-{text(url).rpartition('/')[2]}"
        path = next((n for n in self._container.names() if n == start or n.startswith(start + ".")), None)
        if path is None:
            self._skip(text(url), Why.NO_FILE)
        return path

    def totals(self) -> Totals:
        media = [self._container.size(name) for name in self._container.names() if _MEDIA.fullmatch(name)]
        return Totals(
            posts=len(self._index.places),
            favourites=sum(1 for _ in self.favourites()),
            media=len(media),
            media_bytes=sum(media),
        )

    def posts(self) -> Iterator[ArchivedPost]:
        self._note_left_out(_POSTS_LEFT_OUT)
        username = text(self._account.get("username"))
        long_tweets = LongTweets(self._records("note-tweet", "noteTweet"))
        around = tweets.Surroundings(
            username=username,
            key_of=self._key_of,
            files_of=lambda tweet_id: self._media_files.get(tweet_id, []),
            long_text=long_tweets.find,
            visibility=self._visibility,
        )
        in_a_community = replace(around, visibility="unlisted") if around.visibility == "public" else around
        for place in self._index.places:
            item = obj(self._decode(place.file, place.first, place.last))
            surroundings = in_a_community if "community-" in place.file else around
            yield from self._post(obj(item.get("tweet")) or item, place.at, surroundings)

    def _post(self, tweet: Json, at: float, around: tweets.Surroundings) -> Iterator[ArchivedPost]:
        missing: list[str] = []
        post = tweets.post(tweet, datetime.fromtimestamp(at, UTC), around, missing)
        for name in missing:
            self._skip(f"{post.source_key} {name}", Why.NO_FILE)
        if post.text or post.media:
            yield post
        else:
            self._skip(post.source_key, Why.EMPTY)

    def boosts(self) -> Iterator[Boost]:
        """None: what a retweet shares is on X. Each is in `skipped`."""
        _ = self._index
        return iter(())

    def favourites(self) -> Iterator[Favourite]:
        for like in self._records("like", "like"):
            url = web_address(like.get("expandedUrl")) or tweets.address("i/web", tweets.id_of(like.get("tweetId")))
            yield Favourite(url)

    def bookmarks(self) -> Iterator[Bookmark]:
        """None: X leaves bookmarks out of its archives."""
        return iter(())

    def relations(self) -> Iterator[Relation]:
        """None: X gives numbers, not names. How many is in `skipped`."""
        self._note_left_out(_RELATIONS_LEFT_OUT)
        return iter(())

    def _note_left_out(self, kinds: Mapping[str, Why]) -> None:
        for stem, why in kinds.items():
            for name in self._parts(stem):
                count = sum(1 for _ in self._spans(name, inside_first_array))
                if count:
                    self._skip(name, why, count)

    @cached_property
    def _visibility(self) -> Visibility:
        """Followers only, if the account was last protected. X tells only of the last months."""
        history = [(text(r.get("protectedAt")), text(r.get("action"))) for r in self._records(*_PROTECTION)]
        last = max(history, default=("", ""))[1]
        return "followers" if last.lower().startswith("protect") else "public"

    @cached_property
    def _media_files(self) -> dict[str, list[str]]:
        files: dict[str, list[str]] = defaultdict(list)
        for name in self._container.names():
            if found := _MEDIA.fullmatch(name):
                files[found[1]].append(name)
        return files

    def _key_of(self, tweet_id: str) -> str | None:
        first = self._index.firsts.get(int(tweet_id))
        return tweets.key(str(first)) if first else None

    @cached_property
    def _index(self) -> _Index:
        """One walk through the tweets: what is in them, in order of time, one version of each."""
        places: dict[int, _Place] = {}
        firsts: dict[int, int] = {}
        for name in filter(TWEET_FILES.fullmatch, self._container.names()):
            for span in self._spans(name, inside_first_array):
                peek = self._peeked(name, *span)
                own = tweets.id_of(peek.id_str) or tweets.id_of(peek.id) if peek else ""
                if not peek or not own:
                    continue
                if len(firsts) >= MAX_POSTS:
                    self._skip(name, Why.TOO_MANY)
                    break
                ids = tweets.versions(peek.edit_info, own)
                place = self._placed(peek, own, ids[0], name, span)
                if place:
                    self._keep_newest(places, int(ids[0]), place)
                    firsts |= {int(one): int(ids[0]) for one in ids}
        return _Index(sorted(places.values()), firsts)

    def _peeked(self, name: str, first: int, last: int) -> _Peek | None:
        data = self._data(name)[first:last]
        wrapped = decoded(self._wrapped.decode, data)
        peek = wrapped.tweet if wrapped and wrapped.tweet else decoded(self._bare.decode, data)
        if peek is None:
            self._skip(f"{name}:{first}", Why.UNREADABLE)
        elif not tweets.id_of(peek.id_str) and not tweets.id_of(peek.id):
            self._skip(f"{name}:{first}", Why.UNKNOWN_KIND)
        return peek

    def _placed(self, peek: _Peek, own: str, first_id: str, name: str, span: tuple[int, int]) -> _Place | None:
        if tweets.is_retweet(peek.full_text or peek.text):
            self._skip(tweets.address(text(self._account.get("username")), own), Why.RETWEET)
            return None
        at = tweets.moment_of_id(first_id) if own != first_id else None
        at = at or tweets.moment(peek.created_at, own)
        if at is None:
            self._skip(tweets.key(own), Why.UNDATED)
            return None
        return _Place(at.timestamp(), int(own), name, *span)

    def _keep_newest(self, places: dict[int, _Place], first_id: int, place: _Place) -> None:
        other = places.get(first_id)
        if other and other.number == place.number:
            self._skip(tweets.key(str(place.number)), Why.TWICE)
            return
        newest = max(filter(None, (other, place)), key=lambda one: one.number)
        if other:
            self._skip(tweets.key(str(min(other.number, place.number))), Why.OLDER_VERSION)
        places[first_id] = newest._replace(at=min(place.at, other.at if other else place.at))
