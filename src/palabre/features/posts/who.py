"""Who favourited or boosted a post, and how a hashtag is used."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn, Row
from palabre.base.fold import tag_key
from palabre.base.paging import Page
from palabre.features import accounts
from palabre.features.accounts import AccountView
from palabre.features.posts import store
from palabre.features.posts.look import look, look_at

_DAYS = 7


class People(msgspec.Struct, frozen=True):
    """`first` and `last`: the cursors of the page's ends, newest and oldest."""

    accounts: Sequence[AccountView]
    first: int | None = None
    last: int | None = None


async def favourited_by(conn: Conn, post_id: int, viewer_id: int | None, page: Page) -> People:
    """Raises NotFound."""
    post = await look_at(conn, post_id, viewer_id)
    rows = page.newest_first(await store.favouriters(conn, (post.reblog or post).id, viewer_id, page))
    found = await accounts.look_in_order(conn, [row["account_id"] for row in rows])
    return People(found, rows[0]["cursor"], rows[-1]["cursor"]) if rows else People([])


async def boosted_by(conn: Conn, post_id: int, viewer_id: int | None, page: Page) -> People:
    """Raises NotFound."""
    post = await look_at(conn, post_id, viewer_id)
    boosts = page.newest_first(await store.boosts(conn, (post.reblog or post).id, page))
    found = await look(conn, boosts, viewer_id)
    return People([boost.author for boost in found], boosts[0], boosts[-1]) if boosts else People([])


class Day(msgspec.Struct, frozen=True):
    """`at`: the day's first second, counted from 1970."""

    at: int
    uses: int
    accounts: int


class TagUse(msgspec.Struct, frozen=True):
    key: str
    display: str
    days: Sequence[Day]


async def tag_use(conn: Conn, name: str) -> TagUse:
    """How a hashtag was used in public posts over the last seven days, newest first."""
    key = tag_key(name)
    used = await store.tag_history(conn, key, _since())
    return TagUse(key, await store.tag(conn, key) or name, _days({row["day"]: row for row in used}))


async def tag_uses(conn: Conn, keys: Sequence[str]) -> list[TagUse]:
    """As `tag_use`, for hashtags that are known, in the order asked for."""
    used: dict[str, dict[int, Row]] = {key: {} for key in keys}
    for row in await store.tag_histories(conn, keys, _since()):
        used[row["tag"]][row["day"]] = row
    display = {row["tag"]: row["display"] for row in await store.tags(conn, keys)}
    return [TagUse(key, display.get(key, key), _days(by_day)) for key, by_day in used.items()]


def _since() -> int:
    return ids.first_at(clock.now() - timedelta(days=_DAYS))


def _days(by_day: dict[int, Row]) -> list[Day]:
    today = int(clock.now().timestamp()) // 86_400
    days = [(day, by_day.get(day)) for day in range(today, today - _DAYS, -1)]
    return [Day(day * 86_400, row["uses"] if row else 0, row["accounts"] if row else 0) for day, row in days]
