"""Mastodon's JSON, one function per entity. Stored fragments are spliced with what differs by viewer, as bytes."""

from collections.abc import Iterable

import msgspec

from palabre.base import origin
from palabre.base.clock import iso
from palabre.base.db import Row
from palabre.features.accounts import AccountView, Member, Profile, preferences_of
from palabre.features.graph import Relationship
from palabre.features.posts import PostView, TagUse, Version
from palabre.features.posts.fragment import attachment as _attachment
from palabre.names import here
from palabre.settings import current

_ROLES = {
    "moderator": {"id": "2", "name": "Moderator", "permissions": "1308", "highlighted": True},
    "owner": {"id": "3", "name": "Owner", "permissions": "1", "highlighted": True},
}
_TRUTH = {True: b"true", False: b"false"}


def account(view: AccountView) -> bytes:
    return _reveal(_account(view))


def accounts(views: Iterable[AccountView]) -> bytes:
    return _reveal(b"[" + b",".join(map(_account, views)) + b"]")


def credential_account(view: AccountView, written: Profile, member: Member, requests: int) -> bytes:
    """One's own account: as shown, and as written (`written`); `requests`: how many ask to follow."""
    defaults = preferences_of(member.preferences)
    source = {
        "privacy": defaults.visibility,
        "sensitive": defaults.sensitive,
        "language": defaults.language,
        "note": written.note,
        "fields": [{"name": name, "value": value, "verified_at": None} for name, value in written.fields or ()],
        "follow_requests_count": requests,
        "hide_collections": written.hide_collections,
        "discoverable": written.discoverable,
        "indexable": written.indexable,
        "attribution_domains": [],
        "quote_policy": "nobody",
    }
    role = {
        "id": "-99",
        "name": "",
        "color": "",
        "permissions": "0",
        "highlighted": False,
        **_ROLES.get(member.role, {}),
    }
    return _reveal(
        b'%s,"source":%s,"role":%s}' % (_account(view)[:-1], msgspec.json.encode(source), msgspec.json.encode(role))
    )


def as_raw(encoded: bytes) -> msgspec.Raw:
    """JSON that is encoded already, to be put into more of it."""
    return msgspec.Raw(encoded)


def status(view: PostView, viewer_id: int | None) -> bytes:
    return _reveal(_status(view, viewer_id))


def statuses(views: Iterable[PostView], viewer_id: int | None) -> bytes:
    return _reveal(b"[" + b",".join([_status(view, viewer_id) for view in views]) + b"]")


def reveal_text(stored: str) -> str:
    """A stored URL or HTML as it goes out."""
    return origin.reveal_text(stored, here())


def splice(**members: bytes) -> bytes:
    """A JSON object of members that are JSON already."""
    return b"{" + b",".join([b'"%s":%s' % (name.encode(), value) for name, value in members.items()]) + b"}"


def join(encoded: bytes, **members: bytes) -> bytes:
    """A JSON object with more members, which are JSON already."""
    return encoded[:-1] + b"," + splice(**members)[1:]


def versions(found: Iterable[Version]) -> bytes:
    """A post's history."""
    rendered = [
        join(
            origin.seal(msgspec.json.encode(version.said)),
            created_at=msgspec.json.encode(iso(version.at)),
            account=_account(version.author),
            emojis=b"[]",
            quote=b"null",
        )
        for version in found
    ]
    return _reveal(b"[" + b",".join(rendered) + b"]")


def attachment(row: Row) -> bytes:
    """An upload that may not be in a post yet."""
    return _reveal(origin.seal(msgspec.json.encode(_attachment(dict(row)))))


def _account(view: AccountView) -> bytes:
    last = view.last_post_at
    return b'%s,"followers_count":%d,"following_count":%d,"statuses_count":%d,"last_status_at":%s%s}' % (
        view.fragment[:-1],
        view.followers,
        view.following,
        view.posts,
        b'"%s"' % last.date().isoformat().encode() if last else b"null",
        b',"limited":true' if view.standing == "limited" else b"",
    )


def _status(view: PostView, viewer_id: int | None) -> bytes:
    flags = b""
    if viewer_id is not None:
        flags = b',"favourited":%s,"reblogged":%s,"muted":%s,"bookmarked":%s,"filtered":[]' % (
            _TRUTH[view.favourited],
            _TRUTH[view.reblogged],
            _TRUTH[view.muted],
            _TRUTH[view.bookmarked],
        )
        if view.author_id == viewer_id:
            flags += b',"pinned":%s' % _TRUTH[view.pinned]
            if view.held_at:
                flags += b',"palabre":{"held_at":"%s"}' % iso(view.held_at).encode()
    return (
        b'%s,"account":%s,"reblog":%s,"replies_count":%d,"reblogs_count":%d,"favourites_count":%d,'
        b'"quotes_count":0,"quote":null%s}'
    ) % (
        view.fragment[:-1],
        _account(view.author),
        _status(view.reblog, viewer_id) if view.reblog else b"null",
        view.replies,
        view.reblogs,
        view.favourites,
        flags,
    )


def _reveal(stored: bytes) -> bytes:
    return origin.reveal(stored, here(), current().origin)


def relationship(view: Relationship) -> dict[str, object]:
    return {
        "id": str(view.account_id),
        "following": view.following,
        "showing_reblogs": view.reblogs,
        "notifying": view.notify,
        "languages": view.languages,
        "followed_by": view.followed_by,
        "blocking": view.blocking,
        "blocked_by": view.blocked_by,
        "muting": view.muting,
        "muting_notifications": view.muting_notifications,
        "muting_expires_at": iso(view.muting_until) if view.muting_until else None,
        "requested": view.requested,
        "requested_by": view.requested_by,
        "domain_blocking": False,
        "endorsed": False,
        "note": view.note,
    }


def tag(use: TagUse) -> dict[str, object]:
    return {
        "id": use.key,
        "name": use.display,
        "url": f"{here()}/tags/{use.key}",
        "history": [{"day": str(day.at), "uses": str(day.uses), "accounts": str(day.accounts)} for day in use.days],
        "following": False,
        "featuring": False,
    }
