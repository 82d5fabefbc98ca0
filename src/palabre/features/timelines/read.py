"""Timelines read straight from the posts: local, hashtag, profile, thread, and one's own favourites and bookmarks."""

from collections import defaultdict
from dataclasses import dataclass

from palabre.base.db import Conn
from palabre.base.paging import Page
from palabre.base.text import tag_key
from palabre.features.posts import PostView, is_usable, look, look_at
from palabre.features.timelines import store
from palabre.features.timelines.fill import Entry, Timeline, fill, listed

_LONGEST_THREAD = 4_000
_STRANGERS_SEE = (40, 60)  # posts above and below: a page that anybody may ask for must not cost much


async def local(conn: Conn, viewer_id: int | None, page: Page, *, only_media: bool = False) -> Timeline:
    async def fetch(asked: Page) -> list[Entry]:
        return [Entry(row["id"]) for row in await store.local(conn, asked, only_media)]

    return await fill(conn, page, viewer_id, fetch, keep=listed)


async def hashtag(conn: Conn, tag: str, viewer_id: int | None, page: Page) -> Timeline:
    """Public posts with this tag, however it was written; none where the moderators closed it."""

    if not await is_usable(conn, tag_key(tag)):
        return Timeline([])

    async def fetch(asked: Page) -> list[Entry]:
        return [Entry(row["id"]) for row in await store.hashtag(conn, tag_key(tag), asked)]

    return await fill(conn, page, viewer_id, fetch, keep=lambda post: post.visibility == "public" and listed(post))


async def profile(
    conn: Conn,
    author_id: int,
    viewer_id: int | None,
    page: Page,
    *,
    replies: bool = True,
    reblogs: bool = True,
    only_media: bool = False,
    tag: str | None = None,
) -> Timeline:
    folded = tag_key(tag) if tag else None

    async def fetch(asked: Page) -> list[Entry]:
        rows = await store.profile(
            conn, author_id, asked, replies=replies, reblogs=reblogs, only_media=only_media, tag=folded
        )
        return [Entry(row["id"], row["reblog_of_id"]) for row in rows]

    return await fill(conn, page, viewer_id, fetch, keep=lambda post: post.visibility != "direct")


async def pinned(conn: Conn, author_id: int, viewer_id: int | None) -> Timeline:
    """What an account shows at the top of its profile, the latest pinned first."""
    return Timeline(await look(conn, await store.pins(conn, author_id), viewer_id))


async def favourites(conn: Conn, account_id: int, page: Page) -> Timeline:
    return await _marked(conn, "favourites", account_id, page)


async def bookmarks(conn: Conn, account_id: int, page: Page) -> Timeline:
    return await _marked(conn, "bookmarks", account_id, page)


async def _marked(conn: Conn, table: str, account_id: int, page: Page) -> Timeline:
    async def fetch(asked: Page) -> list[Entry]:
        rows = await store.marked(conn, table, account_id, asked)
        return [Entry(row["post_id"], cursor=row["cursor"]) for row in rows]

    return await fill(conn, page, account_id, fetch)


@dataclass(frozen=True)
class Thread:
    """A post, what it answers (oldest first) and what answers it (depth first, each branch oldest first)."""

    ancestors: list[PostView]
    post: PostView
    descendants: list[PostView]


async def thread(conn: Conn, post_id: int | None, viewer_id: int | None) -> Thread:
    """Raises NotFound."""
    post = await look_at(conn, post_id, viewer_id)
    post = post.reblog or post
    parents: dict[int, int | None] = {}
    children: dict[int, list[int]] = defaultdict(list)
    for row in await store.thread(conn, post.thread_id, _LONGEST_THREAD):
        parents[row["id"]] = row["in_reply_to_id"]
        children[row["in_reply_to_id"] or 0].append(row["id"])
    above = _above(post.id, parents)
    below = _below(post.id, children)
    if viewer_id is None:
        above, below = above[-_STRANGERS_SEE[0] :], below[: _STRANGERS_SEE[1]]
    seen = {view.id: view for view in await look(conn, [*above, *below], viewer_id)}
    return Thread(
        [seen[found] for found in above if found in seen], post, [seen[found] for found in below if found in seen]
    )


def _above(post_id: int, parents: dict[int, int | None]) -> list[int]:
    found: dict[int, None] = {}
    parent = parents.get(post_id)
    while parent and parent in parents and parent not in found:
        found[parent] = None
        parent = parents[parent]
    return list(reversed(found))


def _below(post_id: int, children: dict[int, list[int]]) -> list[int]:
    found: list[int] = []
    waiting = children[post_id][::-1]
    while waiting:
        child = waiting.pop()
        found.append(child)
        waiting += children[child][::-1]
    return found
