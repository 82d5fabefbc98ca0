"""/notice/{secret}: what became of a notice, for whoever has its secret link; and appealing there, without an account."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.appeals import state, talk
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.notices import item, summary
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.entrypoints.web.words import words as word_book
from palabre.features.moderation import appeals, notices
from palabre.features.moderation.appeals import Appellant, Mine
from palabre.features.moderation.notices import Item, Notice

routes = Routes()


@routes.get("/notice/{secret}", scope="public", open_to="suspended")
async def status(request: Request) -> Response:
    """What became of each address in a notice, and of the appeals of who sent it."""
    return await _status(request, {})


async def _status(request: Request, errors: Errors) -> Response:
    """In the language in which the notice was sent."""
    found = await notices.status(request.conn, request.path["secret"])
    who = Appellant(notice_id=found.id)
    lines = await _appealable(request, found)
    response = await page(
        request,
        "notice/status.html",
        status=422 if errors else 200,
        lang=found.locale,
        notice=summary(found),
        items=[item(one, found.locale) for one in found.lines],
        may_appeal=bool(lines),
        lines=[one.line for one in lines],
        appeals=[_shown(found, one) for one in await appeals.mine(request.conn, who)],
        values=typed(request),
        errors=errors,
    )
    response.headers["x-robots-tag"] = "noindex"
    return response


async def _appealable(request: Request, found: Notice) -> list[Item]:
    """The first line of each decision that may be appealed against."""
    decided = {one.decision.id: one for one in reversed(found.lines) if one.decision and one.decision.stands}
    who = Appellant(notice_id=found.id)
    firsts = sorted(decided.values(), key=lambda one: one.line)
    return [one for one in firsts if one.decision and await appeals.may_appeal(request.conn, who, one.decision)]


@routes.post("/notice/{secret}/reminder", scope="public", limit="mail", open_to="suspended")
async def remind(request: Request) -> Response:
    """Send a mail that says how the notice stands."""
    await notices.remind(request.conn, request.path["secret"])
    return _back(request, words(request)("A mail with this is on its way."))


@routes.post("/notice/{secret}/appeal", scope="public", limit="report", open_to="suspended")
async def appeal(request: Request) -> Response:
    """Appeal against what was decided on a line."""
    ask_again(request, _status, default="words")
    found = await notices.status(request.conn, request.path["secret"])
    chosen = next((one for one in found.lines if str(one.line) == request.text("line")), None)
    if chosen is None or chosen.decision is None:
        raise Refused("is not included in the list", field="line", code="inclusion")
    decision = chosen.decision
    who = Appellant(notice_id=found.id)
    await appeals.lodge(request.conn, who, decision.case_id, decision.id, request.text("words"))
    return _back(
        request, words(request)("Your appeal is in. Somebody who had nothing to do with it so far will judge.")
    )


@routes.post("/notice/{secret}/appeal/{appeal_id}/answer", scope="public", limit="report", open_to="suspended")
async def answer(request: Request) -> Response:
    """Answer what the judge asked, or add something."""
    field = f"words-{request.path['appeal_id']}"
    ask_again(request, _status, default=field, words=field)
    who, mine = await _mine(request)
    await appeals.answer(request.conn, who, mine.appeal.case_id, mine.appeal.id, request.text(field))
    return _back(request, words(request)("Added to your appeal."))


@routes.post("/notice/{secret}/appeal/{appeal_id}/jury", scope="public", limit="report", open_to="suspended")
async def ask_jury(request: Request) -> Response:
    """After a moderator turned it down, ask for a jury."""
    field = f"words-{request.path['appeal_id']}"
    ask_again(request, _status, default=field, words=field)
    who, mine = await _mine(request)
    made = await appeals.ask_jury(request.conn, who, mine.appeal.case_id, mine.appeal.id, request.text(field))
    _ = words(request)
    by_jury = _("A jury of members will judge your appeal.")
    otherwise = _("No jury can be had for this. Another moderator will judge your appeal.")
    return _back(request, by_jury if made.state == "jury" else otherwise)


async def _mine(request: Request) -> tuple[Appellant, Mine]:
    """The appeal that the address names, if it is this notice's."""
    found = await notices.status(request.conn, request.path["secret"])
    who = Appellant(notice_id=found.id)
    for one in await appeals.mine(request.conn, who):
        if one.appeal.id == request.id("appeal_id"):
            return who, one
    raise NotFound


def _shown(found: Notice, view: Mine) -> SimpleNamespace:
    one = view.appeal
    return SimpleNamespace(
        id=one.id,
        url=f"/notice/{found.secret}/appeal/{one.id}",
        lines=[line.line for line in found.lines if line.case_id == one.case_id],
        words=one.words,
        state=state(word_book(found.locale)["_"], one),
        won=one.outcome in ("overturned", "replaced", "conceded"),
        open=one.state == "open",
        with_jury=one.state == "jury",
        by_jury=one.judge_id == 0,
        reason=one.reason,
        said=talk(view.said),
        lodged_at=one.lodged_at,
        due_at=one.due_at,
        may_ask_jury=view.may_ask_jury,
    )


def _back(request: Request, told: object) -> Response:
    return back(request, f"/notice/{request.path['secret']}", Flash("done", str(told)))
