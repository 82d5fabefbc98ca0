"""/settings/account: how pages look, what posts begin with, address and password."""

from starlette.responses import Response

from palabre.base import i18n
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.choices import languages, site_languages
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, remember, theme, words
from palabre.features import accounts

routes = Routes()
_PAGE = "/settings/account"


@routes.get("/settings/account", scope="session")
async def show(request: Request) -> Response:
    """Language, theme, defaults of new posts, e-mail address and password."""
    return await _page(request, {})


async def _page(request: Request, errors: Errors) -> Response:
    member = await accounts.member(request.conn, request.me.id)
    likes = accounts.preferences_of(member.preferences)
    values = {
        "email": member.email,
        "lang": language(request),
        "theme": theme(request),
        "language": likes.language or "",
        "visibility": likes.visibility,
    }
    _ = words(request)
    written = [("", _("As recognised from each post")), *languages(language(request))]
    return await page(
        request,
        "settings/account.html",
        status=422 if errors else 200,
        values=values | typed(request),
        languages={"site": site_languages(), "posts": written},
        errors=errors,
    )


@routes.post("/settings/account/reading", scope="session", open_to="frozen")
async def set_reading(request: Request) -> Response:
    """Keep language, theme and what new posts begin with."""
    ask_again(request, _page, locale="lang")
    lang, looks = request.text("lang"), request.text("theme")
    await accounts.set_preferences(
        request.conn,
        request.me.id,
        locale=lang,
        theme=looks,
        language=request.text("language"),
        visibility=request.text("visibility"),
    )
    _ = i18n.translator(lang).gettext
    response = back(request, _PAGE, Flash("done", _("Saved.")))
    remember(response, lang=lang, theme=looks)
    return response


@routes.post("/settings/account/email", scope="session", transaction="none", limit="mail", open_to="frozen")
async def set_email(request: Request) -> Response:
    """Use another address, once it is confirmed."""
    ask_again(request, _page, default="email", current_password="email_password")  # noqa: S106 - a field's name
    email = request.text("email")
    changed = await accounts.change_email(request.db, request.me.id, request.text("email_password"), email)
    _ = words(request)
    if changed:
        return back(request, _PAGE, Flash("done", _("Your address is changed.")))
    sent = _("We sent a message to %(address)s. The change takes effect once you follow the link in it.")
    return back(request, _PAGE, Flash("note", sent % {"address": email.strip()}))


@routes.post("/settings/account/password", scope="session", transaction="none", limit="sign_in", open_to="frozen")
async def set_password(request: Request) -> Response:
    """Choose another password; other browsers are signed out."""
    ask_again(request, _page, password="new_password", current_password="password")  # noqa: S106 - fields' names
    await accounts.change_password(
        request.db,
        request.me.id,
        request.text("password"),
        request.text("new_password"),
        keep=request.me.token_id,
    )
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Your password is changed. Other browsers are signed out.")))
