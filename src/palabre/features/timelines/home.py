"""The home timeline: entries copied to each member as posts appear, and widely followed authors fetched on reading."""

import time
from datetime import timedelta

import msgspec

from palabre.base.clock import now
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.paging import Page
from palabre.features.accounts.events import AccountDeleted
from palabre.features.posts import PostView
from palabre.features.timelines import store
from palabre.features.timelines.fill import Entry, Timeline, fill, wanted
from palabre.settings import current

_REFRESH = 30.0  # seconds; `place` goes on copying for longer than this after an author begins to be pulled
_TOUCH = timedelta(hours=1)
_WELCOME = 40

_pulled: tuple[float, list[int]] = (-_REFRESH, [])


class Owner(msgspec.Struct, frozen=True):
    account_id: int


async def home(conn: Conn, account_id: int, page: Page) -> Timeline:
    async def fetch(asked: Page) -> list[Entry]:
        pulled = await _pulled_authors(conn)
        found = await store.home(conn, account_id, asked, pulled)
        if await _keep_ready(conn, account_id, found["last_read_at"]):
            found = await store.home(conn, account_id, asked, pulled)
        entries = [Entry(post_id, boosted or None) for post_id, boosted in found["entries"]]
        if not found["pulled"]:
            return entries
        rows = await store.pulled_posts(conn, account_id, asked, found["pulled"])
        merged = {entry.post_id: entry for entry in entries} | {
            row["id"]: Entry(row["id"], row["reblog_of_id"]) for row in rows
        }
        order = sorted(merged, reverse=asked.order == "DESC")
        return [merged[post_id] for post_id in order[: asked.limit]]

    return await fill(conn, page, account_id, fetch, keep=wanted)


async def holds(conn: Conn, account_id: int, post: PostView) -> bool:
    """Whether a post is on somebody's home timeline, by itself or boosted."""
    return post.author_id == account_id or await store.holds(conn, account_id, post.author_id, post.id)


async def pulled_by(conn: Conn, account_id: int) -> list[int]:
    """The authors a member follows whose posts are not copied to him: a stream listens to each of them."""
    return await store.pulled_of(conn, account_id)


async def keep_ready(conn: Conn, account_id: int) -> None:
    """Whoever has a stream open is a reader too: posts are copied to him from now on."""
    await _keep_ready(conn, account_id, await store.last_read(conn, account_id))


async def _keep_ready(conn: Conn, account_id: int, last_read_at: object) -> bool:
    """Note the visit; True if the timeline had to be built first."""
    active = timedelta(days=current().home_active_days)
    age = now() - last_read_at if last_read_at else None  # type: ignore[operator]
    if age is None or age > active:
        async with conn.savepoint():  # a crash must not leave it ready and empty
            await store.mark_read(conn, account_id)
            await store.rebuild(conn, account_id, current().home_length)
        await store.fill(conn, account_id, _WELCOME)  # what was published meanwhile, and not copied yet
        return True
    if age > _TOUCH:
        await store.mark_read(conn, account_id)
        await put(conn, trim, Owner(account_id))
    return False


async def _pulled_authors(conn: Conn) -> list[int]:
    global _pulled
    if time.monotonic() - _pulled[0] > _REFRESH:
        _pulled = (time.monotonic(), list(await store.pulled_authors(conn)))
    return _pulled[1]


def forget_pulled() -> None:
    """Drop this process's list of pulled authors."""
    global _pulled
    _pulled = (-_REFRESH, [])


@duty
async def trim(conn: Conn, owner: Owner) -> None:
    await store.trim(conn, owner.account_id, current().home_length)


@duty
async def forget_deleted(conn: Conn, event: AccountDeleted) -> None:
    """Nobody reads this home timeline any more."""
    await store.forget_account(conn, event.account_id)


async def forget_absent(conn: Conn, absent: timedelta) -> None:
    """Stop keeping timelines ready for members not seen for so long; they are built anew on return."""
    await store.forget_readers(conn, absent, 1_000)
