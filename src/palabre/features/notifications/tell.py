"""Telling members what happened. Every duty may run twice: each thing is told once."""

from collections.abc import Sequence
from typing import Any

import msgspec

from palabre.base import ids
from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.base.live import say
from palabre.features.graph import Followed, FollowRequested
from palabre.features.notifications import rules, store
from palabre.features.posts.events import PostBoosted, PostEdited, PostFavourited, PostPublished

_BATCH = 1_000


class Batch(msgspec.Struct, frozen=True):
    """The recipients that come after `after`."""

    post_id: int
    author_id: int
    after: int = 0


async def notify(
    conn: Conn,
    account_id: int,
    type: str,
    from_id: int,
    *,
    post_id: int = 0,
    post_author_id: int | None = None,
    about_id: int = 0,
    details: dict[str, Any] | None = None,
) -> bool:
    """Tell one member; whether he is told now. Not of what he did himself, nor by those he blocked or muted.

    `about_id`: the report or decision it is about, so that a second one is told too.
    """
    told = await _tell(conn, [account_id], type, from_id, None, post_id, post_author_id, about_id, details)
    return bool(told)


async def amend(conn: Conn, account_id: int, type: str, from_id: int, about_id: int, details: dict[str, Any]) -> None:
    """What has changed about something told before."""
    await store.amend(conn, account_id, type, from_id, about_id, details)


async def _tell(
    conn: Conn,
    recipients: Sequence[int],
    type: str,
    from_id: int,
    post: Row | None = None,
    post_id: int = 0,
    post_author_id: int | None = None,
    about_id: int = 0,
    details: dict[str, Any] | None = None,
) -> list[int]:
    if not recipients:
        return []
    if post is not None:
        post_id, post_author_id = post["id"], post["author_id"]
    new_ids = [ids.new() for _ in recipients]
    told = await store.add(
        conn,
        recipients,
        new_ids,
        [rules.group_key(type, post_id, new_id) for new_id in new_ids],
        type=type,
        from_id=from_id,
        post_id=post_id,
        post_author_id=post_author_id,
        thread_id=post["thread_id"] if post else 0,
        about_id=about_id,
        details=details,
        official=type in rules.OFFICIAL,
    )
    for row in told:
        say(conn, f"notifications:{row['account_id']}", str(row["id"]))
    return [row["account_id"] for row in told]


@duty
async def tell_of_post(conn: Conn, event: PostPublished) -> None:
    """Those mentioned, and the followers who asked to know of each post."""
    post = await store.post(conn, event.author_id, event.post_id)
    if post is None or post["quiet"]:
        return
    await _tell(conn, post["audience"], "mention", post["author_id"], post)
    if post["visibility"] != "direct" and post["in_reply_to_author_id"] in (None, post["author_id"]):
        await _tell_watchers(conn, post, 0)


@duty
async def tell_watchers(conn: Conn, batch: Batch) -> None:
    post = await store.post(conn, batch.author_id, batch.post_id)
    if post is not None:
        await _tell_watchers(conn, post, batch.after)


async def _tell_watchers(conn: Conn, post: Row, after: int) -> None:
    watchers = await store.watchers_after(conn, post["author_id"], after, _BATCH)
    unaware = [watcher for watcher in watchers if watcher not in post["audience"]]
    await _tell(conn, unaware, "status", post["author_id"], post)
    if len(watchers) == _BATCH:
        await put(conn, tell_watchers, Batch(post["id"], post["author_id"], watchers[-1]))


@duty
async def tell_of_edit(conn: Conn, event: PostEdited) -> None:
    """Those mentioned for the first time, and everybody who boosted what has changed now."""
    post = await store.post(conn, event.author_id, event.post_id)
    if post is None or post["quiet"]:
        return
    await _tell(conn, post["audience"], "mention", post["author_id"], post)
    await _tell_boosters(conn, post, 0)


@duty
async def tell_boosters(conn: Conn, batch: Batch) -> None:
    post = await store.post(conn, batch.author_id, batch.post_id)
    if post is not None:
        await _tell_boosters(conn, post, batch.after)


async def _tell_boosters(conn: Conn, post: Row, after: int) -> None:
    """The news of this edit takes the place of that of an earlier one."""
    boosts = await store.boosters_after(conn, post["id"], after, _BATCH)
    boosters = [boost["author_id"] for boost in boosts]
    await store.forget_updates(conn, boosters, post["id"])
    await _tell(conn, boosters, "update", post["author_id"], post)
    if len(boosts) == _BATCH:
        await put(conn, tell_boosters, Batch(post["id"], post["author_id"], boosts[-1]["id"]))


@duty
async def tell_of_boost(conn: Conn, event: PostBoosted) -> None:
    if not event.quiet:
        await _tell_author(conn, "reblog", event.author_id, event.post_id, event.by)


@duty
async def tell_of_favourite(conn: Conn, event: PostFavourited) -> None:
    if not event.quiet:
        await _tell_author(conn, "favourite", event.author_id, event.post_id, event.by)


async def _tell_author(conn: Conn, type: str, author_id: int, post_id: int, by: int) -> None:
    post = await store.post(conn, author_id, post_id)
    if post is not None and await store.still(conn, type, by, post_id):
        await _tell(conn, [author_id], type, by, post)


@duty
async def tell_of_follow(conn: Conn, event: Followed) -> None:
    """Not after a request: he who granted it knows."""
    if not event.asked and not event.quiet and await store.still(conn, "follow", event.account_id, event.target_id):
        await _tell(conn, [event.target_id], "follow", event.account_id)


@duty
async def tell_of_request(conn: Conn, event: FollowRequested) -> None:
    if await store.still(conn, "follow_request", event.account_id, event.target_id):
        await _tell(conn, [event.target_id], "follow_request", event.account_id)
