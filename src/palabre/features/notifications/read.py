"""Reading notifications: one by one, or gathered in groups. Senders and posts come by `look`, as the owner may see them."""

from collections.abc import Sequence

from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.base.paging import Page
from palabre.features import accounts, posts
from palabre.features.accounts import AccountView
from palabre.features.notifications import store
from palabre.features.notifications.markers import markers
from palabre.features.notifications.rules import OFFICIAL, alone_id
from palabre.features.notifications.view import Groups, GroupView, NotificationView, Selection

MOST_UNREAD = 100
_SAMPLE = 8
_MOST_SENDERS = 200
_MOST_ROUNDS = 5
_MOST_WINDOWS = 20


async def browse(conn: Conn, account_id: int, page: Page, wanted: Selection) -> list[NotificationView]:
    """A page, newest first; what the owner may not see any more is passed over."""
    found: list[NotificationView] = []
    asked = page
    for _ in range(_MOST_ROUNDS):
        rows = await store.browse(conn, account_id, asked, wanted)
        found += await _views(conn, account_id, rows)
        if len(found) >= page.limit or len(rows) < asked.limit:
            break
        asked = page.beyond(rows[-1]["id"], page.limit)
    return page.newest_first(found[: page.limit])


async def browse_groups(conn: Conn, account_id: int, page: Page, wanted: Selection) -> Groups:
    """A page of groups, each where its newest notification stands."""
    found: list[NotificationView] = []
    asked = page
    for _ in range(_MOST_WINDOWS):
        rows = await store.browse_heads(conn, account_id, asked, wanted)
        found += await _views(conn, account_id, rows)
        if len(found) >= page.limit:
            break
        full = len(rows) == asked.limit
        end = rows[-1]["id"] if full else await store.window_end(conn, account_id, asked, wanted)
        if end is None:
            break
        asked = asked.beyond(end, page.limit)
    return await _groups(conn, account_id, page.newest_first(found[: page.limit]), wanted.ungrouped)


async def look_at(conn: Conn, account_id: int, notification_id: int) -> NotificationView:
    """Raises NotFound."""
    row = await store.one(conn, account_id, notification_id)
    found = await _views(conn, account_id, [row]) if row else []
    if not found:
        raise NotFound
    return found[0]


async def group(conn: Conn, account_id: int, key: str) -> Groups:
    """One group. Raises NotFound."""
    alone = alone_id(key)
    if alone is not None:
        return await _groups(conn, account_id, [await look_at(conn, account_id, alone)], ())
    row = await store.newest_of_group(conn, account_id, key)
    found = await _views(conn, account_id, [row]) if row else []
    if not found:
        raise NotFound
    return await _groups(conn, account_id, found, ())


async def group_account_ids(conn: Conn, account_id: int, key: str) -> list[int]:
    """Who sent the notifications of a group, newest first."""
    alone = alone_id(key)
    if alone is not None:
        return [(await look_at(conn, account_id, alone)).sender.id]
    return await store.senders(conn, account_id, key, _MOST_SENDERS)


async def unread(conn: Conn, account_id: int, wanted: Selection | None = None, most: int = MOST_UNREAD) -> int:
    """How many came after the marker, counted up to `most`."""
    return await store.count(conn, account_id, await _unread_page(conn, account_id, most), wanted or Selection())


async def unread_groups(conn: Conn, account_id: int, wanted: Selection, most: int = MOST_UNREAD) -> int:
    return await store.count_heads(conn, account_id, await _unread_page(conn, account_id, most), wanted)


async def _unread_page(conn: Conn, account_id: int, most: int) -> Page:
    marker = (await markers(conn, account_id, ["notifications"])).get("notifications")
    return Page(most, since_id=marker.last_read_id if marker else None)


async def _views(conn: Conn, account_id: int, rows: Sequence[Row]) -> list[NotificationView]:
    if not rows:
        return []
    senders = await accounts.look(conn, {row["from_id"] for row in rows})
    seen = {
        view.id: view for view in await posts.look(conn, [row["post_id"] for row in rows if row["post_id"]], account_id)
    }
    return [
        NotificationView(
            row["id"],
            row["type"],
            senders[row["from_id"]],
            seen.get(row["post_id"]),
            row["details"],
            row["group_key"],
        )
        for row in rows
        if _showable(row, senders) and (row["post_id"] in seen or not row["post_id"] or row["type"] in OFFICIAL)
    ]


def _showable(row: Row, senders: dict[int, AccountView]) -> bool:
    sender = senders.get(row["from_id"])
    return sender is not None and (not sender.gone or row["type"] in OFFICIAL)


async def _groups(conn: Conn, account_id: int, heads: Sequence[NotificationView], ungrouped: Sequence[str]) -> Groups:
    keys = [head.key for head in heads if head.key and head.type not in ungrouped]
    rows = {row["key"]: row for row in await store.groups(conn, account_id, keys, _SAMPLE)} if keys else {}
    known = {head.sender.id: head.sender for head in heads}
    sampled = {sender for row in rows.values() for sender in row["sample"]} - known.keys()
    if sampled:
        known |= await accounts.look(conn, sampled)
    made = []
    for head in heads:
        row = rows.get(head.key)
        if row:
            shown = [sender for sender in row["sample"] if sender in known and not known[sender].gone]
            made.append(GroupView(head, head.group_key, row["count"], row["oldest_id"], shown))
        else:
            made.append(GroupView(head, f"ungrouped-{head.id}", 1, head.id, [head.sender.id]))
    return Groups(made, known)
