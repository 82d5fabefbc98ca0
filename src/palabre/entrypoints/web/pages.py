"""What every page needs besides its own: who reads, in which language and theme, what to tell first."""

from types import SimpleNamespace
from typing import Any

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse, Response

from palabre.base import i18n
from palabre.base.db import Conn
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web import present, render
from palabre.entrypoints.web.agreeing import announced, must_agree
from palabre.entrypoints.web.kept import keep_value, kept_value
from palabre.features import accounts, instance, moderation, notifications
from palabre.names import here
from palabre.settings import current

_FLASH = "palabre_flash"
_LANG, _THEME = "palabre_lang", "palabre_theme"
_YEAR = 365 * 24 * 3600


class Undo(msgspec.Struct):
    """A form that takes back what was just done."""

    action: str
    fields: dict[str, str] = {}


class Flash(msgspec.Struct):
    """Told once, at the top of the next page. `kind`: done, note or problem."""

    kind: str
    text: str
    undo: Undo | None = None


async def page(
    request: Request, template: str, *, status: int = 200, flash: Flash | None = None, **values: Any
) -> Response:
    """A page, or a fragment, as the answer."""
    if status == 200 and not fragment_only(request) and (agreeing := await must_agree(request.conn, request)):
        return RedirectResponse(agreeing, 303)
    shown = [flash] if flash else []
    if kept := kept_value(request, _FLASH, Flash):
        shown.append(kept)
    html = render.page(template, flashes=shown, **(await frame(request.conn, request) | values))
    response = HTMLResponse(html, status)
    if kept:
        response.delete_cookie(_FLASH, path="/")
    return response


def back(request: Request, to: str, flash: Flash | None = None) -> Response:
    """Send the reader on after a form, perhaps with something to tell."""
    response = RedirectResponse(local(to), 303)
    if flash:
        keep_value(response, _FLASH, flash, 60)
    return response


def local(url: str, default: str = "/") -> str:
    """The address if it is one of ours, else the default: a form must not send people elsewhere."""
    ours = url.startswith("/") and not url.startswith("//") and url.isprintable() and "\\" not in url
    return url if ours else default


def remember(response: Response, *, lang: str | None = None, theme: str | None = None) -> None:
    """Keep language or theme in this browser."""
    for name, value in ((_LANG, lang), (_THEME, theme)):
        if value:
            response.set_cookie(
                name, value, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=current().secure
            )


def language(request: Request) -> str:
    """The reader's: as chosen in this browser, in his settings, or as his browser asks."""
    chosen = request.http.cookies.get(_LANG) or (
        request.caller.locale if request.viewer_id and request.caller else None
    )
    if chosen in i18n.available():
        return chosen
    return i18n.negotiate(request.http.headers.get("accept-language", ""))


def words(request: Request) -> Any:
    """gettext in the reader's language: `_ = words(request)`."""
    return i18n.translator(language(request)).gettext


def theme(request: Request) -> str:
    chosen = request.http.cookies.get(_THEME) or str(
        request.caller.preferences.get("theme", "") if request.caller else ""
    )
    return chosen if chosen in render.THEMES else "auto"


def fragment_only(request: Request) -> bool:
    """Whether htmx asks, for a part of the page."""
    return request.http.headers.get("hx-request") == "true"


async def frame(conn: Conn, request: Request) -> dict[str, Any]:
    """What every page is told besides its own values."""
    about = await instance.about(conn)
    me, unread, letters, open_cases = None, 0, 0, 0
    if request.viewer_id and request.caller:
        views = await accounts.look(conn, [request.viewer_id])
        me = present.account(views[request.viewer_id], role=request.caller.role)
        unread = await notifications.unread(conn, request.viewer_id)
        letters = await moderation.count_unread(conn, request.viewer_id)
        if request.caller.staff:
            open_cases = (await moderation.counts(conn, request.caller))["waiting"]
    return {
        "lang": language(request),
        "theme": theme(request),
        "path": request.http.scope["path"],
        "me": me,
        "unread": unread,
        "restricted": bool(request.caller and request.caller.standing == "suspended"),
        "letters_unread": letters,
        "terms_from": await announced(conn, request),
        "instance": SimpleNamespace(
            name=about.name,
            description=about.description,
            origin=here(),
            registrations=about.registration,
            brake=about.brake,
            rules=about.rules,
            languages=about.languages,
            contact_email=about.contact_email,
            end=about.end,
            source_url="/source.zip",
            open_cases=open_cases,
        ),
    }
