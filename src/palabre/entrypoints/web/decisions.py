"""Deciding a case in two steps: the form, what everybody concerned will read, and then the decision."""

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import cases
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import ask_again
from palabre.entrypoints.web.moderation import back_to_case, show_case
from palabre.entrypoints.web.pages import language, page, words
from palabre.entrypoints.web.ruling_form import FIELDS, LISTS, locale_of, ruling, with_answer
from palabre.features import instance, moderation

routes = Routes()
_WHERE = {"rule_ids": "ground", "post_ids": "action", "law": "ground"}


@routes.post("/moderation/cases/{id}/decide", scope="session")
async def decide(request: Request) -> Response:
    """Decide the case, with a reason; everybody concerned is told."""
    check_staff(request)
    ask_again(request, show_case, default="action", **_WHERE)
    await moderation.decide(request.conn, request.id(), request.me, ruling(request))
    await moderation.notices.senders.mark_unfounded(request.conn, request.me, request.id(), request.ids("unfounded"))
    _ = words(request)
    return back_to_case(request, _("Decided. Everybody concerned is told."))


@routes.post("/moderation/cases/{id}/preview", scope="session")
async def preview(request: Request) -> Response:
    """What everybody concerned would read, word for word; nothing is decided yet."""
    check_staff(request)
    ask_again(request, show_case, default="action", **_WHERE)
    decision = await moderation.draw_up(request.conn, request.id(), request.me, ruling(request))
    to_author, to_reporters = await moderation.preview(request.conn, decision)
    view = await moderation.case(request.conn, request.me, request.id())
    contact = (await instance.about(request.conn)).contact_email
    lang = await locale_of(request, decision.account_id)
    told = any(report.reporter_id for report in view.reports)
    return await page(
        request,
        "moderation/preview.html",
        case=cases.summary(view.summary),
        to_author=moderation.sections(to_author, lang, contact) if to_author else None,
        their_lang=lang,
        to_reporters=moderation.sections(to_reporters, language(request), contact) if told else None,
        fields=_sent(request),
    )


@routes.post("/moderation/cases/{id}/draft", scope="session")
async def draft(request: Request) -> Response:
    """The form again, as it was filled in; with the saved answer that was chosen, if one was."""
    check_staff(request)
    view = await moderation.case(request.conn, request.me, request.id())
    request.params["reason"] = await with_answer(request, view)
    return await show_case(request, {})


def _sent(request: Request) -> list[tuple[str, str]]:
    single = [(name, request.text(name)) for name in FIELDS if request.text(name)]
    return single + [(f"{name}[]", value) for name in LISTS for value in request.listed(name)]
