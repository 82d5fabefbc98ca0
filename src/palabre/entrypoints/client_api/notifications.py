"""/api/v1/notifications: what one is told about, one by one."""

from collections.abc import Sequence

import msgspec
from starlette.responses import Response

from palabre.base import ids
from palabre.base.clock import iso
from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, notifications
from palabre.features.accounts import AccountView
from palabre.features.notifications import NotificationView, Selection

routes = Routes()
_MOST = 80
_MOST_COUNTED = 1_000
_OURS = ("alarm", "case_id", "due_at")  # of alarms; Mastodon's reports have no such members


@routes.get("/api/v1/notifications", scope="read:notifications")
async def browse(request: Request) -> Response:
    """Notifications, latest first."""
    found = await notifications.browse(request.conn, request.me.id, request.page(40, _MOST), selection(request))
    about = await reported(request, found)
    body = b"[" + b",".join([entity(view, request.me.id, about) for view in found]) + b"]"
    return link(request, raw(body), found[0].id if found else None, found[-1].id if found else None)


@routes.get("/api/v1/notifications/unread_count", scope="read:notifications")
async def unread_count(request: Request) -> Response:
    """How many came after the marker, up to a limit."""
    most = request.page(notifications.MOST_UNREAD, _MOST_COUNTED).limit
    return json({"count": await notifications.unread(request.conn, request.me.id, selection(request), most)})


@routes.get("/api/v1/notifications/{id}", scope="read:notifications")
async def one(request: Request) -> Response:
    """One notification."""
    found = await notifications.look_at(request.conn, request.me.id, request.id())
    return raw(entity(found, request.me.id, await reported(request, [found])))


@routes.post("/api/v1/notifications/clear", scope="write:notifications", open_to="frozen")
async def clear(request: Request) -> Response:
    """Remove all of one's notifications."""
    await notifications.clear(request.conn, request.me.id)
    return json({})


@routes.post("/api/v1/notifications/{id}/dismiss", scope="write:notifications", open_to="frozen")
async def dismiss(request: Request) -> Response:
    """Remove a notification."""
    await notifications.dismiss(request.conn, request.me.id, request.id())
    return json({})


def selection(request: Request) -> Selection:
    """Which notifications the request asks for. Raises NotFound for an account that cannot be."""
    from_id = None
    if asked := request.text("account_id"):
        from_id = ids.parse(asked)
        if from_id is None:
            raise NotFound
    types = request.listed("types")
    unasked = [name for name in notifications.OURS if name not in types]
    return Selection(types or None, [*request.listed("exclude_types"), *unasked], from_id)


async def reported(request: Request, views: Sequence[NotificationView]) -> dict[int, AccountView]:
    return await reported_for(request.conn, request.me.id, views)


async def reported_for(conn: Conn, viewer_id: int, views: Sequence[NotificationView]) -> dict[int, AccountView]:
    """The accounts that reports among these notifications are about, and the viewer's own for warnings."""
    wanted = {int(view.details["target_account_id"]) for view in views if view.type == "admin.report" and view.details}
    if any(view.type == "moderation_warning" for view in views):
        wanted.add(viewer_id)
    return await accounts.look(conn, wanted) if wanted else {}


def entity(view: NotificationView, viewer_id: int, about: dict[int, AccountView]) -> bytes:
    members = {
        "id": b'"%d"' % view.id,
        "type": b'"%s"' % view.type.encode(),
        "group_key": b'"%s"' % view.group_key.encode(),
        "created_at": b'"%s"' % iso(view.created_at).encode(),
        "account": entities.account(view.sender),
    }
    if view.post:
        members["status"] = entities.status(view.post, viewer_id)
    return entities.splice(**members, **official(view, viewer_id, about))


def official(view: NotificationView, viewer_id: int, about: dict[int, AccountView]) -> dict[str, bytes]:
    """The report or warning that a notification from or for the moderators is about."""
    if not view.details:
        return {}
    if view.type == "admin.report":
        details = {name: value for name, value in view.details.items() if name not in _OURS}
        target = about.get(int(details.pop("target_account_id")))
        if target:
            return {"report": _with_account(details, target)}
    if view.type in notifications.OURS:
        return {"palabre": msgspec.json.encode(view.details)}
    if view.type == "moderation_warning" and viewer_id in about:
        return {"moderation_warning": _with_account(view.details, about[viewer_id])}
    return {}


def _with_account(details: dict[str, object], target: AccountView) -> bytes:
    return b'%s,"target_account":%s}' % (msgspec.json.encode(details)[:-1], entities.account(target))
