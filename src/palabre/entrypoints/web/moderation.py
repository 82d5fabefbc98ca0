"""/moderation: cases, decisions, and accounts; for the staff alone. The queue has files of its own."""

from typing import Any

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import cases, present
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.entrypoints.web.ruling_form import page_values
from palabre.features import instance, moderation
from palabre.features.moderation import triage

routes = Routes()
_STATES = {"new": "pending", "frozen": "frozen", "limited": "limited", "suspended": "suspended"}
_STANDINGS = {"active": "good", "pending": "waiting"}


@routes.get("/moderation/cases/{id}", scope="session")
async def case(request: Request) -> Response:
    """A case with all that belongs to it, and the form to decide it."""
    return await show_case(request, {})


async def show_case(request: Request, errors: Errors) -> Response:
    view = await moderation.case(request.conn, request.me, request.id())
    if view.blind:
        return back(request, f"/moderation/reviews/{request.id()}")
    rules = (await instance.about(request.conn, fresh=True)).rules
    cited = {rule_id for report in view.reports for rule_id in report.rule_ids}
    cited |= {rule_id for decision in view.decisions for rule_id in decision.rule_ids}
    known = {rule.id: rule for rule in await moderation.cited(request.conn, cited)}
    notice_ids = {report.notice_id for report in view.reports if report.notice_id}
    sent_in = await moderation.notices.named(request.conn, request.me, notice_ids)
    sealed = not await triage.may_see(request.conn, request.me, request.id())
    return await page(
        request,
        "moderation/case.html",
        why_here=cases.signals(request, await triage.why_here(request.conn, request.me, request.id())),
        alike=(await triage.some(request.conn, request.me, [request.id()]))[0],
        desk=await triage.desk(request.conn, request.me),
        sealed=sealed,
        status=422 if errors else 200,
        **await page_values(request, view, rules),
        errors=errors,
        **cases.whole(request, view, known, sent_in, sealed=sealed),
    )


@routes.post("/moderation/cases/{id}/undo", scope="session")
async def undo(request: Request) -> Response:
    """Take the decision back, with a reason; everybody concerned is told."""
    check_staff(request)
    ask_again(request, show_case, default="undo_reason", reason="undo_reason")
    decision_id = ids.parse(request.text("decision"))
    if decision_id is None:
        raise NotFound
    await moderation.undo(request.conn, request.id(), decision_id, request.me, request.text("undo_reason"))
    _ = words(request)
    return back_to_case(request, _("The decision is taken back. Everybody concerned is told."))


@routes.post("/moderation/cases/{id}/reopen", scope="session")
async def reopen(request: Request) -> Response:
    """Open a decided case for another decision."""
    check_staff(request)
    await moderation.reopen(request.conn, request.me, request.id())
    return back_to_case(request)


@routes.post("/moderation/cases/{id}/look", scope="session")
async def look(request: Request) -> Response:
    """See the pictures of a sealed case for some minutes; the log says who did, and why."""
    check_staff(request)
    ask_again(request, show_case, default="look_reason", reason="look_reason")
    if not request.flag("sure"):
        raise Refused("must be accepted", field="look_reason", code="sure")
    await triage.look(request.conn, request.me, request.id(), request.text("look_reason"))
    return back_to_case(request)


@routes.post("/moderation/cases/{id}/take", scope="session")
async def take(request: Request) -> Response:
    """Take the case in hand."""
    check_staff(request)
    await moderation.assign(request.conn, request.me, request.id(), request.me.id)
    return back_to_case(request)


@routes.post("/moderation/cases/{id}/release", scope="session")
async def release(request: Request) -> Response:
    """Hand the case back."""
    check_staff(request)
    await moderation.assign(request.conn, request.me, request.id(), None)
    return back_to_case(request)


@routes.post("/moderation/cases/{id}/note", scope="session")
async def note(request: Request) -> Response:
    """Leave a note for the other moderators."""
    check_staff(request)
    ask_again(request, show_case, default="note")
    await moderation.note(request.conn, request.me, request.id(), request.text("note"))
    return back_to_case(request)


def back_to_case(request: Request, told: str = "") -> Response:
    return back(request, f"/moderation/cases/{request.id()}", Flash("done", told) if told else None)


@routes.get("/moderation/accounts", scope="session")
async def accounts(request: Request) -> Response:
    """Accounts by name or e-mail address, with their standing."""
    check_staff(request)
    query = request.text("q").strip().removeprefix("@")
    tab = request.text("tab") if request.text("tab") in _STATES else "all"
    by_email = "@" in query
    wanted = asked(request)
    found = await moderation.people.find(
        request.conn,
        request.me,
        wanted,
        state=_STATES.get(tab),
        query="" if by_email else query,
        email=query if by_email else "",
    )
    shown = []
    for person in found:
        account = present.account(person.account, role=person.role)
        account.standing = _STANDINGS.get(person.account.standing, person.account.standing)
        account.email, account.last_seen_at = person.email, person.last_active_at
        shown.append(account)
    first, last = (found[0].account.id, found[-1].account.id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "moderation/accounts.html",
        people=shown,
        query=query,
        tab=tab,
        **turns,
    )


@routes.post("/moderation/accounts/{id}/case", scope="session")
async def open_case(request: Request) -> Response:
    """Open a case about an account that nobody reported, or go to the one that is open."""
    check_staff(request)
    case_id = await moderation.open_case(request.conn, request.me, request.id())
    return back(request, f"/moderation/cases/{case_id}")
