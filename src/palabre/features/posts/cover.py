"""What moderators change about a post without taking it away: its pictures covered, its place in public lists."""

from palabre.base import events
from palabre.base.db import Conn
from palabre.features.posts import store
from palabre.features.posts.events import PostEdited
from palabre.features.posts.publish import rerender


async def cover(conn: Conn, author_id: int, post_id: int, sensitive: bool) -> bool:
    """Mark a post sensitive or not, whatever its author said. False if it isn't there or is so already."""
    post_id = await store.released_as(conn, author_id, post_id)
    row = await store.own(conn, author_id, post_id)
    if row is None or row["reblog_of_id"] or row["sensitive"] == sensitive:
        return False
    await store.update(conn, author_id, post_id, sensitive=sensitive)
    await rerender(conn, author_id, post_id)
    await events.record(conn, PostEdited(post_id, author_id))
    return True


async def unlist(conn: Conn, author_id: int, post_id: int, unlisted: bool) -> bool:
    """Keep a public post out of public lists and hashtags, or let it back. False if it isn't there or is so already."""
    before, after = ("public", "unlisted") if unlisted else ("unlisted", "public")
    post_id = await store.released_as(conn, author_id, post_id)
    row = await store.own(conn, author_id, post_id)
    if row is None or row["reblog_of_id"] or row["visibility"] != before:
        return False
    await store.update(conn, author_id, post_id, visibility=after)
    await rerender(conn, author_id, post_id)
    await events.record(conn, PostEdited(post_id, author_id))
    return True
