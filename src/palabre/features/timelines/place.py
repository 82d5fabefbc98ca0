"""Copying a new post to the home timelines of its author's followers, in batches that are duties of their own."""

from datetime import timedelta

import msgspec

from palabre.base import ids
from palabre.base.clock import now
from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.base.live import say
from palabre.features.graph import Blocked, Followed, Unfollowed
from palabre.features.posts.events import PostBoosted, PostPublished, PostRestored
from palabre.features.timelines import store
from palabre.settings import current

_AT_ONCE = 100
_BATCH = 1_000
_LATELY = timedelta(days=1)
#: Readers learn of a newly pulled author within 30 s (`home.py`): until surely all have, his posts are copied too.
_OVERLAP = timedelta(minutes=2)
_WELCOME = 40


class Batch(msgspec.Struct, frozen=True):
    post_id: int
    author_id: int
    after: int
    again: bool = False


@duty
async def place(conn: Conn, event: PostPublished) -> None:
    if not event.quiet:
        await _place(conn, event.post_id, event.author_id)


@duty
async def place_boost(conn: Conn, event: PostBoosted) -> None:
    if not event.quiet:
        await _place(conn, event.boost_id, event.by)


@duty
async def place_again(conn: Conn, event: PostRestored) -> None:
    """What was given back is again where it was, also with those whose home was built, or who followed, meanwhile. Streams
    aren't told: it isn't new.
    """
    post = await store.post_to_place(conn, event.author_id, event.post_id)
    if post is None or post["withheld_at"] or post["quiet"]:
        return
    owners = [event.author_id, *(post["audience"] if post["visibility"] == "direct" else ())]
    await _copy(conn, post, owners, again=True)
    if post["visibility"] != "direct" and event.author_id not in await store.pulled_authors(conn):
        await _place_after(conn, post, 0, _AT_ONCE, again=True)


async def _place(conn: Conn, post_id: int, author_id: int) -> None:
    post = await store.post_to_place(conn, author_id, post_id)
    if post is None or post["withheld_at"] or post["held_at"]:
        return
    if post["visibility"] == "direct":
        concerned = dict.fromkeys([author_id, *post["audience"]])
        await _copy(conn, post, list(concerned))
        for owner in concerned:
            say(conn, f"direct:{owner}", str(post_id))
        return
    await _copy(conn, post, [author_id])
    _tell_streams(conn, post)
    if post["followers"] > current().pull_followers and now() - await store.pull(conn, author_id) > _OVERLAP:
        say(conn, f"author:{author_id}", str(post_id))
        return
    await _place_after(conn, post, 0, _AT_ONCE)


@duty
async def place_batch(conn: Conn, batch: Batch) -> None:
    post = await store.post_to_place(conn, batch.author_id, batch.post_id)
    if post is not None and not post["withheld_at"] and not post["held_at"]:
        await _place_after(conn, post, batch.after, _BATCH, again=batch.again)


async def _place_after(conn: Conn, post: Row, after: int, size: int, *, again: bool = False) -> None:
    followers = await store.followers_after(conn, post["author_id"], after, size)
    await _copy(conn, post, followers, again=again)
    if len(followers) == size:
        await put(conn, place_batch, Batch(post["id"], post["author_id"], followers[-1], again))


async def _copy(conn: Conn, post: Row, owners: list[int], *, again: bool = False) -> None:
    active = timedelta(days=current().home_active_days)
    placed = await store.place(conn, post, owners, active, ids.first_at(now() - _LATELY))
    for owner in () if again else placed:
        say(conn, f"home:{owner}", str(post["id"]))


def _tell_streams(conn: Conn, post: Row) -> None:
    if post["visibility"] == "public" and post["reblog_of_id"] is None:
        say(conn, "local", str(post["id"]))
        for tag in post["tags"]:
            say(conn, f"tag:{tag}", str(post["id"]))


@duty
async def welcome(conn: Conn, event: Followed) -> None:
    await store.welcome(conn, event.account_id, event.target_id, _WELCOME)


@duty
async def part(conn: Conn, event: Unfollowed) -> None:
    await store.part(conn, event.account_id, event.target_id)


@duty
async def separate(conn: Conn, event: Blocked) -> None:
    """Neither finds the other's posts in his home any more, boosted by others included."""
    await store.separate(conn, event.account_id, event.target_id)
    await store.separate(conn, event.target_id, event.account_id)
