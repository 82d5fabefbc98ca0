"""What moderators put on a post, whatever its author says: pictures covered, a note that readers see, its
place in public lists.
"""

from typing import Any

from palabre.base import events
from palabre.base.db import Conn
from palabre.features.posts import store
from palabre.features.posts.events import PostEdited
from palabre.features.posts.publish import rerender


async def cover(conn: Conn, author_id: int, post_id: int, covered: bool) -> bool:
    """Show a post as sensitive, or again as its author says. False if it isn't there or is so already."""
    return await _set(conn, author_id, post_id, "covered", covered)


async def label(conn: Conn, author_id: int, post_id: int, words: str) -> bool:
    """A note above the post; empty: none. False if it isn't there or says so already."""
    return await _set(conn, author_id, post_id, "label", words)


async def _set(conn: Conn, author_id: int, post_id: int, name: str, value: Any) -> bool:
    post_id = await store.released_as(conn, author_id, post_id)
    row = await store.own(conn, author_id, post_id)
    if row is None or row["reblog_of_id"] or row[name] == value:
        return False
    await store.update(conn, author_id, post_id, **{name: value})
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
