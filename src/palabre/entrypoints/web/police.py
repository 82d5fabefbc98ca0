"""/moderation/cases/…/police: one file for the police, where a life is in danger."""

from starlette.responses import Response, StreamingResponse

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import render
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import frame, page
from palabre.features.moderation import holds
from palabre.features.moderation.holds import police
from palabre.features.moderation.holds.police import Contents

routes = Routes()


@routes.get("/moderation/cases/{id}/police", scope="session")
async def form(request: Request) -> Response:
    """What the pack holds, and to whom it goes."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    check_staff(request)
    hold_id = ids.parse(request.text("hold"))
    found = [one for one in await holds.of_case(request.conn, request.me, request.id()) if one.id == hold_id]
    if not found:
        raise NotFound
    return await page(
        request,
        "moderation/police.html",
        status=422 if errors else 200,
        case_url=f"/moderation/cases/{request.id()}",
        hold_id=found[0].id,
        values={"to": " · ".join(filter(None, (found[0].authority, found[0].reference)))} | typed(request),
        errors=errors,
    )


@routes.post("/moderation/cases/{id}/police", scope="session", transaction="none")
async def make(request: Request) -> Response:
    """The pack, as one ZIP file; the case's log keeps who made it."""
    check_staff(request)
    ask_again(request, _form, default="to")
    hold_id = ids.parse(request.text("hold"))
    if hold_id is None:
        raise NotFound
    async with request.db.transaction() as conn:
        found = await police.contents(conn, request.me, request.id(), hold_id, request.text("to"))
        report = await _report(conn, request, found)
    file = await police.pack(found, {"report.html": report})
    name = f"palabre-police-{request.id()}.zip"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(police.read(file), media_type="application/zip", headers=headers)


async def _report(conn: Conn, request: Request, found: Contents) -> str:
    """The page that people read; everything else in the pack proves it."""
    return render.page("moderation/police_report.html", found=found, made_at=clock.now(), **await frame(conn, request))
