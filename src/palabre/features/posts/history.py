"""What a post said before each edit, and its text as written."""

from datetime import datetime

import msgspec

from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.base.origin import unseal
from palabre.features.accounts import AccountView
from palabre.features.posts import store
from palabre.features.posts.look import look_at


class Said(msgspec.Struct):
    """The part of a post's stored JSON that an edit can change. URLs begin with the origin's sentinel."""

    content: str
    spoiler_text: str
    sensitive: bool
    media_attachments: list[dict[str, object]]


class Version(msgspec.Struct, frozen=True):
    said: Said
    author: AccountView
    at: datetime


class Source(msgspec.Struct, frozen=True):
    text: str
    spoiler: str


_decode = msgspec.json.Decoder(Said).decode


async def history(conn: Conn, post_id: int, viewer_id: int | None) -> list[Version]:
    """Every version, oldest first, the present one last. Raises NotFound.

    Pictures that an edit took out are served to nobody any more, so the versions before it are shown without them.
    """
    post = await look_at(conn, post_id, viewer_id)
    post = post.reblog or post
    kept = {media.id for media in post.public.media_attachments}
    versions = [(row["fragment"], row["written_at"]) for row in await store.revisions(conn, post.author_id, post.id)]
    versions.append((post.fragment, post.edited_at or post.created_at))
    found = [Version(_decode(unseal(fragment)), post.author, at) for fragment, at in versions]
    for version in found:
        version.said.media_attachments = [item for item in version.said.media_attachments if item["id"] in kept]
    return found


async def source(conn: Conn, author_id: int, post_id: int) -> Source:
    """One's own post as it was written. Raises NotFound."""
    post = await look_at(conn, post_id, author_id)
    row = await store.source(conn, author_id, (post.reblog or post).id)
    if row is None:
        raise NotFound
    return Source(row["text"], row["spoiler"])
