"""What the moderators say of hashtags: whether one can be looked up, found by search, and be among what is talked of."""

from collections.abc import Sequence

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.base.fold import tag_key
from palabre.features.accounts import Caller
from palabre.features.posts import store


class Tag(msgspec.Struct, frozen=True):
    """`usable`: leads to posts; `listable`: found by search; `trendable`: may trend. `reviewed`: somebody looked at it."""

    key: str
    display: str
    usable: bool = True
    listable: bool = True
    trendable: bool = False
    reviewed: bool = False

    @classmethod
    def of(cls, row: Row) -> "Tag":
        flags = {name: row[name] for name in ("display", "usable", "listable", "trendable")}
        return cls(key=row["tag"], reviewed=row["reviewed_at"] is not None, **flags)


async def tags(conn: Conn, keys: Sequence[str]) -> dict[str, Tag]:
    """Those of the hashtags that anybody ever used."""
    return {row["tag"]: Tag.of(row) for row in await store.tags(conn, keys)}


async def one_tag(conn: Conn, name: str) -> Tag:
    """Raises NotFound for one that nobody used."""
    key = tag_key(name)
    found = await tags(conn, [key])
    if key not in found:
        raise NotFound
    return found[key]


async def browse_tags(conn: Conn, by: Caller, *, after: str = "", limit: int = 100) -> list[Tag]:
    """All hashtags by name, from the one behind `after` on; for the staff."""
    _check_staff(by)
    return [Tag.of(row) for row in await store.tags_after(conn, after, limit)]


async def review_tag(
    conn: Conn,
    by: Caller,
    name: str,
    *,
    display: str | None = None,
    usable: bool | None = None,
    listable: bool | None = None,
    trendable: bool | None = None,
) -> None:
    """What is None stays as it is; from here on it counts as reviewed. Raises Refused, NotFound."""
    _check_staff(by)
    before = await one_tag(conn, name)
    if display is not None and tag_key(display) != before.key:
        raise Refused("must be the same hashtag", field="display_name", code="invalid")
    asked = {"display": display, "usable": usable, "listable": listable, "trendable": trendable}
    changes = {what: value for what, value in asked.items() if value is not None}
    await store.update_tag(conn, before.key, **changes, reviewed_at=clock.now(), reviewed_by=by.id)


async def is_usable(conn: Conn, key: str) -> bool:
    return await store.is_usable(conn, key)


def _check_staff(by: Caller) -> None:
    if not by.staff:
        raise Forbidden
