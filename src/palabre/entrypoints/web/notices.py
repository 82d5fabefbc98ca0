"""/notice: notifying us of something without an account; what became of it is in `notice_status`."""

from datetime import date
from types import SimpleNamespace

from starlette.responses import Response

from palabre.base import clock
from palabre.base.errors import Refused, Unauthorized
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, words
from palabre.entrypoints.web.words import words as word_book
from palabre.features import instance
from palabre.features.moderation import notices
from palabre.features.moderation.notices import Item, Line, Notice, Sent
from palabre.names import here

routes = Routes()
CATEGORIES = {
    "illegal": "legal",
    "threat": "threat",
    "intimate": "intimate",
    "child": "child",
    "rule": "violation",
    "spam": "spam",
}


@routes.get("/notice", scope="public", open_to="suspended")
async def form(request: Request) -> Response:
    """The form, for everybody; `url` is filled in where it comes from a post's menu."""
    return await _form(request, {})


async def _form(request: Request, errors: Errors) -> Response:
    sent = request.http.method == "POST"
    values = (
        typed(request) if sent else {"urls": "\n".join(_ours(url) for url in request.listed("url")), "category": ""}
    )
    rules = (await instance.about(request.conn)).rules
    return await page(
        request, "notice/form.html", status=422 if errors else 200, values=values, errors=errors, rules=rules
    )


@routes.post("/notice", scope="public", limit="notice", open_to="suspended")
async def send(request: Request) -> Response:
    """Hand it in; the receipt is the page that follows."""
    ask_again(request, _form, default="urls")
    made = await notices.receive(
        request.conn,
        Sent(
            "notice",
            [Line(url) for url in request.text("urls").split()],
            name=request.text("name"),
            email=request.text("email"),
            locale=language(request),
            category=CATEGORIES.get(request.text("category"), ""),
            law=request.text("law"),
            explanation=request.text("explanation"),
            good_faith=request.flag("good_faith"),
            member_id=request.viewer_id,
        ),
    )
    _ = words(request)
    told = _("We received your notice. Keep the address of this page: here you will read what was decided.")
    return back(request, f"/notice/{made.secret}", Flash("done", told))


@routes.get("/notice/order", scope="public", open_to="suspended")
async def order_form(request: Request) -> Response:
    """The form by which an authority that has a key orders a removal."""
    return await _order(request, {})


async def _order(request: Request, errors: Errors) -> Response:
    values = typed(request) | {"key": ""}
    return await page(request, "notice/order.html", status=422 if errors else 200, values=values, errors=errors)


@routes.post("/notice/order", scope="public", limit="notice", open_to="suspended")
async def order(request: Request) -> Response:
    """Order a removal (Regulation (EU) 2021/784, Article 3); due in an hour."""
    ask_again(request, _order, default="urls", name="urls")
    notifier = await _by_key(request)
    made = await notices.receive(
        request.conn,
        notices.signed(
            notifier,
            Sent(
                "order",
                [Line(url) for url in request.text("urls").split()],
                email=request.text("email"),
                locale=language(request),
                law=request.text("law"),
                explanation=request.text("explanation"),
                reference=request.text("reference"),
                issued_on=date_in(request, "issued_on"),
            ),
            order=True,
        ),
    )
    return back(request, f"/notice/{made.secret}")


async def _by_key(request: Request) -> notices.Notifier:
    try:
        return await notices.by_key(request.conn, request.text("key").strip())
    except Unauthorized as error:  # which would send a browser to the members' door
        raise Refused("opens nothing", field="key", code="key") from error


def date_in(request: Request, name: str) -> date | None:
    """A day from a form. Raises Refused for what is none."""
    try:
        return date.fromisoformat(request.text(name)) if request.text(name) else None
    except ValueError as error:
        raise Refused("is no date", field=name, code="date") from error


def summary(view: Notice) -> SimpleNamespace:
    return SimpleNamespace(
        id=view.id,
        url=f"/moderation/notices/{view.id}",
        public_url=f"{here()}/notice/{view.secret}",
        path=f"/notice/{view.secret}",
        source=view.source,
        sender=view.sender,
        name=view.name,
        email=view.email,
        category=next((shown for shown, kept in CATEGORIES.items() if kept == view.category), "other"),
        law=view.law,
        explanation=view.explanation,
        reference=view.reference,
        issued_on=view.issued_on,
        count=view.items,
        unanswered=view.unanswered,
        received_at=view.received_at,
        due_at=view.due_at,
        closed_at=view.closed_at,
        told_at=view.told_at,
        overdue=view.closed_at is None and view.due_at < clock.now(),
    )


def item(one: Item, lang: str) -> SimpleNamespace:
    said = word_book(lang)["_"]
    return SimpleNamespace(
        line=one.line,
        url=one.url,
        comment=one.comment,
        state=one.state,
        problem=one.problem,
        remarks=one.remarks,
        acct=one.account.public.acct if one.account else None,
        case_url=f"/moderation/cases/{one.case_id}" if one.case_id else None,
        decided_by=one.decision.decided_by if one.decision else None,
        decision_id=one.decision.id if one.decision and one.decision.stands else None,
        answer=said(one.words, **one.params) if one.words else "",
        reason=one.reason,
        answered_at=one.answered_at,
        open=one.case_id is None,
    )


def _ours(path: str) -> str:
    return here() + path if path.startswith("/") else path
