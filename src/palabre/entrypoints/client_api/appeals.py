"""/api/palabre/v1/appeals and /reviews: having a decision judged once more. Described in docs/developers/api-appeals.md."""

import msgspec
from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.client_api import appeal_entities
from palabre.entrypoints.client_api.cases import READ, WRITE, Choice
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.reports import Id
from palabre.entrypoints.edge import Request, Routes
from palabre.features.moderation import appeals, review
from palabre.features.moderation.appeals import Appellant

routes = Routes()
_MINE, _APPEAL = "read:notifications", "write:reports"


@routes.get("/api/palabre/v1/appeals", scope=_MINE)
async def mine(request: Request) -> Response:
    """One's own appeals, newest first."""
    found = await appeals.mine(request.conn, _me(request))
    return json([appeal_entities.mine(one) for one in found])


class NewAppeal(msgspec.Struct):
    case_id: Id
    decision_id: Id
    words: str = ""


@routes.post("/api/palabre/v1/appeals", scope=_APPEAL, limit="report")
async def lodge(request: Request) -> Response:
    """Appeal against a decision about oneself, or on what one reported."""
    new = request.input(NewAppeal)
    made = await appeals.lodge(request.conn, _me(request), new.case_id, new.decision_id, new.words)
    return await _mine(request, made.id)


@routes.get("/api/palabre/v1/appeals/{case_id}/{appeal_id}", scope=_MINE)
async def one(request: Request) -> Response:
    """One of one's own appeals."""
    return await _mine(request, request.id("appeal_id"))


@routes.post("/api/palabre/v1/appeals/{case_id}/{appeal_id}/withdraw", scope=_APPEAL)
async def withdraw(request: Request) -> Response:
    """Take an appeal back."""
    await appeals.withdraw(request.conn, _me(request), request.id("case_id"), request.id("appeal_id"))
    return await _mine(request, request.id("appeal_id"))


@routes.post("/api/palabre/v1/appeals/{case_id}/{appeal_id}/answer", scope=_APPEAL, limit="report")
async def answer(request: Request) -> Response:
    """Answer what the judge asked, or add to what one wrote: `words`."""
    await appeals.answer(
        request.conn, _me(request), request.id("case_id"), request.id("appeal_id"), request.text("words")
    )
    return await _mine(request, request.id("appeal_id"))


@routes.post("/api/palabre/v1/appeals/{case_id}/{appeal_id}/jury", scope=_APPEAL, limit="report")
async def ask_jury(request: Request) -> Response:
    """After a moderator turned it down, ask for a jury: `words`. The new appeal is the answer."""
    words = request.text("words")
    made = await appeals.ask_jury(request.conn, _me(request), request.id("case_id"), request.id("appeal_id"), words)
    return await _mine(request, made.id)


@routes.get("/api/palabre/v1/appeals/waiting", scope=READ)
async def waiting(request: Request) -> Response:
    """For moderators: appeals that one may judge, the soonest due first."""
    found = await appeals.waiting(request.conn, request.me)
    return json([appeal_entities.appeal(one, for_staff=True) for one in found.to_judge])


@routes.get("/api/palabre/v1/cases/{id}/appeals/{appeal_id}", scope=READ)
async def hearing(request: Request) -> Response:
    """For moderators: an appeal with its case, the decision and what was said."""
    return await _heard(request)


class Judgement(Choice):
    outcome: str = ""
    action: str = ""


@routes.post("/api/palabre/v1/cases/{id}/appeals/{appeal_id}/judge", scope=WRITE)
async def judge(request: Request) -> Response:
    """Judge an appeal: `outcome` upheld, overturned or replaced, `reason`, and for replaced what `decide` takes."""
    given = request.input(Judgement)
    ruling = given.ruling() if given.outcome == "replaced" else None
    case_id, appeal_id = request.id(), request.id("appeal_id")
    await appeals.judge(request.conn, request.me, case_id, appeal_id, given.outcome, given.reason, ruling)
    return await _heard(request)


@routes.post("/api/palabre/v1/cases/{id}/appeals/{appeal_id}/ask", scope=WRITE)
async def ask(request: Request) -> Response:
    """Ask who appealed something: `words`."""
    await appeals.ask(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("words"))
    return await _heard(request)


@routes.post("/api/palabre/v1/cases/{id}/appeals/{appeal_id}/jury", scope=WRITE)
async def to_jury(request: Request) -> Response:
    """Leave an appeal to a jury."""
    await appeals.leave_to_jury(request.conn, request.me, request.id(), request.id("appeal_id"))
    return await _heard(request)


@routes.post("/api/palabre/v1/cases/{id}/appeals/{appeal_id}/concede", scope=WRITE)
async def concede(request: Request) -> Response:
    """For who made the decision: take it back whole, with a reason."""
    await appeals.concede(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("reason"))
    return await _heard(request)


@routes.post("/api/palabre/v1/cases/{id}/appeals/{appeal_id}/view", scope=WRITE)
async def state_view(request: Request) -> Response:
    """For who made the decision: how one sees it, for the judge: `words`."""
    await appeals.state_view(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("words"))
    return await _heard(request)


@routes.get("/api/palabre/v1/reviews", scope=READ)
async def reviews(request: Request) -> Response:
    """For moderators: cases to be judged again without seeing how they were decided."""
    return json([appeal_entities.due(one) for one in await review.mine(request.conn, request.me)])


@routes.post("/api/palabre/v1/reviews/{case_id}", scope=WRITE)
async def judge_again(request: Request) -> Response:
    """Say what one would have decided: `action`, `reason`, `rule_ids`. It changes nothing by itself."""
    choice = request.input(Choice)
    made = await review.review(
        request.conn, request.me, request.id("case_id"), choice.action, choice.reason, choice.rule_ids
    )
    return json(appeal_entities.review(made))


@routes.get("/api/palabre/v1/reviews/disagreements", scope=READ)
async def disagreements(request: Request) -> Response:
    """For moderators: decisions on which two of them wanted different things."""
    found = await review.disagreements(request.conn, request.me)
    return json([appeal_entities.review(one.review) | {"stands": one.decision.stands} for one in found])


def _me(request: Request) -> Appellant:
    return Appellant(account_id=request.me.id)


async def _mine(request: Request, appeal_id: int) -> Response:
    found = [one for one in await appeals.mine(request.conn, _me(request)) if one.appeal.id == appeal_id]
    if not found:
        raise NotFound
    return json(appeal_entities.mine(found[0]))


async def _heard(request: Request) -> Response:
    view = await appeals.hearing(request.conn, request.me, request.id(), request.id("appeal_id"))
    return json(appeal_entities.hearing(view))
