"""Keeping the index as the posts and accounts are. Each duty reads what is there now, so their order does not matter."""

from collections.abc import Sequence

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.base.fold import trigrams
from palabre.features.search import marks, store
from palabre.features.search.rules import indexed_text
from palabre.features.search.trends import store as trends

_BATCH = 200


class Post(msgspec.Struct, frozen=True):
    post_id: int
    author_id: int


class Account(msgspec.Struct, frozen=True):
    account_id: int


class Batch(msgspec.Struct, frozen=True):
    author_id: int
    after: int


@duty
async def index_post(conn: Conn, event: Post) -> None:
    """Take in a post as it is now, or leave it out if it is gone, withheld or a boost."""
    rows = await store.post(conn, event.author_id, event.post_id)
    if rows:
        await add(conn, rows)
    else:
        await store.forget_post(conn, event.author_id, event.post_id)
    await trends.forget_post(conn, event.author_id, event.post_id)


@duty
async def forget_post(conn: Conn, event: Post) -> None:
    await store.forget_post(conn, event.author_id, event.post_id)


@duty
async def index_account(conn: Conn, event: Account) -> None:
    """Take in an account's names; its posts again too, if they may now be found or no longer."""
    row = await store.account(conn, event.account_id)
    if row is None or row["standing"] in ("deleted", "suspended"):
        await store.forget_account(conn, event.account_id)
        return
    await add_accounts(conn, [row])
    if row["indexed_as"] not in (None, row["indexable"]):
        await put(conn, index_posts_of, Batch(event.account_id, 0))


@duty
async def index_posts_of(conn: Conn, batch: Batch) -> None:
    """Take in an author's posts again, some at a time."""
    rows = await store.posts_of(conn, batch.author_id, batch.after, _BATCH)
    await add(conn, rows)
    if len(rows) == _BATCH:
        await put(conn, index_posts_of, Batch(batch.author_id, rows[-1]["id"]))


@duty
async def forget_author(conn: Conn, event: Account) -> None:
    """An account is gone, and all it wrote."""
    await store.forget_account(conn, event.account_id)
    await store.forget_posts_of(conn, event.account_id)
    await trends.forget_author(conn, event.account_id)


async def add(conn: Conn, rows: Sequence[Row]) -> None:
    await store.add(
        conn,
        [row["author_id"] for row in rows],
        [row["id"] for row in rows],
        [row["visibility"] for row in rows],
        [indexed_text([row["spoiler"], row["text"], *row["descriptions"]]) for row in rows],
        [" ".join(marks.of_post(dict(row), row["indexable"])) for row in rows],
    )


async def add_accounts(conn: Conn, rows: Sequence[Row]) -> None:
    await store.add_accounts(
        conn,
        [row["id"] for row in rows],
        [row["indexable"] for row in rows],
        ["|".join(trigrams(f"{row['username']} {row['display_name']}")) for row in rows],
    )
