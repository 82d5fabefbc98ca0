"""Finding people without knowing a name: who writes here, who is new, whom the people one follows follow."""

from typing import Literal, NamedTuple

from palabre.base.db import Conn
from palabre.features import accounts
from palabre.features.accounts import AccountView
from palabre.features.search import store

_NEWEST_POSTS = 2_000
_FRIENDS, _OF_EACH = 100, 100


class Suggestion(NamedTuple):
    """`source`: why, in Mastodon's words."""

    account: AccountView
    source: Literal["friends_of_friends", "most_followed"]


async def directory(conn: Conn, *, by: Literal["active", "new"], offset: int, limit: int) -> list[AccountView]:
    """Members who wish to be discovered: those who wrote last first, or those who joined last."""
    if by == "new":
        found = await store.newest(conn, offset, limit)
    else:
        found = await store.lately_active(conn, _NEWEST_POSTS, offset, limit)
    return await accounts.look_in_order(conn, found)


async def suggestions(conn: Conn, account_id: int, limit: int) -> list[Suggestion]:
    """Whom a member might like to follow: first whom those he follows follow, then the most followed of who writes."""
    friends = await store.friends_of_friends(conn, account_id, _FRIENDS, _OF_EACH, limit)
    others: list[int] = []
    if len(friends) < limit:
        active = await store.lately_active(conn, _NEWEST_POSTS, 0, 500)
        strangers = await store.strangers_among(conn, account_id, active)
        others = [other for other in strangers if other not in friends][: limit - len(friends)]
    views = await accounts.look_in_order(conn, [*friends, *others])
    return [Suggestion(view, "friends_of_friends" if view.id in friends else "most_followed") for view in views]
