"""The evidence pack of a case, and the dossier: for the staff, to be sent outside."""

from starlette.responses import HTMLResponse, Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.pages import language, page, words
from palabre.features import moderation
from palabre.features.moderation import notices, packs
from palabre.features.moderation.cases import check_not_blind

routes = Routes()
#: Pages that stand alone carry their own sheet, and need nothing else.
_ALONE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"}


@routes.get("/moderation/cases/{id}/pack.zip", scope="session", transaction="writing")
async def pack(request: Request) -> Response:
    """The evidence pack of a case: one signed file."""
    await moderation.in_hand(request.conn, request.me, request.id())
    content = await packs.evidence(request.conn, [request.id()], lang=language(request))
    headers = {"content-disposition": f'attachment; filename="evidence-{request.id()}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@routes.get("/moderation/cases/{id}/pack", scope="session", transaction="writing")
async def pack_page(request: Request) -> Response:
    """The readable page of a case's evidence pack, to look at or print."""
    await moderation.in_hand(request.conn, request.me, request.id())
    return HTMLResponse(await packs.page(request.conn, [request.id()], language(request)), headers=_ALONE)


@routes.get("/moderation/notices/{id}/pack.zip", scope="session", transaction="writing")
async def pack_of_notice(request: Request) -> Response:
    """The evidence pack of a notice, every line of it: one signed file, to be sent back."""
    await _check_notice(request)
    content = await packs.evidence(request.conn, notice_id=request.id(), lang=language(request))
    headers = {"content-disposition": f'attachment; filename="evidence-notice-{request.id()}.zip"'}
    return Response(content, media_type="application/zip", headers=headers)


@routes.get("/moderation/notices/{id}/pack", scope="session", transaction="writing")
async def pack_page_of_notice(request: Request) -> Response:
    """The readable page of a notice's evidence pack."""
    await _check_notice(request)
    html = await packs.page(request.conn, [], language(request), notice_id=request.id())
    return HTMLResponse(html, headers=_ALONE)


async def _check_notice(request: Request) -> None:
    """Raises Forbidden for whom it is about, and for who is to judge a case of it again without knowing the decision."""
    found = await notices.notice(request.conn, request.me, request.id())
    for case_id in sorted({line.case_id for line in found.lines if line.case_id}):
        await check_not_blind(request.conn, request.me, case_id)


@routes.get("/moderation/dossier", scope="session")
async def dossier(request: Request) -> Response:
    """How this place is moderated, in figures, and the page to send."""
    check_staff(request)
    _, found = words(request), await packs.figures(request.conn)
    facts = [
        (_("Open cases"), found.open),
        (_("Overdue"), found.overdue),
        (_("Closed cases"), found.closed),
        (_("Median hours to a decision"), found.median_hours),
        (_("Oldest open case"), found.oldest.date().isoformat() if found.oldest else None),
    ]
    return await page(request, "moderation/dossier.html", facts_now=facts)


@routes.get("/moderation/dossier/page", scope="session", transaction="writing")
async def dossier_page(request: Request) -> Response:
    """The dossier as it is sent."""
    check_staff(request)
    return HTMLResponse(await packs.dossier(request.conn, language(request)), headers=_ALONE)


@routes.get("/moderation/dossier.html", scope="session", transaction="writing")
async def dossier_file(request: Request) -> Response:
    """The dossier as one signed file."""
    check_staff(request)
    headers = _ALONE | {"content-disposition": 'attachment; filename="dossier.html"'}
    return HTMLResponse(await packs.dossier(request.conn, language(request)), headers=headers)
