"""Taking notifications away: by their owner, or because what they told of was undone."""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.errors import NotFound
from palabre.features.accounts.events import AccountDeleted
from palabre.features.graph import (
    Blocked,
    FollowRequestAuthorized,
    FollowRequestRejected,
    FollowRequestWithdrawn,
    Muted,
    Unfollowed,
)
from palabre.features.notifications import store
from palabre.features.notifications.rules import OFFICIAL, alone_id
from palabre.features.posts.events import PostRemoved, PostUnboosted, PostUnfavourited


async def clear(conn: Conn, account_id: int) -> None:
    await store.clear(conn, account_id)


async def dismiss(conn: Conn, account_id: int, notification_id: int) -> None:
    """Raises NotFound."""
    if not await store.dismiss(conn, account_id, notification_id):
        raise NotFound


async def dismiss_group(conn: Conn, account_id: int, key: str) -> None:
    alone = alone_id(key)
    if alone is None:
        await store.dismiss_group(conn, account_id, key)
    else:
        await store.dismiss(conn, account_id, alone)


@duty
async def forget_post(conn: Conn, event: PostRemoved) -> None:
    await store.forget_post(conn, event.post_id, OFFICIAL)


@duty
async def forget_boost(conn: Conn, event: PostUnboosted) -> None:
    await store.forget(conn, event.author_id, "reblog", event.by, event.post_id)


@duty
async def forget_favourite(conn: Conn, event: PostUnfavourited) -> None:
    await store.forget(conn, event.author_id, "favourite", event.by, event.post_id)


@duty
async def forget_follow(conn: Conn, event: Unfollowed) -> None:
    await store.forget(conn, event.target_id, "follow", event.account_id)


@duty
async def forget_granted(conn: Conn, event: FollowRequestAuthorized) -> None:
    await store.forget(conn, event.target_id, "follow_request", event.account_id)


@duty
async def forget_rejected(conn: Conn, event: FollowRequestRejected) -> None:
    await store.forget(conn, event.target_id, "follow_request", event.account_id)


@duty
async def forget_withdrawn(conn: Conn, event: FollowRequestWithdrawn) -> None:
    await store.forget(conn, event.target_id, "follow_request", event.account_id)


@duty
async def forget_blocked(conn: Conn, event: Blocked) -> None:
    await store.forget_from(conn, event.account_id, event.target_id, OFFICIAL)
    await store.forget_from(conn, event.target_id, event.account_id, OFFICIAL)


@duty
async def forget_muted(conn: Conn, event: Muted) -> None:
    if event.notifications:
        await store.forget_from(conn, event.account_id, event.target_id, OFFICIAL)


@duty
async def forget_deleted(conn: Conn, event: AccountDeleted) -> None:
    """Nobody reads these notifications any more."""
    await store.forget_account(conn, event.account_id)
