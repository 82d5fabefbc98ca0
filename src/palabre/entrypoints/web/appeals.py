"""/appeals: asking for another judgement on a decision, and hearing what came of it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import moderation
from palabre.features.moderation import ACTIONS, Letter, appeals
from palabre.features.moderation.appeals import Appeal, Appellant, Mine
from palabre.settings import current

routes = Routes()


@routes.get("/appeals", scope="member", open_to="suspended")
async def mine(request: Request) -> Response:
    """One's own appeals: where each stands, what was asked and answered."""
    return await _mine(request, {})


async def _mine(request: Request, errors: Errors) -> Response:
    found = await appeals.mine(request.conn, _me(request))
    return await page(
        request,
        "appeals.html",
        status=422 if errors else 200,
        appeals=[_shown(request, one) for one in found],
        values=typed(request),
        errors=errors,
    )


@routes.get("/appeals/new", scope="member", open_to="suspended")
async def form(request: Request) -> Response:
    """The form, about the decision of a `letter`."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    letter_id = ids.parse(request.text("letter"))
    if letter_id is None:
        raise NotFound
    letter = await moderation.letter(request.conn, request.me.id, letter_id)
    return await _asked(request, letter, "", errors)


async def _asked(request: Request, letter: Letter, at: str, errors: Errors) -> Response:
    """`at`: the secret address that it was opened by, if it was."""
    return await page(
        request,
        "appeal.html",
        status=422 if errors else 200,
        letter=SimpleNamespace(
            id=letter.id, said=str(words(request)(letter.words)) % letter.params, reason=letter.reason
        ),
        at=at,
        hours=round(current().deadlines["appeal"]),
        values={"words": request.text("words")},
        errors=errors,
    )


@routes.post("/appeals/new", scope="member", limit="report", open_to="suspended")
async def lodge(request: Request) -> Response:
    """Hand the appeal in."""
    ask_again(request, _form, default="words")
    letter_id = ids.parse(request.text("letter"))
    if letter_id is None:
        raise NotFound
    letter = await moderation.letter(request.conn, request.me.id, letter_id)
    await appeals.lodge(request.conn, _me(request), letter.case_id, letter.decision_id, request.text("words"))
    return _back(
        request, words(request)("Your appeal is in. Somebody who had nothing to do with it so far will judge.")
    )


@routes.get("/statement/{secret}/appeal", scope="public", open_to="suspended")
async def form_by_secret(request: Request) -> Response:
    """The same form, by the secret address that was mailed."""
    return await _form_by_secret(request, {})


async def _form_by_secret(request: Request, errors: Errors) -> Response:
    _, letter = await moderation.by_secret(request.conn, request.path["secret"])
    return await _asked(request, letter, f"/statement/{request.path['secret']}", errors)


@routes.post("/statement/{secret}/appeal", scope="public", limit="report", open_to="suspended")
async def lodge_by_secret(request: Request) -> Response:
    """Hand the appeal in, without signing in."""
    ask_again(request, _form_by_secret, default="words")
    account_id, letter = await moderation.by_secret(request.conn, request.path["secret"])
    who = Appellant(account_id=account_id)
    await appeals.lodge(request.conn, who, letter.case_id, letter.decision_id, request.text("words"))
    told = words(request)("Your appeal is in. Somebody who had nothing to do with it so far will judge.")
    return back(request, f"/statement/{request.path['secret']}", Flash("done", str(told)))


@routes.post("/appeals/{case_id}/{appeal_id}/withdraw", scope="member", open_to="suspended")
async def withdraw(request: Request) -> Response:
    """Take an appeal back."""
    await appeals.withdraw(request.conn, _me(request), request.id("case_id"), request.id("appeal_id"))
    return _back(request, words(request)("Your appeal is withdrawn."))


@routes.post("/appeals/{case_id}/{appeal_id}/answer", scope="member", limit="report", open_to="suspended")
async def answer(request: Request) -> Response:
    """Answer what the judge asked, or add something."""
    ask_again(request, _mine, default=_field(request), words=_field(request))
    await appeals.answer(
        request.conn, _me(request), request.id("case_id"), request.id("appeal_id"), request.text(_field(request))
    )
    return _back(request, words(request)("Added to your appeal."))


@routes.post("/appeals/{case_id}/{appeal_id}/jury", scope="member", limit="report", open_to="suspended")
async def ask_jury(request: Request) -> Response:
    """After a moderator turned it down, ask for a jury."""
    ask_again(request, _mine, default=_field(request), words=_field(request))
    _ = words(request)
    made = await appeals.ask_jury(
        request.conn, _me(request), request.id("case_id"), request.id("appeal_id"), request.text(_field(request))
    )
    if made.state == "jury":
        return _back(request, _("A jury of members will judge your appeal."))
    return _back(request, _("No jury can be had for this. Another moderator will judge your appeal."))


def state(_: Callable[[str], object], appeal: Appeal) -> str:
    """Where an appeal stands, in a few words."""
    return str(
        {
            "open": _("Being looked into"),
            "jury": _("Before a jury"),
            "withdrawn": _("Withdrawn"),
            "upheld": _("The decision stands"),
            "overturned": _("The decision was overturned"),
            "replaced": _("Another decision was made"),
            "conceded": _("The decision was taken back"),
        }[appeal.outcome or appeal.state]
    )


def talk(said: list[appeals.Said]) -> list[SimpleNamespace]:
    return [SimpleNamespace(kind=one.kind.removeprefix("appeal_"), words=one.words, at=one.at) for one in said]


def _shown(request: Request, view: Mine) -> SimpleNamespace:
    _, appeal = words(request), view.appeal
    return SimpleNamespace(
        id=appeal.id,
        url=f"/appeals/{appeal.case_id}/{appeal.id}",
        about=present.account(view.about),
        decision=_(ACTIONS[view.decision.action].label),
        of_author=appeal.side == "author",
        words=appeal.words,
        state=state(_, appeal),
        won=appeal.outcome in ("overturned", "replaced", "conceded"),
        open=appeal.state == "open",
        with_jury=appeal.state == "jury",
        by_jury=appeal.judge_id == 0,
        lost=appeal.outcome == "upheld",
        reason=appeal.reason,
        said=talk(view.said),
        lodged_at=appeal.lodged_at,
        due_at=appeal.due_at,
        may_ask_jury=view.may_ask_jury,
    )


def _field(request: Request) -> str:
    """Where one writes to an appeal; several stand on the page."""
    return f"words-{request.path['appeal_id']}"


def _me(request: Request) -> Appellant:
    return Appellant(account_id=request.me.id)


def _back(request: Request, told: Any) -> Response:
    return back(request, "/appeals", Flash("done", str(told)))
