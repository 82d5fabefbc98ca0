"""The only way to reach a post: ids, load in one batch, one visibility filter. Rendering is for the entrypoints."""

from collections.abc import Sequence

from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.features import accounts
from palabre.features.graph import Ties
from palabre.features.posts import rules, store
from palabre.features.posts.view import PostView


async def look(
    conn: Conn, post_ids: Sequence[int], viewer_id: int | None, *, boosted: Sequence[int] = ()
) -> list[PostView]:
    """Those of the posts that this viewer may see, in the order asked for.

    `boosted`: what the boosts among them boost, where the caller knows; it saves a statement.
    """
    if not post_ids:
        return []
    views = {row["id"]: PostView(row) for row in await store.views(conn, list({*post_ids, *boosted}))}
    missing = {view.reblog_of_id for view in views.values() if view.reblog_of_id} - views.keys()
    if missing:
        views |= {row["id"]: PostView(row) for row in await store.views(conn, list(missing))}
    authors = await accounts.look(conn, {view.author_id for view in views.values()})
    for view in list(views.values()):
        if view.author_id in authors:
            view.author = authors[view.author_id]
        else:
            del views[view.id]
    for view in views.values():
        if view.reblog_of_id:
            view.reblog = views.get(view.reblog_of_id)
    ties = await _as_seen_by(conn, viewer_id, views) if viewer_id else Ties()
    return [
        views[post_id]
        for post_id in dict.fromkeys(post_ids)
        if post_id in views and rules.may_see(views[post_id], viewer_id, ties)
    ]


async def own(conn: Conn, author_id: int, below: int, limit: int) -> list[PostView]:
    """What somebody wrote and boosted, newest first, with ids below `below`: for taking it along, whatever his standing.

    Without what moderators removed. A boost comes without what it boosts; `look` says whether he may see that.
    """
    views = [PostView(row) for row in await store.own_views(conn, author_id, below, limit)]
    if views:
        author = (await accounts.look(conn, [author_id]))[author_id]
        for view in views:
            view.author = author
    return views


async def look_at(conn: Conn, post_id: int | None, viewer_id: int | None) -> PostView:
    """One post. Raises NotFound where it doesn't exist or isn't for this viewer: the two can't be told apart."""
    found = await look(conn, [post_id], viewer_id) if post_id is not None else []
    if not found:
        raise NotFound
    return found[0]


async def _as_seen_by(conn: Conn, viewer_id: int, views: dict[int, PostView]) -> Ties:
    """Set the viewer's own flags on the views, and return his ties to their authors."""
    author_ids = list({view.author_id for view in views.values()})
    thread_ids = list({view.thread_id for view in views.values()})
    seen = await store.seen_by(conn, viewer_id, list(views), author_ids, thread_ids)
    ties = Ties(set(seen["following"]), set(seen["blocking"]), set(seen["blocked_by"]), set(seen["muting"]))
    flags = {name: set(seen[name]) for name in ("favourited", "reblogged", "bookmarked", "pinned")}
    muted_threads = set(seen["muted_threads"])
    for post_id, view in views.items():
        view.favourited = post_id in flags["favourited"]
        view.reblogged = post_id in flags["reblogged"]
        view.bookmarked = post_id in flags["bookmarked"]
        view.pinned = post_id in flags["pinned"]
        view.muted = view.thread_id in muted_threads
        view.muting_author = view.author_id in ties.muting
    for view in views.values():
        if view.reblog:  # a boost carries the viewer's marks on what it boosts
            view.favourited, view.reblogged = view.reblog.favourited, view.reblog.reblogged
            view.bookmarked = view.reblog.bookmarked
    return ties
