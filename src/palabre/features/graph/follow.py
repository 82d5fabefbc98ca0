"""Following: at once, or by a request where the followed wants to be asked; and every way in which it ends.

Each verb may be done twice without harm. Whoever changes something between two people holds both their counters, so
that a follow and a block at the same moment don't pass each other.
"""

from palabre.base import events, ids
from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import accounts
from palabre.features.accounts.view import GONE
from palabre.features.graph import rules, store
from palabre.features.graph.events import (
    Followed,
    FollowRequestAuthorized,
    FollowRequested,
    FollowRequestRejected,
    FollowRequestWithdrawn,
    Unfollowed,
)


async def follow(
    conn: Conn,
    account_id: int,
    target_id: int,
    *,
    reblogs: bool | None = None,
    notify: bool | None = None,
    languages: list[str] | None = None,
    quiet: bool = False,
) -> None:
    """Follow, or ask to; or change what a follow brings: boosts, a notification of each post, only these languages.

    `quiet`: who is followed isn't told; who must be asked first is.

    Raises NotFound for nobody, the gone and oneself; Forbidden where one blocks the other; Refused beyond the limit.
    """
    counts = await store.lock(conn, account_id, target_id)
    found = await store.before_follow(conn, account_id, target_id)
    if found is None or account_id == target_id or found["standing"] in GONE:
        raise NotFound
    if found["apart"]:
        raise Forbidden
    if found["following"]:
        await store.change_follow(conn, account_id, target_id, reblogs, notify, languages)
        return
    mine = counts[account_id]
    if not rules.may_follow_more(mine["following"], mine["followers"]):
        raise Refused(f"You cannot follow more than {rules.FOLLOW_LIMIT} people", code="follow_limit")
    wishes = (reblogs is not False, notify is True, languages or None)
    if found["locked"] or found["own_standing"] == "limited":
        if await store.add_request(conn, account_id, target_id, ids.new(), *wishes):
            await events.record(conn, FollowRequested(account_id, target_id))
    elif await _connect(conn, account_id, target_id, *wishes):
        await events.record(conn, Followed(account_id, target_id, quiet=quiet))


async def unfollow(conn: Conn, account_id: int, target_id: int) -> None:
    """Stop following, or take back the request."""
    await store.lock(conn, account_id, target_id)
    await disconnect(conn, account_id, target_id)


async def remove_follower(conn: Conn, account_id: int, follower_id: int) -> None:
    await store.lock(conn, account_id, follower_id)
    if await _part(conn, follower_id, account_id):
        await events.record(conn, Unfollowed(follower_id, account_id))


async def authorize(conn: Conn, account_id: int, requester_id: int) -> None:
    """Grant a request. Raises NotFound where there is none, unless it was granted before."""
    await store.lock(conn, account_id, requester_id)
    request = await store.remove_request(conn, requester_id, account_id)
    if request is None:
        found = await store.before_follow(conn, requester_id, account_id)
        if found is None or not found["following"]:
            raise NotFound
        return
    await events.record(conn, FollowRequestAuthorized(requester_id, account_id))
    if await _connect(conn, requester_id, account_id, request["reblogs"], request["notify"], request["languages"]):
        await events.record(conn, Followed(requester_id, account_id, asked=True))


async def reject(conn: Conn, account_id: int, requester_id: int) -> None:
    """Turn a request down. Raises NotFound where there is none."""
    await store.lock(conn, account_id, requester_id)
    if not await store.remove_request(conn, requester_id, account_id):
        raise NotFound
    await events.record(conn, FollowRequestRejected(requester_id, account_id))


async def disconnect(conn: Conn, account_id: int, target_id: int) -> None:
    """Neither follow nor request remains in this direction. The caller holds both accounts' lock."""
    if await _part(conn, account_id, target_id):
        await events.record(conn, Unfollowed(account_id, target_id))
    if await store.remove_request(conn, account_id, target_id):
        await events.record(conn, FollowRequestWithdrawn(account_id, target_id))


async def _connect(
    conn: Conn, account_id: int, target_id: int, reblogs: bool, notify: bool, languages: list[str] | None
) -> bool:
    if not await store.add_follow(conn, account_id, target_id, ids.new(), reblogs, notify, languages):
        return False
    await accounts.count(conn, account_id, following=1)
    await accounts.count(conn, target_id, followers=1)
    return True


async def _part(conn: Conn, account_id: int, target_id: int) -> bool:
    if not await store.remove_follow(conn, account_id, target_id):
        return False
    await accounts.count(conn, account_id, following=-1)
    await accounts.count(conn, target_id, followers=-1)
    return True
