"""What the community is, what it asks and keeps; and how the reader wants pages to look."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.base import i18n
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import documents, present, render, rule_form
from palabre.entrypoints.web.pages import back, language, local, page, remember, words
from palabre.features import accounts, instance
from palabre.features.moderation import screening

routes = Routes()


@routes.get("/about", scope="public", open_to="suspended")
async def about(request: Request) -> Response:
    """What the community is about, its rules, and who looks after it."""
    about = await instance.about(request.conn)
    totals = await accounts.totals(request.conn)
    acts = rule_form.action_words(request)
    staff = await accounts.members(request.conn, roles=("owner", "moderator"))
    people = await accounts.look_in_order(request.conn, [member.account_id for member in staff])
    return await page(
        request,
        "about.html",
        rules=about.rules,
        tools=[
            SimpleNamespace(title=one.title, purpose=one.purpose, action=acts[one.action][0])
            for one in await screening.announced(request.conn)
        ],
        staff=await present.people(request.conn, people, request.viewer_id),
        contact=about.contact_email,
        languages=about.languages,
        members=totals.members,
        posts_count=totals.posts,
    )


@routes.get("/terms", scope="public", open_to="suspended")
async def terms(request: Request) -> Response:
    """The terms in force; those built in, where the owner wrote none."""
    _, found = words(request), await instance.terms(request.conn)
    text = found.text if found and found.text.strip() else documents.terms(_)
    return await page(
        request,
        "document.html",
        heading=_("Terms of use"),
        updated_at=found.since if found else None,
        history="/terms/history" if found else None,
        body_html=documents.html(text),
    )


@routes.get("/privacy", scope="public", open_to="suspended")
async def privacy(request: Request) -> Response:
    """What is kept of whom and for how long."""
    _, about = words(request), await instance.about(request.conn)
    return await page(
        request,
        "document.html",
        heading=_("Privacy"),
        updated_at=None,
        history=None,
        body_html=documents.html(about.privacy or documents.privacy(_, about.contact_email)),
    )


@routes.post("/preferences", scope="public", open_to="suspended")
async def preferences(request: Request) -> Response:
    """Language and theme: in this browser, and for a member wherever he signs in."""
    lang, theme = request.text("lang"), request.text("theme")
    lang = lang if lang in i18n.available() else language(request)
    theme = theme if theme in render.THEMES else "auto"
    if request.viewer_id:
        await accounts.set_preferences(request.conn, request.viewer_id, locale=lang, theme=theme)
    response = back(request, local(request.text("back")))
    remember(response, lang=lang, theme=theme)
    return response


@routes.get("/offline", scope="public", open_to="suspended")
async def offline(request: Request) -> Response:
    """Shown when there is no network."""
    return await page(request, "offline.html")
