"""Profile and posts as ActivityStreams, the way Mastodon's archives write them: pure functions.

Addresses begin with the origin's sentinel until `encoded` puts the origin there.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from palabre.base import origin
from palabre.base.clock import iso
from palabre.base.db import Row
from palabre.base.origin import SENTINEL
from palabre.features.accounts import AccountView
from palabre.features.posts import PostView
from palabre.features.posts.view import PublicMedia
from palabre.settings import current

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: list[Any] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "sensitive": "as:sensitive",
        "Hashtag": "as:Hashtag",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
    },
]
MEDIA = "media_attachments/"
_ON_SITE = f"{SENTINEL}/media/"
_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "mp4": "video/mp4",
}


def encoded(value: Any) -> bytes:
    """As JSON, with the network's own address where it belongs."""
    return origin.reveal(origin.seal(msgspec.json.encode(value)), current().origin, current().origin)


def actor_uri(username: str) -> str:
    return f"{SENTINEL}/users/{username}"


def post_uri(username: str, post_id: int) -> str:
    return f"{actor_uri(username)}/statuses/{post_id}"


def key_of(media: PublicMedia) -> str | None:
    """Where a picture of ours lies in the blob store."""
    return media.url.removeprefix(_ON_SITE) if media.url.startswith(_ON_SITE) else None


def collection(name: str, total: int) -> tuple[bytes, bytes]:
    """What comes before and after the items."""
    head = {"@context": CONTEXT, "id": name, "type": "OrderedCollection", "totalItems": total}
    return encoded(head)[:-1] + b',"orderedItems":[\n', b"\n]}\n"


def content_type(key: str) -> str:
    return _TYPES.get(key.rpartition(".")[2], "application/octet-stream")


def picture_name(kind: str, key: str) -> str:
    """What avatar and header are called in the archive."""
    return f"{kind}.{key.rpartition('.')[2]}"


def actor(view: AccountView, written: Row) -> dict[str, Any]:
    """actor.json; `written`: the account's own columns."""
    public, mine = view.public, actor_uri(view.public.username)
    pictures = {
        name: {"type": "Image", "mediaType": content_type(key), "url": picture_name(kind, key)}
        for name, kind, key in (("icon", "avatar", written["avatar_key"]), ("image", "header", written["header_key"]))
        if key
    }
    return {
        "@context": CONTEXT,
        "id": mine,
        "type": "Service" if written["bot"] else "Person",
        "webfinger": f"{public.username}@{current().name}",
        "preferredUsername": public.username,
        "name": written["display_name"],
        "summary": public.note,
        "url": public.url,
        "published": iso(written["created_at"]),
        "manuallyApprovesFollowers": written["locked"],
        "discoverable": written["discoverable"],
        "indexable": written["indexable"],
        "followers": f"{mine}/followers",
        "following": f"{mine}/following",
        "attachment": [{"type": "PropertyValue", "name": one.name, "value": one.value} for one in public.fields],
        "outbox": "outbox.json",
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
        **({"movedTo": written["new_home"]} if written["new_home"] else {}),
        **pictures,
    }


def create(post: PostView, typed: str, parent: AccountView | None) -> dict[str, Any]:
    """A post and its writing; `parent`: who wrote what it answers."""
    written = note(post, typed, parent)
    copied = {name: written[name] for name in ("published", "to", "cc")}
    by = actor_uri(post.author.public.username)
    return {"id": f"{written['id']}/activity", "type": "Create", "actor": by, **copied, "object": written}


def announce(boost: PostView, original: PostView) -> dict[str, Any]:
    by = boost.author.public.username
    to, cc = _audience(boost.visibility, actor_uri(by), [actor_uri(original.author.public.username)])
    return {
        "id": f"{post_uri(by, boost.id)}/activity",
        "type": "Announce",
        "actor": actor_uri(by),
        "published": iso(boost.created_at),
        "to": to,
        "cc": cc,
        "object": post_uri(original.author.public.username, original.id),
    }


def note(post: PostView, typed: str, parent: AccountView | None) -> dict[str, Any]:
    public, mine = post.public, post.author.public.username
    named = [actor_uri(one.username) for one in public.mentions]
    to, cc = _audience(post.visibility, actor_uri(mine), named)
    answered = post.in_reply_to_id and parent and post_uri(parent.public.username, post.in_reply_to_id)
    return {
        "id": post_uri(mine, post.id),
        "type": "Note",
        "summary": public.spoiler_text or None,
        "inReplyTo": answered or None,
        "published": iso(post.created_at),
        **({"updated": iso(post.edited_at)} if post.edited_at else {}),
        "url": public.url,
        "attributedTo": actor_uri(mine),
        "to": to,
        "cc": cc,
        "sensitive": public.sensitive,
        "content": public.own_content,
        **({"contentMap": {public.language: public.own_content}} if public.language else {}),
        "source": {"content": typed, "mediaType": "text/plain"},
        "attachment": [_document(one) for one in public.media_attachments],
        "tag": [
            *(
                {"type": "Mention", "href": actor_uri(one.username), "name": f"@{_handle(one.acct)}"}
                for one in public.mentions
            ),
            *({"type": "Hashtag", "href": one.url, "name": f"#{one.name}"} for one in public.tags),
        ],
    }


def _handle(acct: str) -> str:
    return acct if "@" in acct else f"{acct}@{current().name}"


def _document(media: PublicMedia) -> dict[str, Any]:
    key, focus = key_of(media), media.meta.focus
    size: Mapping[str, int] = {"width": media.meta.original.width, "height": media.meta.original.height}
    return {
        "type": "Document",
        "mediaType": content_type(media.url),
        "url": f"{MEDIA}{key}" if key else media.url,
        "name": media.description,
        "blurhash": media.blurhash,
        **(size if size["width"] else {}),
        **({"focalPoint": [focus.x, focus.y]} if focus.x or focus.y else {}),
    }


def _audience(visibility: str, me: str, named: list[str]) -> tuple[list[str], list[str]]:
    followers = f"{me}/followers"
    return {
        "public": ([PUBLIC], [followers, *named]),
        "unlisted": ([followers], [PUBLIC, *named]),
        "private": ([followers], named),
    }.get(visibility, (named, []))
