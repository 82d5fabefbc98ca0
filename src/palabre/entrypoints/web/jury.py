"""/jury: being a juror, judging, and what everybody may know of juries."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.edge.kept_file import kept_file
from palabre.entrypoints.web import jury_words
from palabre.entrypoints.web.cases import kept
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, Undo, back, page, words
from palabre.entrypoints.web.paging import asked, ends
from palabre.features.moderation import ACTIONS, jury
from palabre.settings import current

routes = Routes()


@routes.get("/jury", scope="member")
async def mine(request: Request) -> Response:
    """What a jury is, whether one is willing, and where one sits or sat."""
    _ = words(request)
    me, chosen = request.me.id, current()
    standing = await jury.standing(request.conn, me)
    hindrances = {
        "staff": _("Moderators judge otherwise: they don’t sit on juries."),
        "standing": _("Your account can’t be drawn as it is now."),
        "measure": _("You can’t be drawn while a measure of the moderators stands against you."),
        "new": _("You will be drawn once you have been here for %(days)s days.") % {"days": chosen.jury_account_days},
    }
    return await page(
        request,
        "jury/mine.html",
        juror=standing.joined_at is not None,
        joined_at=standing.joined_at,
        salt=standing.salt,
        hindrance=hindrances.get(standing.hindrance or "", ""),
        may_join=standing.hindrance != "staff",
        seats=[_seat(request, one) for one in await jury.my_seats(request.conn, me)],
        record=await jury.my_record(request.conn, me),
        rules=SimpleNamespace(seats=chosen.jury_seats, hours=chosen.jury_hours, monthly=chosen.jury_monthly),
    )


@routes.post("/jury/join", scope="member")
async def join(request: Request) -> Response:
    """Be willing to judge."""
    await jury.join(request.conn, request.me.id)
    _ = words(request)
    done = _("Thank you. When the lot falls on you, you will hear of it here and by mail.")
    return back(request, "/jury", Flash("done", done, Undo("/jury/leave")))


@routes.post("/jury/leave", scope="member")
async def leave(request: Request) -> Response:
    """Be drawn no more; open seats go to others."""
    await jury.leave(request.conn, request.me.id)
    _ = words(request)
    done = _("You won’t be drawn any more. Seats you still held go to others.")
    return back(request, "/jury", Flash("done", done, Undo("/jury/join")))


@routes.get("/jury/panels", scope="public", open_to="suspended")
async def panels(request: Request) -> Response:
    """Juries that sit or sat, the seed of the next one, and a year's figures."""
    wanted = asked(request)
    found = await jury.panels(request.conn, wanted)
    first, last = (found[0].id, found[-1].id) if found else (None, None)
    turns: dict[str, Any] = ends(wanted, request, first, last, len(found))
    return await page(
        request,
        "jury/panels.html",
        panels=[jury_words.panel(request, one) for one in found],
        ready=[jury_words.panel(request, one) for one in await jury.ready(request.conn)],
        figures=jury_words.figures(await jury.figures(request.conn)),
        **turns,
    )


@routes.get("/jury/panels/{id}", scope="public", open_to="suspended")
async def panel(request: Request) -> Response:
    """What everybody may know of a panel: the draw, and in the end the votes with their reasons; no names."""
    view = await jury.panel(request.conn, request.id())
    pseudonym = None
    if request.viewer_id:
        pseudonym = await jury.my_pseudonym(request.conn, request.viewer_id, view.id)
    return await page(
        request,
        "jury/panel.html",
        panel=jury_words.panel(request, view),
        pseudonym=pseudonym,
        data=f"/api/palabre/v1/jury/panels/{view.id}",
    )


@routes.get("/jury/panels/{id}/ballot", scope="member")
async def ballot(request: Request) -> Response:
    """What a juror is to judge, and the ballot; afterwards, how he voted and what came of it."""
    return await _ballot(request, {})


async def _ballot(request: Request, errors: Errors) -> Response:
    _ = words(request)
    seat = await jury.seat(request.conn, request.me.id, request.id())
    shown: dict[str, Any] = {"brief": None}
    if seat.open:
        brief = await jury.brief(request.conn, request.me.id, request.id())
        files = f"/jury/panels/{seat.panel_id}/files/"
        shown["brief"] = SimpleNamespace(
            seats=brief.seats,
            votes=brief.votes,
            kept=[kept(one, files) for one in brief.kept],
            rules=brief.rules,
            words=brief.words,
            measure=_(ACTIONS[brief.decision.action].label) if brief.decision else "",
            reason=brief.decision.reason if brief.decision else "",
            law=brief.decision.law if brief.decision else "",
        )
    return await page(
        request,
        "jury/ballot.html",
        status=422 if errors else 200,
        seat=_seat(request, seat),
        answers=jury_words.answers(request, seat.question),
        values=typed(request),
        errors=errors,
        **shown,
    )


@routes.post("/jury/panels/{id}/ballot", scope="member")
async def vote(request: Request) -> Response:
    """Cast the ballot, once, with a reason."""
    ask_again(request, _ballot, default="answer")
    await jury.vote(request.conn, request.me.id, request.id(), request.text("answer"), request.text("reason"))
    _ = words(request)
    done = _("Your vote is cast. The result shows here when the jury is done.")
    return back(request, f"/jury/panels/{request.id()}/ballot", Flash("done", done))


@routes.post("/jury/panels/{id}/recuse", scope="member")
async def recuse(request: Request) -> Response:
    """Step aside; somebody else is drawn."""
    ask_again(request, _ballot, default="answer")
    await jury.recuse(request.conn, request.me.id, request.id())
    _ = words(request)
    return back(request, "/jury", Flash("done", _("You stepped aside. Somebody else is drawn.")))


@routes.get("/jury/panels/{id}/files/{key...}", scope="member", transaction="none")
async def file(request: Request) -> Response:
    """A kept picture that is to be judged."""
    key = request.path["key"]
    if request.viewer_id is None:
        raise NotFound
    async with request.db.reading() as conn:
        await jury.check_file(conn, request.viewer_id, request.id(), key)
    return await kept_file(key)


def _seat(request: Request, view: jury.Seat) -> SimpleNamespace:
    return SimpleNamespace(
        url=f"/jury/panels/{view.panel_id}/ballot",
        panel_url=f"/jury/panels/{view.panel_id}",
        recuse_url=f"/jury/panels/{view.panel_id}/recuse",
        number=view.number,
        juror=view.juror,
        question=jury_words.question(request, view.question),
        state=jury_words.state(request, view.state),
        open=view.open,
        closed=view.closed,
        drawn_at=view.drawn_at,
        due_at=view.due_at,
        answer=jury_words.answer(request, view.question, view.answer),
        reason=view.reason,
        outcome=jury_words.outcome(request, view),
    )
