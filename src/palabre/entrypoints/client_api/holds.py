"""/api/palabre/v1/…/holds: what is preserved for the law."""

from typing import Any

import msgspec
from starlette.responses import Response, StreamingResponse

from palabre.base.clock import iso
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import holds
from palabre.features.moderation.holds import Hold, police

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"


@routes.get("/api/palabre/v1/holds", scope=READ)
async def browse(request: Request) -> Response:
    """All holds, newest first."""
    found = await holds.holds(request.conn, request.me, request.page(20, 80))
    response = json([_hold(one) for one in found])
    return link(request, response, found[0].id if found else None, found[-1].id if found else None)


@routes.get("/api/palabre/v1/cases/{id}/holds", scope=READ)
async def of_case(request: Request) -> Response:
    """The holds of one case."""
    return json([_hold(one) for one in await holds.of_case(request.conn, request.me, request.id())])


class Wanted(msgspec.Struct):
    kind: str = ""
    reason: str = ""
    authority: str = ""
    reference: str = ""
    days: int | None = None


@routes.post("/api/palabre/v1/cases/{id}/holds", scope=WRITE)
async def make(request: Request) -> Response:
    """Preserve what a case keeps, the account and its connections."""
    wanted = holds.Wanted(**msgspec.structs.asdict(request.input(Wanted)))
    return json(_hold(await holds.hold(request.conn, request.me, request.id(), wanted)))


@routes.post("/api/palabre/v1/cases/{id}/holds/{hold_id}/open", scope=WRITE)
async def look(request: Request) -> Response:
    """What a hold keeps, for an owner who says `why`."""
    opened = await holds.open_hold(request.conn, request.me, request.id(), request.id("hold_id"), request.text("why"))
    return json({**_hold(opened.hold), "sealed": {"account": opened.account, "connections": opened.connections}})


@routes.post("/api/palabre/v1/cases/{id}/holds/{hold_id}/police", scope=WRITE, transaction="none")
async def pack(request: Request) -> Response:
    """A ZIP file for the police; `to`: whom it is for."""
    async with request.db.transaction() as conn:
        found = await police.contents(conn, request.me, request.id(), request.id("hold_id"), request.text("to"))
    file = await police.pack(found, {})
    return StreamingResponse(police.read(file), media_type="application/zip", headers={"cache-control": "no-store"})


def _hold(view: Hold) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "case_id": str(view.case_id),
        "account_id": str(view.account_id),
        "kind": view.kind,
        "reason": view.reason,
        "authority": view.authority,
        "reference": view.reference,
        "sha256": view.sha256,
        "made_by": str(view.made_by),
        "made_at": iso(view.made_at),
        "until": iso(view.until),
        "purged_at": iso(view.purged_at) if view.purged_at else None,
    }
