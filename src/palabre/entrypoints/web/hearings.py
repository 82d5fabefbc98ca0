"""/moderation/appeals and /moderation/reviews: judging once more what others decided; for the staff alone."""

from types import SimpleNamespace
from typing import Any

from starlette.responses import Response

from palabre.base import clock
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import appeals as own
from palabre.entrypoints.web import cases, present
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import instance, moderation
from palabre.features.accounts import AccountView
from palabre.features.moderation import ACTIONS, Ruling, appeals, review
from palabre.features.moderation.appeals import Appeal

routes = Routes()


@routes.get("/moderation/appeals", scope="session")
async def waiting(request: Request) -> Response:
    """Appeals that one may judge, the soonest due first; those against decisions of one's own stand apart."""
    check_staff(request)
    found = await appeals.waiting(request.conn, request.me)
    return await page(
        request,
        "moderation/appeals.html",
        to_judge=[_row(request, one, found.people) for one in found.to_judge],
        own=[_row(request, one, found.people) for one in found.own],
    )


@routes.get("/moderation/cases/{id}/appeals/{appeal_id}", scope="session")
async def hearing(request: Request) -> Response:
    """An appeal with what was decided and why, what was kept, and the form to judge it."""
    return await _hearing(request, {})


async def _hearing(request: Request, errors: Errors) -> Response:
    check_staff(request)
    view = await appeals.hearing(request.conn, request.me, request.id(), request.id("appeal_id"))
    rules = (await instance.about(request.conn, fresh=True)).rules
    cited = {rule.id: rule for rule in await moderation.cited(request.conn, view.decision.rule_ids)}
    names = ("outcome", "action", "reason", "words", "concession", "view")
    whole = cases.whole(request, view.case, cited)
    return await page(
        request,
        "moderation/appeal.html",
        status=422 if errors else 200,
        case=whole["case"],
        kept=whole["kept"],
        actions=[one for one in whole["actions"] if one[0] != "dismiss"],
        decision=cases.decision(request, view.decision, view.case.people, cited),
        appeal=_row(request, view.appeal, {}, view.appellant),
        said=own.talk(view.said),
        may_judge=view.may_judge,
        may_concede=view.may_concede,
        mine=view.appeal.moderator_id == request.me.id,
        nobody=view.nobody,
        rules=rules,
        values={name: request.text(name) for name in names} | {"rules": request.listed("rules")},
        errors=errors,
    )


@routes.post("/moderation/cases/{id}/appeals/{appeal_id}/judge", scope="session")
async def judge(request: Request) -> Response:
    """Uphold the decision, overturn it, or put another one in its place; everybody concerned is told."""
    check_staff(request)
    ask_again(request, _hearing, default="outcome", rule_ids="action")
    outcome, rule_ids = request.text("outcome"), request.ids("rules")
    ruling = None
    if outcome == "replaced" and request.text("action"):
        ruling = Ruling(request.text("action"), request.text("reason"), rule_ids=rule_ids, terms=not rule_ids)
    await appeals.judge(
        request.conn, request.me, request.id(), request.id("appeal_id"), outcome, request.text("reason"), ruling
    )
    return _back(request, words(request)("Judged. Everybody concerned is told."))


@routes.post("/moderation/cases/{id}/appeals/{appeal_id}/ask", scope="session")
async def ask(request: Request) -> Response:
    """Ask who appealed something."""
    check_staff(request)
    ask_again(request, _hearing, default="words")
    await appeals.ask(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("words"))
    return _back(request, words(request)("Asked. The answer will stand here."), stay=True)


@routes.post("/moderation/cases/{id}/appeals/{appeal_id}/jury", scope="session")
async def to_jury(request: Request) -> Response:
    """Leave it to a jury."""
    check_staff(request)
    ask_again(request, _hearing, default="jury")
    await appeals.leave_to_jury(request.conn, request.me, request.id(), request.id("appeal_id"))
    return _back(request, words(request)("A jury of members will judge it."))


@routes.post("/moderation/cases/{id}/appeals/{appeal_id}/concede", scope="session")
async def concede(request: Request) -> Response:
    """For who made the decision: take it back."""
    check_staff(request)
    ask_again(request, _hearing, default="concession", reason="concession")
    await appeals.concede(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("concession"))
    return _back(request, words(request)("The decision is taken back. Everybody concerned is told."))


@routes.post("/moderation/cases/{id}/appeals/{appeal_id}/view", scope="session")
async def state_view(request: Request) -> Response:
    """For who made the decision: say how one sees it."""
    check_staff(request)
    ask_again(request, _hearing, default="view", words="view")
    await appeals.state_view(request.conn, request.me, request.id(), request.id("appeal_id"), request.text("view"))
    return _back(request, words(request)("Added, for whoever judges."), stay=True)


@routes.get("/moderation/reviews", scope="session")
async def reviews(request: Request) -> Response:
    """Cases to judge again without seeing how they were decided, and where two moderators differed."""
    check_staff(request)
    _ = words(request)
    due = await review.mine(request.conn, request.me)
    seen = [await moderation.case(request.conn, request.me, one.case_id) for one in due]
    differing = await review.disagreements(request.conn, request.me)
    return await page(
        request,
        "moderation/reviews.html",
        due=[cases.summary(one.summary) for one in seen],
        differing=[
            SimpleNamespace(
                url=f"/moderation/cases/{one.decision.case_id}",
                about=present.account(one.about),
                first=_(ACTIONS[one.decision.action].label),
                first_by=_person(one.people, one.review.moderator_id),
                second=_(ACTIONS[one.review.action].label),
                second_by=_person(one.people, one.review.reviewer_id),
                reason=one.review.reason,
                at=one.review.done_at,
                stands=one.decision.stands,
            )
            for one in differing
        ],
    )


@routes.get("/moderation/reviews/{id}", scope="session")
async def blind(request: Request) -> Response:
    """A case to judge again, as it was before anybody decided it."""
    return await _blind(request, {})


async def _blind(request: Request, errors: Errors) -> Response:
    check_staff(request)
    view = await moderation.case(request.conn, request.me, request.id())
    if not view.blind:
        return back(request, f"/moderation/cases/{request.id()}")
    cited = await moderation.cited(request.conn, {rule_id for one in view.reports for rule_id in one.rule_ids})
    values: dict[str, Any] = {name: request.text(name) for name in ("action", "reason")}
    return await page(
        request,
        "moderation/review.html",
        status=422 if errors else 200,
        rules=(await instance.about(request.conn, fresh=True)).rules,
        values=values | {"rules": request.listed("rules")},
        errors=errors,
        **cases.whole(request, view, {rule.id: rule for rule in cited}),
    )


@routes.post("/moderation/reviews/{id}", scope="session")
async def judge_again(request: Request) -> Response:
    """Say what one would have decided; then see what was."""
    check_staff(request)
    ask_again(request, _blind, default="action", rule_ids="action")
    _ = words(request)
    made = await review.review(
        request.conn, request.me, request.id(), request.text("action"), request.text("reason"), request.ids("rules")
    )
    if made.same_direction:
        told = Flash("done", _("Thank you. You both came to the same result."))
    else:
        told = Flash("note", _("You came to another result than the first: both of you and the owners hear of it."))
    return back(request, f"/moderation/cases/{request.id()}", told)


def _row(
    request: Request, appeal: Appeal, people: dict[int, AccountView], appellant: AccountView | None = None
) -> SimpleNamespace:
    about, by = people.get(appeal.about_id), appellant or people.get(appeal.appellant_id)
    return SimpleNamespace(
        url=f"/moderation/cases/{appeal.case_id}/appeals/{appeal.id}",
        about=present.account(about) if about else None,
        by=present.account(by) if by else None,
        of_author=appeal.side == "author",
        after=appeal.after is not None,
        words=appeal.words,
        state=own.state(words(request), appeal),
        open=appeal.state == "open",
        with_jury=appeal.state == "jury",
        decided=appeal.state == "decided",
        reason=appeal.reason,
        lodged_at=appeal.lodged_at,
        due_at=appeal.due_at,
        overdue=appeal.due_at < clock.now() and appeal.open,
    )


def _person(people: dict[int, AccountView], account_id: int) -> present.Account | None:
    return present.account(people[account_id]) if account_id in people else None


def _back(request: Request, told: Any, *, stay: bool = False) -> Response:
    here = f"/moderation/cases/{request.id()}/appeals/{request.id('appeal_id')}"
    return back(request, here if stay else "/moderation/appeals", Flash("done", str(told)))
