"""/moderation/jury: the panels with their cases, the jurors, and asking a jury about a case; for the staff alone."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import jury_words, present
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features import accounts, instance, moderation
from palabre.features.moderation import jury

routes = Routes()


@routes.get("/moderation/jury", scope="session")
async def browse(request: Request) -> Response:
    """Panels with their cases, camps, and the jurors' records. Who sat on which panel isn't told."""
    check_staff(request)
    wanted = asked(request)
    found = await jury.panels(request.conn, wanted, request.me)
    records = await jury.records(request.conn, request.me)
    people = await accounts.look(request.conn, records)
    camps = await jury.current_camps(request.conn)
    first, last = (found[0].id, found[-1].id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "moderation/jury.html",
        panels=[jury_words.panel(request, one) for one in found],
        figures=jury_words.figures(await jury.figures(request.conn)),
        camps=[size for camp, size in sorted(camps.sizes.items()) if camp],
        alone=camps.sizes.get(0, 0),
        camps_at=camps.built_at,
        jurors=[
            SimpleNamespace(account=present.account(people[account_id]), record=one)
            for account_id, one in sorted(records.items())
            if account_id in people
        ],
        **turns,
    )


@routes.get("/moderation/cases/{id}/jury", scope="session")
async def form(request: Request) -> Response:
    """The form to ask a jury, and what juries said of this case."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    check_staff(request)
    await moderation.in_hand(request.conn, request.me, request.id())
    view = await moderation.case(request.conn, request.me, request.id())
    found = await jury.of_case(request.conn, request.id())
    return await page(
        request,
        "moderation/ask_jury.html",
        status=422 if errors else 200,
        case_url=f"/moderation/cases/{request.id()}",
        may_ask=view.may_decide and all(one.state == "closed" for one in found),
        panels=[jury_words.panel(request, one) for one in found],
        rules=(await instance.about(request.conn, fresh=True)).rules,
        values=typed(request),
        errors=errors,
    )


@routes.post("/moderation/cases/{id}/jury", scope="session")
async def ask(request: Request) -> Response:
    """Ask a jury whether something breaks a rule."""
    check_staff(request)
    ask_again(request, _form, default="rule", rule_ids="rule")
    rule_id = ids.parse(request.text("rule"))
    if rule_id is None:
        raise Refused("is not included in the list", field="rule", code="inclusion")
    await jury.ask(request.conn, request.me, request.id(), rule_id, request.text("words"))
    _ = words(request)
    done = _("The jury is being drawn. You will hear what it says.")
    return back(request, f"/moderation/cases/{request.id()}/jury", Flash("done", done))
