"""A Mastodon archive: outbox.json, actor.json, likes.json, bookmarks.json, media files, and the CSVs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from palabre.features.portability.imports import notes
from palabre.features.portability.imports.archive import MAX_POSTS, Archive
from palabre.features.portability.imports.container import Container
from palabre.features.portability.imports.csvs import MAX_CSV, read_csv
from palabre.features.portability.imports.loose import Json, decoded, moment, obj, reference, text, web_address
from palabre.features.portability.imports.model import (
    ArchivedPost,
    ArchiveError,
    Bookmark,
    Boost,
    Favourite,
    Profile,
    Reference,
    Relation,
    Totals,
    Why,
)
from palabre.features.portability.imports.scan import Bytes, inside_array

OUTBOX, ACTOR, LIKES, BOOKMARKS = "outbox.json", "actor.json", "likes.json", "bookmarks.json"
MEDIA = "media_attachments/"
BOOST_TYPES: tuple[str, ...] = ("Announce",)
MAX_ACTOR = 4 << 20


class _Place(NamedTuple):
    """When an item of the outbox was written and where it lies; sorts oldest first, then as in the file."""

    at: float
    first: int
    last: int


class _Outbox(NamedTuple):
    posts: list[_Place]
    boosts: list[_Place]
    known: frozenset[str]


class _PeekedObject(msgspec.Struct):
    id: str = ""
    type: str = ""
    published: str | None = None


class _Peek(msgspec.Struct):
    """The little that ordering needs of an activity; decoding only that is several times faster."""

    id: str = ""
    type: str = ""
    published: str | None = None
    object: _PeekedObject | str | None = None


class MastodonArchive(Archive):
    kind = "mastodon"

    def __init__(self, container: Container, scratch: Path | None = None) -> None:
        super().__init__(container, scratch)
        self._peek = msgspec.json.Decoder(_Peek)

    @cached_property
    def _actor(self) -> Json:
        if ACTOR not in self._container:
            return {}
        actor = decoded(msgspec.json.decode, self._container.read(ACTOR, MAX_ACTOR))
        if actor is None:
            self._skip(ACTOR, Why.UNREADABLE)
        return obj(actor)

    @cached_property
    def _profile(self) -> Profile | None:
        if not text(self._actor.get("preferredUsername")):
            return None
        for key in ("icon", "image"):
            url = text(obj(self._actor.get(key)).get("url"))
            if url and not self._find_file(url):
                self._skip(url, Why.NO_FILE)
        return notes.profile(self._actor, self._find_file)

    def profile(self) -> Profile | None:
        return self._profile

    def totals(self) -> Totals:
        media = [self._container.size(name) for name in self._container.names() if name.startswith(MEDIA)]
        return Totals(
            posts=len(self._outbox.posts),
            boosts=len(self._outbox.boosts),
            favourites=sum(1 for _ in self.favourites()),
            bookmarks=sum(1 for _ in self.bookmarks()),
            relations=len(self._csv_entries) - sum(isinstance(e, Bookmark) for e in self._csv_entries),
            media=len(media),
            media_bytes=sum(media),
        )

    def posts(self) -> Iterator[ArchivedPost]:
        profile = self.profile()
        around = notes.Surroundings(
            followers=text(self._actor.get("followers")),
            domain=profile.domain if profile else "",
            known=self._outbox.known,
            find_file=self._find_file,
        )
        for place in self._outbox.posts:
            activity = self._decode(OUTBOX, place.first, place.last)
            if activity is not None:
                yield from self._post(activity, around)

    def _post(self, activity: Json, around: notes.Surroundings) -> Iterator[ArchivedPost]:
        note = {"to": activity.get("to"), "cc": activity.get("cc"), **obj(activity.get("object"))}
        at = moment(note.get("published")) or moment(activity.get("published"))
        assert at is not None
        missing: list[str] = []
        post = notes.post(note, at, around, missing)
        for url in missing:
            self._skip(url, Why.NO_FILE)
        if post.text or post.spoiler or post.media or post.poll:
            yield post
        else:
            self._skip(post.source_key, Why.EMPTY)

    def boosts(self) -> Iterator[Boost]:
        followers = text(self._actor.get("followers"))
        for place in self._outbox.boosts:
            activity = self._decode(OUTBOX, place.first, place.last)
            if activity is None:
                continue
            url, at = reference(activity.get("object")), moment(activity.get("published"))
            assert at is not None
            post = Reference(key=url if url in self._outbox.known else None, url=web_address(url))
            yield Boost(text(activity.get("id")), post, at, notes.visibility(activity, followers))

    def favourites(self) -> Iterator[Favourite]:
        return (Favourite(url) for url in self._addresses(LIKES))

    def bookmarks(self) -> Iterator[Bookmark]:
        listed = {entry.url: entry for entry in self._csv_entries if isinstance(entry, Bookmark)}
        yield from (Bookmark(url) for url in self._addresses(BOOKMARKS) if url not in listed)
        yield from listed.values()

    def relations(self) -> Iterator[Relation]:
        return (entry for entry in self._csv_entries if not isinstance(entry, Bookmark))

    def _addresses(self, name: str) -> Iterator[str]:
        for item in self._items(name, _ordered_items):
            url = web_address(reference(item))
            if url:
                yield url
            else:
                self._skip(f"{name}: {str(item)[:200]}", Why.BAD_ROW)

    @cached_property
    def _csv_entries(self) -> list[Relation | Bookmark]:
        profile = self.profile()
        entries: list[Relation | Bookmark] = []
        for name in self._container.names():
            if name.lower().endswith(".csv"):
                try:
                    data = self._container.read(name, MAX_CSV)
                    entries += read_csv(name, data, self._skip, profile.domain if profile else "")
                except ArchiveError:
                    self._skip(name, Why.UNREADABLE)
        return list(dict.fromkeys(entries))

    def _find_file(self, url: str) -> str | None:
        """The member an address of the archive means: outside storage puts slashes and buckets before."""
        name = url.lstrip("/")
        if name in self._container:
            return name
        start = name.find(MEDIA)
        return name[start:] if start >= 0 and name[start:] in self._container else None

    @cached_property
    def _outbox(self) -> _Outbox:
        """One walk through the outbox: what is in it, in order of time."""
        posts: list[_Place] = []
        boosts: list[_Place] = []
        seen: set[str] = set()
        known: set[str] = set()
        for first, last in self._spans(OUTBOX, _ordered_items) if OUTBOX in self._container else ():
            peek = self._peeked(first, last)
            found = peek and self._sorted_in(peek)
            if len(seen) >= MAX_POSTS:
                self._skip(OUTBOX, Why.TOO_MANY)
                break
            if not peek or not found:
                continue
            key, at = found
            if key in seen:
                self._skip(key, Why.TWICE)
                continue
            seen.add(key)
            if peek.type == "Create":
                known.add(key)
                posts.append(_Place(at, first, last))
            else:
                boosts.append(_Place(at, first, last))
        return _Outbox(sorted(posts), sorted(boosts), frozenset(known))

    def _peeked(self, first: int, last: int) -> _Peek | None:
        peek = decoded(self._peek.decode, self._data(OUTBOX)[first:last])
        if peek is None:
            self._skip(f"{OUTBOX}:{first}", Why.UNREADABLE)
        return peek

    def _sorted_in(self, peek: _Peek) -> tuple[str, float] | None:
        """Its key and time if it is a post or a boost that can be taken; else why not is noted."""
        if peek.type == "Create" and isinstance(peek.object, _PeekedObject):
            key, kind, taken = peek.object.id, peek.object.type, notes.POST_TYPES
            at = moment(peek.object.published) or moment(peek.published)
        else:
            key, kind, taken = peek.id, peek.type, BOOST_TYPES
            at = moment(peek.published)
        if not key or kind not in taken:
            self._skip(f"{kind or '?'} {key}", Why.UNKNOWN_KIND)
            return None
        if at is None:
            self._skip(key, Why.UNDATED)
            return None
        return key, at.timestamp()


def _ordered_items(data: Bytes) -> int:
    return inside_array(data, "orderedItems")
