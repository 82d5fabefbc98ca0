"""What people do with each other's posts: boost, favourite, bookmark, pin, mute the thread. Each may be done twice
without harm; each raises NotFound for a post that isn't for this account to see. `quiet`: brought along from
elsewhere, nobody is told.
"""

from datetime import datetime
from typing import Any

from palabre.base import clock, events, ids
from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import accounts
from palabre.features.posts import fragment, rules, store
from palabre.features.posts.events import PostBoosted, PostFavourited, PostUnfavourited
from palabre.features.posts.look import look_at
from palabre.features.posts.view import PostView

MOST_PINS = 5


async def boost(
    conn: Conn,
    account_id: int,
    post_id: int,
    visibility: str = "public",
    *,
    at: datetime | None = None,
    quiet: bool = False,
) -> int:
    """The boost's own id; boosting again gives the same. Raises Forbidden for what goes to few on purpose."""
    post = await _original(conn, account_id, post_id)
    if not rules.may_boost(post, account_id):
        raise Forbidden
    if visibility not in ("public", "unlisted", "private"):
        raise Refused("is not included in the list", field="visibility", code="inclusion")
    if post.visibility == "private":
        visibility = "private"
    earlier = await store.boost_id(conn, account_id, post.id)
    if earlier:
        return earlier
    at = at or clock.now()
    row: dict[str, Any] = {
        "author_id": account_id,
        "id": ids.new(at),
        "visibility": visibility,
        "text": "",
        "spoiler": "",
        "sensitive": False,
        "language": None,
        "in_reply_to_id": None,
        "in_reply_to_author_id": None,
        "thread_id": post.thread_id,
        "reblog_of_id": post.id,
        "reblog_of_author_id": post.author_id,
        "audience": [],
        "tags": [],
        "has_media": False,
        "client_id": None,
        "created_at": at,
        "edited_at": None,
        "held_at": None,
        "quiet": quiet,
    }
    author = (await accounts.look(conn, [account_id]))[account_id]
    row["fragment"] = fragment.render(row, username=author.public.username)
    if not await store.insert_boost(conn, row):
        return await boost(conn, account_id, post_id, visibility, at=at, quiet=quiet)
    await store.count(conn, post.author_id, post.id, reblogs=1)
    await accounts.count(conn, account_id, posts=1, at=at)
    await events.record(conn, PostBoosted(row["id"], post.id, post.author_id, account_id, quiet))
    return int(row["id"])


async def favourite(conn: Conn, account_id: int, post_id: int, *, quiet: bool = False) -> None:
    post = await _original(conn, account_id, post_id)
    if await store.add_mark(conn, "favourites", account_id, post.id, post.author_id, ids.new()):
        await store.count(conn, post.author_id, post.id, favourites=1)
        await events.record(conn, PostFavourited(post.id, post.author_id, account_id, quiet))


async def unfavourite(conn: Conn, account_id: int, post_id: int) -> None:
    post = await _original(conn, account_id, post_id)
    if await store.remove_mark(conn, "favourites", account_id, post.id):
        await store.count(conn, post.author_id, post.id, favourites=-1)
        await events.record(conn, PostUnfavourited(post.id, post.author_id, account_id))


async def bookmark(conn: Conn, account_id: int, post_id: int) -> None:
    post = await _original(conn, account_id, post_id)
    await store.add_mark(conn, "bookmarks", account_id, post.id, post.author_id, ids.new())


async def unbookmark(conn: Conn, account_id: int, post_id: int) -> None:
    post = await _original(conn, account_id, post_id)
    await store.remove_mark(conn, "bookmarks", account_id, post.id)


async def pin(conn: Conn, account_id: int, post_id: int) -> None:
    """Raises Refused for somebody else's post, a boost, a direct post, or one too many."""
    post = _out(await look_at(conn, post_id, account_id))
    if post.author_id != account_id:
        raise Refused("Someone else's post cannot be pinned", code="not_own")
    if post.reblog:
        raise Refused("A boost cannot be pinned", code="is_boost")
    if post.visibility == "direct":
        raise Refused("Posts that are only visible to mentioned users cannot be pinned", code="is_direct")
    pinned = await store.pins(conn, account_id)
    if post_id not in pinned and len(pinned) >= MOST_PINS:
        raise Refused("You have already pinned the maximum number of posts", code="too_many")
    if await store.hold(conn, account_id, post_id):
        await store.pin(conn, account_id, post_id, ids.new())


async def unpin(conn: Conn, account_id: int, post_id: int) -> None:
    await look_at(conn, post_id, account_id)
    await store.remove_mark(conn, "pins", account_id, post_id)


async def mute_thread(conn: Conn, account_id: int, post_id: int) -> None:
    await store.mute_thread(conn, account_id, (await _original(conn, account_id, post_id)).thread_id)


async def unmute_thread(conn: Conn, account_id: int, post_id: int) -> None:
    await store.unmute_thread(conn, account_id, (await _original(conn, account_id, post_id)).thread_id)


async def _original(conn: Conn, account_id: int, post_id: int) -> PostView:
    """The post itself, where somebody acted on a boost of it; it can't be deleted before the act is done."""
    post = await look_at(conn, post_id, account_id)
    post = _out(post.reblog or post)
    if not await store.hold(conn, post.author_id, post.id):
        raise NotFound
    return post


def _out(post: PostView) -> PostView:
    """Raises Refused for a post that still waits for a moderator: nothing can hang on it yet."""
    if post.held_at:
        raise Refused("This post still waits for a moderator", code="held")
    return post
