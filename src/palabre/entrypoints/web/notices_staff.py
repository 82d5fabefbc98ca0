"""/moderation/notices: what came in from outside, line by line; and taking lists in."""

import base64
import binascii
import csv
import io
from typing import Any

from starlette.responses import RedirectResponse, Response

from palabre.base import i18n
from palabre.base.clock import iso
from palabre.base.errors import Refused
from palabre.base.spreadsheet import harmless
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import notices as public
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features.moderation import notices
from palabre.features.moderation.notices import Listed, Original, Sent
from palabre.features.moderation.notices.rules import sees_all

routes = Routes()
_PREVIEWED = 200
_MOST_BYTES = 1024**2
COLUMNS = ("line", "url", "state", "problem", "remarks", "case", "measure", "answer", "reason", "answered_at")


@routes.get("/moderation/notices", scope="session")
async def overview(request: Request) -> Response:
    """Those to be answered, overdue and due soonest first; or those answered."""
    check_staff(request)
    source = request.text("source") if request.text("source") in (*notices.LISTS, "notice", "flag") else None
    done = request.text("tab") == "answered"
    turns: dict[str, Any] = {"older": None, "newer": None}
    if done:
        wanted = asked(request)
        found = await notices.closed(request.conn, request.me, wanted, source)
        first, last = (found[0].id, found[-1].id) if found else (None, None)
        turns = ends(wanted, request, first, last, len(found))
    else:
        found = await notices.waiting(request.conn, request.me, source)
    shown = [public.summary(one) for one in found]
    return await page(
        request,
        "moderation/notices.html",
        notices=shown,
        source=source or "",
        tab="answered" if done else "open",
        **turns,
    )


@routes.get("/moderation/notices/new", scope="session")
async def new(request: Request) -> Response:
    """The form for a list that a host, store, authority or flagger sent."""
    check_staff(request)
    return await _new(request, {})


async def _new(request: Request, errors: Errors, listed: Listed | None = None) -> Response:
    preview = []
    if listed:
        everything = sees_all(request.text("source"))
        for line in listed.lines[:_PREVIEWED]:
            preview.append((line, await notices.resolve(request.conn, line.url, None, sees_all=everything)))
    return await page(
        request,
        "moderation/notice_new.html",
        status=422 if errors else 200,
        values=typed(request),
        errors=errors,
        listed=listed,
        preview=preview,
    )


@routes.post("/moderation/notices/new", scope="session", limit="notice_list")
async def take(request: Request) -> Response:
    """Show what each line leads to, and after that take the list in."""
    check_staff(request)
    ask_again(request, _new, default="list", urls="list", file="list", deadline="hours", email="email")
    content, name = _content(request)
    listed = notices.lists.read(content)
    if request.text("go") != "file":
        if request.file("file"):
            request.params |= {"original": base64.b64encode(content).decode(), "filename": name}
        return await _new(request, {}, listed)
    made = await notices.receive(
        request.conn,
        Sent(
            _source(request),
            listed.lines,
            name=request.text("name") or listed.name,
            email=request.text("email") or listed.email,
            locale=_language(request),
            category=public.CATEGORIES.get(request.text("category"), "legal"),
            explanation=request.text("explanation") or listed.comment,
            law=request.text("law"),
            reference=request.text("reference"),
            issued_on=public.date_in(request, "issued_on"),
            hours=_hours(request),
            original=Original(name, content),
        ),
    )
    _ = words(request)
    again = _("This list came in before: nothing was filed again.")
    done = _("Taken in. Every line is brought before the moderators.")
    return back(
        request,
        f"/moderation/notices/{made.id}",
        Flash("note" if made.again else "done", again if made.again else done),
    )


def _content(request: Request) -> tuple[bytes, str]:
    """The file that was chosen, or chosen before the preview; or what was pasted."""
    upload, kept = request.file("file"), request.text("original")
    if upload and len(upload.data) > _MOST_BYTES:
        raise Refused("is too large for this form", field="file", code="by_command")
    if upload:
        return upload.data, upload.name or "list"
    if not kept:
        return request.text("list").encode(), "list.txt"
    try:
        return base64.b64decode(kept, validate=True), request.text("filename") or "list"
    except (binascii.Error, ValueError) as error:
        raise Refused("is not valid base64", field="file", code="invalid") from error


def _source(request: Request) -> str:
    if request.text("source") not in notices.LISTS:
        raise Refused("is not included in the list", field="source", code="inclusion")
    return request.text("source")


def _language(request: Request) -> str:
    """That of the answers."""
    return request.text("language") if request.text("language") in i18n.available() else language(request)


def _hours(request: Request) -> float | None:
    given = request.text("hours").strip().replace(",", ".")
    try:
        return float(given) if given else None
    except ValueError as error:
        raise Refused("is not a number", field="deadline", code="number") from error


@routes.get("/moderation/notices/{id}", scope="session")
async def one(request: Request) -> Response:
    """A notice, every line with its case and its answer."""
    check_staff(request)
    return await _one(request, {})


async def _one(request: Request, errors: Errors) -> Response:
    found = await notices.notice(request.conn, request.me, request.id())
    sender = await notices.senders.one(request.conn, request.me, found.sender) if found.sender else None
    return await page(
        request,
        "moderation/notice.html",
        status=422 if errors else 200,
        notice=public.summary(found),
        items=[public.item(line, language(request)) for line in found.lines],
        sender=sender,
        has_file=await notices.has_original(request.conn, found.id),
        values=typed(request),
        errors=errors,
    )


@routes.post("/moderation/notices/{id}/lines/{line}/point", scope="session")
async def point(request: Request) -> Response:
    """Say what an address means that led to nothing."""
    check_staff(request)
    ask_again(request, _one, default="url")
    await notices.point(request.conn, request.me, request.id(), request.id("line"), request.text("url"))
    return _back(request)


@routes.post("/moderation/notices/{id}/lines/{line}/answer", scope="session")
async def answer(request: Request) -> Response:
    """Answer a line by hand that led to nothing."""
    check_staff(request)
    ask_again(request, _one, default="answer")
    await notices.answer(request.conn, request.me, request.id(), request.id("line"), request.text("answer"))
    return _back(request)


def _back(request: Request) -> Response:
    line = request.id("line")
    return RedirectResponse(f"/moderation/notices/{request.id()}#line-{line}", 303)


@routes.get("/moderation/notices/{id}/original", scope="session")
async def original(request: Request) -> Response:
    """The file as it came in."""
    check_staff(request)
    name, content = await notices.original(request.conn, request.me, request.id())
    return _download(content, name, "application/octet-stream")


@routes.get("/moderation/notices/{id}/outcome.csv", scope="session")
async def outcome(request: Request) -> Response:
    """What became of each line, as CSV."""
    check_staff(request)
    found = await notices.notice(request.conn, request.me, request.id())
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    for line in found.lines:
        shown = public.item(line, found.locale)
        measure = line.decision.action if line.decision and line.decision.stands else ""
        at = iso(line.answered_at) if line.answered_at else ""
        remarks = " ".join(line.remarks)
        row = (line.line, line.url, line.state, line.problem, remarks, line.case_id or "", measure)
        table.writerow([harmless(cell) for cell in (*row, shown.answer, line.reason, at)])
    return _download(written.getvalue().encode("utf-8-sig"), f"notice-{found.id}.csv", "text/csv; charset=utf-8")


def _download(content: bytes, name: str, kind: str) -> Response:
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "_" for sign in name) or "file"
    headers = {
        "content-disposition": f'attachment; filename="{plain}"',
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=kind, headers=headers)
