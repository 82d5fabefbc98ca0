"""/api/v1/accounts/…/block and its kin: keeping somebody away, and private notes on people."""

from datetime import timedelta
from typing import Annotated

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import raw
from palabre.entrypoints.client_api.follows import people, related
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, graph

routes = Routes()
_MOST = 80
_CENTURY = 100 * 365 * 24 * 3600


class Mute(msgspec.Struct):
    notifications: bool = True
    duration: Annotated[int, msgspec.Meta(ge=0, le=_CENTURY)] = 0


class Note(msgspec.Struct):
    comment: str = ""


@routes.post("/api/v1/accounts/{id}/block", scope="write:blocks", open_to="frozen")
async def block(request: Request) -> Response:
    """Keep somebody away; whatever tied the two ends."""
    await graph.block(request.conn, request.me.id, request.id())
    return await related(request)


@routes.post("/api/v1/accounts/{id}/unblock", scope="write:blocks", open_to="frozen")
async def unblock(request: Request) -> Response:
    """Let somebody come near again."""
    await graph.unblock(request.conn, request.me.id, request.id())
    return await related(request)


@routes.post("/api/v1/accounts/{id}/mute", scope="write:mutes", open_to="frozen")
async def mute(request: Request) -> Response:
    """Not see somebody; for `duration` seconds, or until unmuted."""
    asked = request.input(Mute)
    duration = timedelta(seconds=asked.duration) if asked.duration else None
    await graph.mute(request.conn, request.me.id, request.id(), notifications=asked.notifications, duration=duration)
    return await related(request)


@routes.post("/api/v1/accounts/{id}/unmute", scope="write:mutes", open_to="frozen")
async def unmute(request: Request) -> Response:
    """See somebody again."""
    await graph.unmute(request.conn, request.me.id, request.id())
    return await related(request)


@routes.post("/api/v1/accounts/{id}/note", scope="write:accounts", open_to="frozen")
async def note(request: Request) -> Response:
    """Keep a private note on somebody."""
    await graph.note(request.conn, request.me.id, request.id(), request.input(Note).comment)
    return await related(request)


@routes.get("/api/v1/blocks", scope="read:blocks")
async def blocks(request: Request) -> Response:
    """Whom one has blocked."""
    return await people(request, await graph.blocks(request.conn, request.me.id, request.page(40, _MOST)))


@routes.get("/api/v1/mutes", scope="read:mutes")
async def mutes(request: Request) -> Response:
    """Whom one has muted, and until when."""
    found, until = await graph.mutes(request.conn, request.me.id, request.page(40, _MOST))
    views = await accounts.look_in_order(request.conn, found.account_ids)
    muted = []
    for view in views:
        end = until[view.id]
        written = b'"%s"' % iso(end).encode() if end else b"null"
        muted.append(b'%s,"mute_expires_at":%s}' % (entities.account(view)[:-1], written))
    return link(request, raw(b"[" + b",".join(muted) + b"]"), found.first, found.last)
