"""Posts that wait for a moderator: seen by their author alone, then published as of that moment, or not."""

from typing import Any

from palabre.base import clock, events, ids
from palabre.base.db import Conn
from palabre.features.posts import store
from palabre.features.posts.events import PostPublished, PostReleased
from palabre.features.posts.publish import rerender, tally


async def release(conn: Conn, author_id: int, post_id: int, *, rename: bool = True) -> int | None:
    """Publish a held post as of now, under a new id so that it stands where new posts do. Its id; None if it isn't held.

    `rename=False`: it was written this very moment.
    """
    row = await store.own(conn, author_id, post_id)
    if row is None or not row["held_at"] or row["withheld_at"]:
        return None
    at = clock.now()
    new_id = ids.new(at) if rename else post_id
    begins = row["thread_id"] == post_id
    changes: dict[str, Any] = {"held_at": None}
    if rename:
        await store.rename(conn, author_id, post_id, new_id)
        await events.record(conn, PostReleased(post_id, author_id))
        changes |= {"created_at": at, "held_as": post_id} | ({"thread_id": new_id} if begins else {})
    await store.update(conn, author_id, new_id, **changes)
    await rerender(conn, author_id, new_id)
    await tally(conn, dict(row) | {"created_at": at}, 1)
    await events.record(conn, PostPublished(new_id, author_id))
    return new_id
