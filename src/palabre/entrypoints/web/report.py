"""Bringing a post or a person before the moderators, and hearing what came of it."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.base.paging import Page
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts, graph, instance, moderation, posts, timelines
from palabre.features.moderation import ACTIONS, Letter, Report
from palabre.features.posts import PostView

routes = Routes()
_RECENT = 5
_CATEGORIES = {"rule": "violation", "threat": "threat", "illegal": "legal", "spam": "spam", "other": "other"}
_WORDS = {kept: shown for shown, kept in _CATEGORIES.items()}


@routes.get("/report", scope="member")
async def form(request: Request) -> Response:
    """The form, about a `post` or an `account`."""
    return await _form(request, {}, {})


@routes.post("/report", scope="member", limit="report")
async def send(request: Request) -> Response:
    """Hand it in; from then on it is kept, whatever becomes of the post."""
    _ = words(request)
    category = _CATEGORIES.get(request.text("category"))
    if category is None:
        return await _form(request, _sent(request), {"category": _("Choose what is wrong.")})
    try:
        async with request.conn.savepoint():
            await _report(request, category)
    except Refused as why:
        if isinstance(why, (NotFound, Forbidden)):
            raise
        return await _form(request, _sent(request), _problems(request, why))
    thanks = _("Thank you. A moderator will read it, and you will hear what came of it.")
    return back(request, "/reports", Flash("done", thanks))


@routes.get("/reports", scope="member")
async def mine(request: Request) -> Response:
    """What one has reported."""
    reports = await moderation.my_reports(request.conn, request.me.id)
    answers: dict[int, Letter] = {}
    for letter in await moderation.letters(request.conn, request.me.id, limit=200):
        if letter.kind == "reporter":
            answers.setdefault(letter.case_id, letter)
    targets = await accounts.look(request.conn, {report.account_id for report in reports})
    first = [report.post_ids[0] for report in reports if report.post_ids]
    seen = {view.id: view for view in await posts.look(request.conn, first, request.me.id)}
    shown = [
        _line(request, report, answers.get(report.case_id), seen)
        | {"target": present.account(targets[report.account_id])}
        for report in reports
        if report.account_id in targets
    ]
    return await page(request, "my_reports.html", reports=shown)


async def _report(request: Request, category: str) -> None:
    account_id = ids.parse(request.text("account"))
    chosen = [request.text("post"), *request.listed("posts")]
    post_ids = [ids.parse(text) for text in chosen if text]
    await moderation.notices.senders.check_member(request.conn, request.me.id, category)
    rule_ids = [ids.parse(text) for text in request.listed("rules")] if category == "violation" else []
    if account_id is None or None in (*post_ids, *rule_ids):
        raise NotFound
    await moderation.report(
        request.conn,
        request.me.id,
        account_id,
        [post_id for post_id in post_ids if post_id is not None],
        request.text("comment"),
        category,
        [rule_id for rule_id in rule_ids if rule_id is not None],
    )
    if request.flag("block"):
        await graph.block(request.conn, request.me.id, account_id)


async def _form(request: Request, values: dict[str, Any], errors: dict[str, str]) -> Response:
    conn, viewer = request.conn, request.me.id
    post = None
    if request.text("post"):
        post = await posts.look_at(conn, ids.parse(request.text("post")), viewer)
        post = post.reblog or post
    target = post.author if post else await accounts.look_at(conn, ids.parse(request.text("account")))
    if target.id == viewer:
        raise NotFound
    written = await timelines.profile(conn, target.id, viewer, Page(_RECENT + 1), reblogs=False)
    recent = [view for view in written.posts if post is None or view.id != post.id][:_RECENT]
    return await page(
        request,
        "report.html",
        status=422 if errors else 200,
        target=present.account(target),
        post=present.post(post, viewer) if post else None,
        recent=await present.posts(conn, recent, viewer),
        rules=(await instance.about(conn)).rules,
        values=values,
        errors=errors,
    )


def _sent(request: Request) -> dict[str, Any]:
    values = {name: request.text(name) for name in ("category", "comment", "block")}
    return values | {"rules": request.listed("rules"), "posts": request.listed("posts")}


def _problems(request: Request, why: Refused) -> dict[str, str]:
    _ = words(request)
    said = {
        "comment": _("That is too long: at most 1,000 characters."),
        "rule_ids": _("One of these rules does not apply any more. Please choose again."),
    }
    return {why.field or "category": said.get(why.field or "", why.message)}


def _line(request: Request, report: Report, answer: Letter | None, seen: dict[int, PostView]) -> dict[str, Any]:
    state = "in_review" if report.assigned_to else "received"
    if answer and not answer.undoing:
        state = "acted" if ACTIONS[answer.action].restricts or answer.action == "warn" else "closed"
    elif report.decided_at:
        state = "closed"
    return {
        "id": report.id,
        "excerpt": _excerpt([seen[post_id] for post_id in report.post_ids if post_id in seen]),
        "category": _WORDS.get(report.category, "other"),
        "comment": report.comment,
        "created_at": report.created_at,
        "state": state,
        "outcome": f"{_said(request, answer)} {answer.reason}".strip() if answer else "",
    }


def _excerpt(views: Sequence[PostView]) -> str:
    return str(present.html(views[0].public.content).striptags()) if views else ""


def _said(request: Request, letter: Letter) -> str:
    return str(words(request)(letter.words)) % letter.params if letter.words else ""
