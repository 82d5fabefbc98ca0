"""Erasing all that an account wrote and marked, some at a time."""

from palabre.base import events
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.erase import Files, erase_files
from palabre.features.accounts.events import AccountDeleted
from palabre.features.posts import media, store
from palabre.features.posts.events import PostUnfavourited
from palabre.features.posts.remove import remove

_BATCH = 50


@duty
async def erase_posts(conn: Conn, event: AccountDeleted) -> None:
    """One batch, then once more until nothing is left."""
    author_id = event.account_id
    posts = await store.newest_of(conn, author_id, _BATCH)
    for post_id in posts:
        await remove(conn, author_id, post_id)
    marked = await _erase_favourites(conn, author_id)
    if len(posts) == _BATCH or marked == _BATCH:
        await put(conn, erase_posts, event)
        return
    await store.forget_reader(conn, author_id)
    if keys := await media.delete_all(conn, author_id):
        await put(conn, erase_files, Files(keys))


async def _erase_favourites(conn: Conn, account_id: int) -> int:
    marks = await store.favourites_of(conn, account_id, _BATCH)
    for mark in marks:
        await store.remove_mark(conn, "favourites", account_id, mark["post_id"])
        await store.count(conn, mark["post_author_id"], mark["post_id"], favourites=-1)
        await events.record(conn, PostUnfavourited(mark["post_id"], mark["post_author_id"], account_id))
    return len(marks)
