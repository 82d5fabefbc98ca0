"""/settings/sessions: where a member is signed in, and the applications that act for him."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts

routes = Routes()
_PAGE = "/settings/sessions"
#: What to look for in a User-Agent, the more telling first: Edge and Opera say that they are Chrome too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@routes.get("/settings/sessions", scope="session")
async def show(request: Request) -> Response:
    """Browsers signed in, and applications let in."""
    found = await accounts.sessions(request.conn, request.me.id)
    return await page(
        request,
        "settings/sessions.html",
        sessions=[
            SimpleNamespace(
                id=one.id,
                device=_device(request, one.user_agent),
                last_used_at=one.last_used_at,
                current=one.id == request.me.token_id,
            )
            for one in found
            if one.app is None
        ],
        apps=[
            SimpleNamespace(id=one.id, name=one.app, scopes=one.scopes, last_used_at=one.last_used_at)
            for one in found
            if one.app is not None
        ],
    )


@routes.post("/settings/sessions/{id}/end", scope="session", open_to="frozen")
async def end(request: Request) -> Response:
    """Sign another browser out."""
    await accounts.end_session(request.conn, request.me.id, request.id())
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Signed out there.")))


@routes.post("/settings/sessions/end-others", scope="session", open_to="frozen")
async def end_others(request: Request) -> Response:
    """Sign every other browser out."""
    await accounts.end_other_sessions(request.conn, request.me.id, request.me.token_id)
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Signed out everywhere else.")))


@routes.post("/settings/apps/{id}/revoke", scope="session", open_to="frozen")
async def revoke(request: Request) -> Response:
    """End an application's access."""
    await accounts.end_session(request.conn, request.me.id, request.id())
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("The app can no longer act for you.")))


def _device(request: Request, agent: str) -> str:
    """Firefox on Linux, as far as the browser says."""
    _ = words(request)
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return str(_("%(browser)s on %(system)s") % {"browser": browser, "system": system})
    return browser or system or str(_("Unknown browser"))
