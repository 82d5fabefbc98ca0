"""/api/v2/notifications: gathered in groups; accounts and posts are given once beside them."""

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.notifications import official, reported, selection
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, notifications
from palabre.features.notifications import Groups, GroupView, Selection
from palabre.features.notifications.rules import GROUPED

routes = Routes()
_MOST = 80
_MOST_COUNTED = 1_000


@routes.get("/api/v2/notifications", scope="read:notifications")
async def browse(request: Request) -> Response:
    """Groups of notifications, by the latest in each."""
    wanted = _selection(request)
    found = await notifications.browse_groups(request.conn, request.me.id, request.page(40, _MOST), wanted)
    first = found.groups[0].newest.id if found.groups else None
    last = found.groups[-1].newest.id if found.groups else None
    return link(request, raw(await _results(request, found)), first, last)


@routes.get("/api/v2/notifications/unread_count", scope="read:notifications")
async def unread_count(request: Request) -> Response:
    """How many groups have news since the marker, up to a limit."""
    most = request.page(notifications.MOST_UNREAD, _MOST_COUNTED).limit
    wanted = _selection(request)
    return json({"count": await notifications.unread_groups(request.conn, request.me.id, wanted, most)})


@routes.post("/api/v2/notifications/clear", scope="write:notifications", open_to="frozen")
async def clear(request: Request) -> Response:
    """Remove all of one's notifications."""
    await notifications.clear(request.conn, request.me.id)
    return json({})


@routes.get("/api/v2/notifications/{group_key}", scope="read:notifications")
async def group(request: Request) -> Response:
    """One group."""
    found = await notifications.group(request.conn, request.me.id, request.path["group_key"])
    return raw(await _results(request, found))


@routes.get("/api/v2/notifications/{group_key}/accounts", scope="read:notifications")
async def group_accounts(request: Request) -> Response:
    """Everybody whose doing a group tells of."""
    found = await notifications.group_account_ids(request.conn, request.me.id, request.path["group_key"])
    return raw(entities.accounts(await accounts.look_in_order(request.conn, found)))


@routes.post("/api/v2/notifications/{group_key}/dismiss", scope="write:notifications", open_to="frozen")
async def dismiss(request: Request) -> Response:
    """Remove a group."""
    await notifications.dismiss_group(request.conn, request.me.id, request.path["group_key"])
    return json({})


def _selection(request: Request) -> Selection:
    asked = selection(request)
    grouped = request.listed("grouped_types")
    ungrouped = [type for type in GROUPED if grouped and type not in grouped]
    return Selection(asked.types, asked.without, asked.from_id, ungrouped)


async def _results(request: Request, found: Groups) -> bytes:
    me = request.me.id
    heads = [group.newest for group in found.groups]
    about = await reported(request, heads)
    posts = {head.post.id: head.post for head in heads if head.post}
    shown = [view for view in found.accounts.values() if not view.gone]
    return entities.splice(
        accounts=entities.accounts(shown),
        statuses=entities.statuses(posts.values(), me),
        notification_groups=b"["
        + b",".join([_group(group, official(group.newest, me, about)) for group in found.groups])
        + b"]",
    )


def _group(group: GroupView, more: dict[str, bytes]) -> bytes:
    newest = group.newest
    told = {
        "group_key": group.key,
        "type": newest.type,
        "notifications_count": group.count,
        "most_recent_notification_id": newest.id,
        "page_min_id": str(group.oldest_id),
        "page_max_id": str(newest.id),
        "latest_page_notification_at": iso(newest.created_at),
        "sample_account_ids": [str(account_id) for account_id in group.sample],
        "status_id": str(newest.post.id) if newest.post else None,
    }
    return entities.splice(**{name: msgspec.json.encode(value) for name, value in told.items()}, **more)
