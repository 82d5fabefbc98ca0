"""ActivityPub objects as Mastodon and its relatives write them into an archive, turned into the neutral model."""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any

from palabre.features.portability.imports.loose import (
    MOST,
    Json,
    host,
    many,
    moment,
    obj,
    objects,
    reference,
    text,
    web_address,
    whole,
)
from palabre.features.portability.imports.model import (
    ArchivedMedia,
    ArchivedPoll,
    ArchivedPost,
    Field,
    MediaKind,
    Mention,
    PollOption,
    Profile,
    Reference,
    Visibility,
)
from palabre.features.portability.imports.plain import plain_text

POST_TYPES: tuple[str, ...] = ("Note", "Question")
_PUBLIC = {"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"}
_QUOTES = ("quote", "quoteUri", "quoteUrl", "_misskey_quote")
_LINK = re.compile(r"<a ([^<>]{1,4000})>")
_NAMING = re.compile(r'class="[^"]*\b(?:mention|hashtag)\b')
_HREF = re.compile(r'href="(https?://[^"]+)"')
_KINDS: dict[str, MediaKind] = {"image": "image", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading one post needs to know of the rest of the archive."""

    followers: str = ""
    domain: str = ""
    known: Container[str] = field(default_factory=frozenset)
    find_file: Callable[[str], str | None] = lambda url: None


def profile(actor: Json, find_file: Callable[[str], str | None]) -> Profile:
    """The account of actor.json."""
    source_id = text(actor.get("id"))
    username = text(actor.get("preferredUsername"))
    webfinger = text(actor.get("webfinger")).removeprefix("acct:")
    html = text(actor.get("summary"))
    return Profile(
        username=username,
        domain=webfinger.rpartition("@")[2] or host(source_id),
        source_id=source_id,
        url=web_address(actor.get("url")),
        display_name=text(actor.get("name")),
        bio=plain_text(html),
        bio_html=html or None,
        fields=tuple(_fields(actor.get("attachment"))),
        avatar=find_file(text(obj(actor.get("icon")).get("url"))),
        header=find_file(text(obj(actor.get("image")).get("url"))),
        created_at=moment(actor.get("published")),
        locked=actor.get("manuallyApprovesFollowers") is True,
        bot=actor.get("type") == "Service",
        discoverable=_flag(actor.get("discoverable")),
        indexable=_flag(actor.get("indexable")),
        also_known_as=tuple(filter(None, map(text, many(actor.get("alsoKnownAs"))))),
        moved_to=web_address(reference(actor.get("movedTo"))),
    )


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _fields(attachments: Any) -> list[Field]:
    found = [item for item in objects(attachments) if item.get("type") == "PropertyValue"]
    return [Field(text(f.get("name")), plain_text(text(f.get("value"))), text(f.get("value"))) for f in found]


def visibility(item: Json, followers: str) -> Visibility:
    """Who may see it, from `to` and `cc`; whatever is for neither the public nor the followers is direct."""
    to, cc = ({reference(one) for one in many(item.get(key))} for key in ("to", "cc"))
    if to & _PUBLIC:
        return "public"
    if cc & _PUBLIC:
        return "unlisted"
    audience = to | cc
    if followers in audience if followers else any(one.endswith("/followers") for one in audience):
        return "followers"
    return "direct"


def post(note: Json, at: datetime, around: Surroundings, missing: list[str]) -> ArchivedPost:
    """The post a Note or Question is. Files it names that are not in the archive are added to `missing`."""
    html, language = _content(note)
    mentions = tuple(_mentions(note, around.domain))
    quoted = next((url for key in _QUOTES if (url := reference(note.get(key)))), "")
    attachments = objects(note.get("attachment"))
    return ArchivedPost(
        source_key=text(note.get("id")),
        created_at=at,
        text=plain_text(html, _mention_writer(mentions), without="quote-inline" if quoted else None),
        url=web_address(note.get("url")) or web_address(note.get("id")),
        html=html or None,
        spoiler=text(note.get("summary")) or None,
        sensitive=note.get("sensitive") is True,
        language=language,
        visibility=visibility(note, around.followers),
        in_reply_to=_reference(reference(note.get("inReplyTo")), around),
        quote=_reference(quoted, around),
        media=tuple(_media(attachments, around, missing)),
        poll=_poll(note),
        tags=tuple(_tags(note)),
        mentions=mentions,
        links=tuple(_links(html, attachments, {quoted, *(m.url for m in mentions)})),
        edited_at=moment(note.get("updated")),
    )


def _content(note: Json) -> tuple[str, str | None]:
    by_language = {k: v for k, v in obj(note.get("contentMap")).items() if isinstance(v, str)}
    language = next(iter(by_language), None)
    html = text(note.get("content")) or (by_language[language] if language else "")
    return html, language if language and language != "und" else None


def _reference(url: str, around: Surroundings) -> Reference | None:
    if not url:
        return None
    return Reference(key=url if url in around.known else None, url=web_address(url))


def _mentions(note: Json, domain: str) -> list[Mention]:
    found = []
    for tag in objects(note.get("tag")):
        name = text(tag.get("name")).lstrip("@")
        if tag.get("type") == "Mention" and name:
            server = "" if "@" in name else "@" + (domain or host(text(tag.get("href"))))
            found.append(Mention(name + server, web_address(tag.get("href"))))
    return found


def _mention_writer(mentions: tuple[Mention, ...]) -> Callable[[str, str], str]:
    """Links show `@name` alone, which would name somebody else here; the tags know the server."""

    def write(words: str, href: str) -> str:
        name = words.lstrip("@").casefold()
        same = [m for m in mentions if m.handle.casefold() == name or m.handle.partition("@")[0].casefold() == name]
        near = [m for m in same if m.url and host(m.url) == host(href)]
        best = (near or same)[:1]
        if best:
            return "@" + best[0].handle
        return words if "@" in name or not host(href) else f"{words}@{host(href)}"

    return write


def _tags(note: Json) -> list[str]:
    names = [text(tag.get("name")).lstrip("#") for tag in objects(note.get("tag")) if tag.get("type") == "Hashtag"]
    return [name for name in dict.fromkeys(names) if name]


def _links(html: str, attachments: list[Json], shown: set[str | None]) -> list[str]:
    plain_links = [m[1] for m in _LINK.finditer(html) if not _NAMING.search(m[1])]
    written = [unescape(m[1]) for link in plain_links[:MOST] if (m := _HREF.search(link))]
    cards = [web_address(a.get("href")) for a in attachments if a.get("type") == "Link"]
    return [url for url in dict.fromkeys([*written, *cards]) if url and url not in shown]


def _media(attachments: list[Json], around: Surroundings, missing: list[str]) -> list[ArchivedMedia]:
    found = []
    for attachment in attachments:
        urls = [text(one) or text(obj(one).get("href")) for one in many(attachment.get("url"))]
        if attachment.get("type") == "Link" or not urls or not urls[0]:
            continue
        path, remote = around.find_file(urls[0]), web_address(urls[0])
        if path is None and remote is None:
            missing.append(urls[0])
            continue
        content_type = text(attachment.get("mediaType")) or text(obj(many(attachment["url"])[0]).get("mediaType"))
        found.append(
            ArchivedMedia(
                path=path,
                kind=_kind(content_type),
                content_type=content_type or None,
                description=text(attachment.get("name")) or None,
                focus=_focus(attachment.get("focalPoint")),
                blurhash=text(attachment.get("blurhash")) or None,
                url=remote,
            )
        )
    return found


def _kind(content_type: str) -> MediaKind:
    return _KINDS.get(content_type.partition("/")[0], "unknown")


def _focus(value: Any) -> tuple[float, float] | None:
    numbers = [float(n) for n in many(value) if isinstance(n, int | float) and -1 <= n <= 1]
    return (numbers[0], numbers[1]) if len(numbers) == 2 and numbers != [0.0, 0.0] else None


def _poll(note: Json) -> ArchivedPoll | None:
    multiple = "anyOf" in note
    options = objects(note.get("anyOf") if multiple else note.get("oneOf"))
    if not options:
        return None
    return ArchivedPoll(
        options=tuple(PollOption(text(o.get("name")), whole(obj(o.get("replies")).get("totalItems"))) for o in options),
        multiple=multiple,
        closes_at=moment(note.get("endTime")) or moment(note.get("closed")),
        voters=whole(note.get("votersCount")),
    )
