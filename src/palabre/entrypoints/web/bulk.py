"""Many cases by one form: those alike, or those ticked; how far it has come; taking it all back."""

from typing import Any

from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import cases, present
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.complaints import COMPLAINTS
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import back, page, words
from palabre.features import instance, moderation
from palabre.features.moderation import triage
from palabre.features.moderation.triage import Filter

routes = Routes()
_SHOWN = 100


@routes.get("/moderation/groups/{id}", scope="session")
async def group(request: Request) -> Response:
    """Cases about nearly the same thing, and a form to decide them together."""
    check_staff(request)
    return await _form(request, {}, request.id())


@routes.get("/moderation/bulk", scope="session")
async def ticked(request: Request) -> Response:
    """The cases ticked in the queue, and a form to decide them together."""
    check_staff(request)
    return await _form(request, {})


async def _again(request: Request, errors: Errors) -> Response:
    ids = request.ids("group")
    return await _form(request, errors, ids[0] if ids else None)


async def _form(request: Request, errors: Errors, group_id: int | None = None) -> Response:
    if group_id is not None:
        section = await triage.queue(request.conn, request.me, Filter(group_id=group_id), limit=_SHOWN)
        rows, total = section.rows, max((one.alike for one in section.rows), default=0)
    else:
        rows = await triage.some(request.conn, request.me, request.ids("shown") or request.ids("cases"))
        total = len(rows)
    names = ("action", "reason", "answer", "law", "hours", "label")
    return await page(
        request,
        "moderation/bulk.html",
        status=422 if errors else 200,
        cases=[cases.waiting(one) for one in rows],
        ticked=set(request.ids("cases")) if request.ids("shown") else {one.case.id for one in rows},
        others=total - len(rows),
        others_ticked=not request.ids("shown") or request.flag("others"),
        group_id=group_id,
        actions=cases.actions(request, True),
        rules=(await instance.about(request.conn, fresh=True)).rules,
        values={name: request.text(name) for name in names} | {"rules": request.listed("rules")},
        desk=await triage.desk(request.conn, request.me),
        errors=errors,
    )


@routes.post("/moderation/bulk", scope="session")
async def decide(request: Request) -> Response:
    """Decide them all, each for itself; large ones go on in the background."""
    check_staff(request)
    ask_again(request, _again, default="action", rule_ids="action", cases="action")
    chosen, shown = request.ids("cases"), request.ids("shown")
    if request.ids("group") and request.flag("others"):
        which: dict[str, Any] = {"group_id": request.ids("group")[0], "except_ids": sorted({*shown} - {*chosen})}
    else:
        which = {"case_ids": chosen}
    ruling = moderation.Ruling(
        request.text("action"),
        request.text("reason"),
        rule_ids=request.ids("rules"),
        law=request.text("law"),
        terms=not request.ids("rules") and not request.text("law").strip(),
        answer=request.text("answer"),
        hours=_hours(request.text("hours")),
        label=request.text("label"),
    )
    made = await triage.decide_many(request.conn, request.me, ruling, **which)
    return back(request, f"/moderation/bulk/{made.id}")


@routes.get("/moderation/bulk/{id}", scope="session")
async def progress(request: Request) -> Response:
    """How far it has come, and what was left over."""
    return await _progress(request, {})


async def _progress(request: Request, errors: Errors) -> Response:
    check_staff(request)
    _ = words(request)
    bulk = await triage.bulk(request.conn, request.me, request.id())
    left = {
        row.case.id: row.case for row in await triage.some(request.conn, request.me, [one for one, _why in bulk.left])
    }
    return await page(
        request,
        "moderation/bulk_progress.html",
        status=422 if errors else 200,
        bulk=bulk,
        action=_(moderation.ACTIONS[bulk.action].label),
        left=[
            (f"/moderation/cases/{case_id}", _name(left.get(case_id)), _(COMPLAINTS.get((None, why), why)))
            for case_id, why in bulk.left
        ],
        values={"reason": request.text("reason")},
        errors=errors,
    )


def _name(case: moderation.Summary | None) -> str:
    return f"@{present.account(case.account).acct}" if case else "…"


@routes.post("/moderation/bulk/{id}/undo", scope="session")
async def undo(request: Request) -> Response:
    """Take all of its decisions back, with a reason."""
    check_staff(request)
    ask_again(request, _progress, default="reason")
    await triage.undo_many(
        request.conn, request.me, request.id(), request.text("reason"), reopen=request.flag("reopen")
    )
    return back(request, f"/moderation/bulk/{request.id()}")


def _hours(text: str) -> float | None:
    """Raises Refused for what is no number."""
    try:
        return float(text) if text.strip() else None
    except ValueError as error:
        raise Refused("must be a number", field="hours", code="inclusion") from error
