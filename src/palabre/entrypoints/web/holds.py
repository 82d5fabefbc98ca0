"""/moderation/…/holds: what the law wants preserved; made by any moderator, opened by an owner who says why."""

from typing import Any

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.cases import kept
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features import accounts
from palabre.features.moderation import holds

routes = Routes()


def N_(said: str) -> str:
    """Marks words for translation."""
    return said


#: (kind, label, meaning)
KINDS = (
    ("life", N_("A life is in danger"), N_("For the police, at once. Kept for a year.")),
    ("child", N_("Abuse of children"), N_("Report it to the authority in charge. Kept for a year.")),
    ("terrorist", N_("Terrorist content"), N_("Regulation (EU) 2021/784 wants it kept for six months.")),
    ("order", N_("A court or an authority asks"), N_("Kept for six months, or as long as it says.")),
)


@routes.get("/moderation/holds", scope="session")
async def browse(request: Request) -> Response:
    """All that is preserved for the law, and until when."""
    check_staff(request)
    wanted = asked(request)
    found = await holds.holds(request.conn, request.me, wanted)
    people = await accounts.look(request.conn, {one.account_id for one in found} | {one.made_by for one in found})
    first, last = (found[0].id, found[-1].id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "moderation/holds.html",
        holds=[_line(request, one, people) for one in found],
        **turns,
    )


@routes.get("/moderation/cases/{id}/hold", scope="session")
async def form(request: Request) -> Response:
    """The form to preserve what a case keeps, and what has been preserved."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    check_staff(request)
    found = await holds.of_case(request.conn, request.me, request.id())
    people = await accounts.look(request.conn, {one.account_id for one in found} | {one.made_by for one in found})
    _ = words(request)
    return await page(
        request,
        "moderation/hold_form.html",
        status=422 if errors else 200,
        case_url=f"/moderation/cases/{request.id()}",
        kinds=[(kind, _(label), _(meaning)) for kind, label, meaning in KINDS],
        holds=[_line(request, one, people) for one in found],
        values={"kind": request.text("kind")} | typed(request),
        errors=errors,
        may_open=request.me.owner,
    )


@routes.post("/moderation/cases/{id}/hold", scope="session")
async def make(request: Request) -> Response:
    """Preserve it, sealed."""
    check_staff(request)
    ask_again(request, _form, default="kind")
    days = request.text("days").strip()
    wanted = holds.Wanted(
        request.text("kind"),
        request.text("reason"),
        request.text("authority"),
        request.text("reference"),
        (int(days) if days.isdecimal() and len(days) < 6 else 0) if days else None,
    )
    made = await holds.hold(request.conn, request.me, request.id(), wanted)
    _ = words(request)
    done = Flash("done", _("It is kept until the time is up, whatever happens to the posts and the account."))
    if made.kind == "life":
        return back(request, f"/moderation/cases/{request.id()}/police?hold={made.id}", done)
    return back(request, f"/moderation/cases/{request.id()}/hold", done)


@routes.post("/moderation/cases/{id}/holds/{hold_id}", scope="session")
async def look(request: Request) -> Response:
    """What a hold keeps, for an owner who says why he looks; the case's log keeps that he did."""
    check_staff(request)
    ask_again(request, _form, default="why")
    opened = await holds.open_hold(request.conn, request.me, request.id(), request.id("hold_id"), request.text("why"))
    people = await accounts.look(request.conn, {opened.hold.account_id, opened.hold.made_by})
    return await page(
        request,
        "moderation/hold.html",
        case_url=f"/moderation/cases/{request.id()}",
        hold=_line(request, opened.hold, people),
        account=opened.account,
        connections=opened.connections,
        kept=[kept(one) for one in opened.snapshots],
    )


def _line(request: Request, view: holds.Hold, people: dict[int, accounts.AccountView]) -> dict[str, Any]:
    _ = words(request)
    labels = {kind: label for kind, label, _meaning in KINDS}
    about, by = people.get(view.account_id), people.get(view.made_by)
    return {
        "id": view.id,
        "url": f"/moderation/cases/{view.case_id}/hold",
        "open_url": f"/moderation/cases/{view.case_id}/holds/{view.id}",
        "police_url": f"/moderation/cases/{view.case_id}/police?hold={view.id}",
        "label": _(labels[view.kind]),
        "reason": view.reason,
        "authority": view.authority,
        "reference": view.reference,
        "sha256": view.sha256,
        "account": present.account(about) if about else None,
        "by": present.account(by) if by else None,
        "made_at": view.made_at,
        "until": view.until,
        "purged_at": view.purged_at,
    }
