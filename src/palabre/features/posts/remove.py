"""Taking posts away: by their author for good, by a moderator so that they can be given back."""

from palabre.base import events
from palabre.base.clock import now
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.erase import Files, erase_files
from palabre.base.errors import NotFound
from palabre.features import accounts
from palabre.features.posts import media, store
from palabre.features.posts.events import PostRemoved, PostRestored, PostUnboosted, PostWithheld
from palabre.features.posts.held import release
from palabre.features.posts.publish import rerender, tally
from palabre.features.posts.whereabouts import note_removed

_BATCH = 500


async def remove(conn: Conn, author_id: int, post_id: int, *, keep_media: bool = False) -> None:
    """Delete for good. `keep_media`: its files go back to the author's drafts for a while, served to nobody.

    Raises NotFound for a post that isn't the author's.
    """
    row = await store.own(conn, author_id, post_id)
    if row is None:
        raise NotFound
    if row["reblog_of_id"]:
        await unboost(conn, author_id, row["reblog_of_id"])
        return
    keys = await media.detach(conn, author_id, post_id, keep=keep_media)
    await store.set_tags(conn, author_id, post_id, {})
    await store.delete(conn, author_id, post_id)
    await note_removed(conn, author_id, post_id)
    if not row["withheld_at"] and not row["held_at"]:
        await tally(conn, dict(row), -1)
    await events.record(conn, PostRemoved(post_id, author_id, row["thread_id"], keys))


async def unboost(conn: Conn, account_id: int, post_id: int) -> None:
    """Take back a boost, if there is one."""
    boost_id = await store.boost_id(conn, account_id, post_id)
    if boost_id is None:
        return
    boost = await store.own(conn, account_id, boost_id)
    if boost and await store.delete(conn, account_id, boost_id):
        await store.count(conn, boost["reblog_of_author_id"], post_id, reblogs=-1)
        if not boost["withheld_at"]:
            await accounts.count(conn, account_id, posts=-1)
        await events.record(conn, PostUnboosted(boost_id, post_id, boost["reblog_of_author_id"], account_id))


async def withhold(conn: Conn, author_id: int, post_id: int) -> bool:
    """Stop showing a post to anyone, restorably. False if it isn't there or is withheld already."""
    post_id = await store.released_as(conn, author_id, post_id)
    row = await store.own(conn, author_id, post_id)
    if row is None or row["withheld_at"]:
        return False
    await store.update(conn, author_id, post_id, withheld_at=now())
    if not row["reblog_of_id"]:
        await store.set_tags(conn, author_id, post_id, {})
    if not row["held_at"]:
        await tally(conn, dict(row), -1)
    await events.record(conn, PostWithheld(post_id, author_id))
    return True


async def restore(conn: Conn, author_id: int, post_id: int) -> bool:
    """Show a withheld post again, as it was; one that was never out is published now. False if it isn't withheld."""
    post_id = await store.released_as(conn, author_id, post_id)
    row = await store.own(conn, author_id, post_id)
    if row is None or not row["withheld_at"]:
        return False
    await store.update(conn, author_id, post_id, withheld_at=None)
    if row["held_at"]:
        return await release(conn, author_id, post_id) is not None
    await rerender(conn, author_id, post_id)
    await tally(conn, dict(row), 1)
    await events.record(conn, PostRestored(post_id, author_id))
    return True


@duty
async def orphan_replies(conn: Conn, event: PostRemoved) -> None:
    """Replies to a deleted post stand on their own."""
    replies = await store.replies_to(conn, event.thread_id, event.post_id, _BATCH)
    for reply in replies:
        await store.update(conn, reply["author_id"], reply["id"], in_reply_to_id=None, in_reply_to_author_id=None)
        await rerender(conn, reply["author_id"], reply["id"])
    if len(replies) == _BATCH:
        await put(conn, orphan_replies, event)


@duty
async def erase_traces(conn: Conn, event: PostRemoved) -> None:
    """What others hung on a deleted post, batch by batch: boosts, favourites, bookmarks. Nobody sees them any more."""
    boosters = await store.erase_boosts(conn, event.post_id, _BATCH)
    for account_id in boosters:
        await accounts.count(conn, account_id, posts=-1)
    erased = [len(boosters)]
    erased += [await store.erase_marks(conn, table, event.post_id, _BATCH) for table in ("favourites", "bookmarks")]
    if max(erased) == _BATCH:
        await put(conn, erase_traces, event)


@duty
async def erase_media(conn: Conn, event: PostRemoved) -> None:
    if event.media_keys:
        await put(conn, erase_files, Files(event.media_keys))


async def forget_keys(conn: Conn) -> None:
    """Idempotency keys serve for a day."""
    await store.forget_keys(conn)
