"""/oauth/authorize: a member lets an application in, or doesn't."""

from starlette.responses import RedirectResponse, Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features.accounts import oauth
from palabre.features.accounts.oauth import Answer, Asked, AskedWrongly

routes = Routes()

#: As everywhere, but for form-action: browsers apply it to redirects too, and the answer redirects to the application,
#: which may redirect further. Nothing on this page was written by strangers except names, shown as text.
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


@routes.get("/oauth/authorize", scope="session")
async def ask(request: Request) -> Response:
    """What the application asks for, to be allowed or denied."""
    try:
        asked = await oauth.describe_request(request.conn, request.params)
    except AskedWrongly as why:
        return _told(why)
    return await _page(request, asked)


@routes.post("/oauth/authorize", scope="session", open_to="frozen")
async def answer(request: Request) -> Response:
    """Give the application its code, or say no; without an address to return to, the code is shown."""
    _ = words(request)
    try:
        if request.text("answer") != "allow":
            denied = await oauth.deny(request.conn, request.params)
            return _go(denied) if denied else back(request, "/", Flash("note", _("The app was not let in.")))
        asked = await oauth.describe_request(request.conn, request.params)
        allowed = await oauth.approve(request.conn, request.me.id, request.params)
    except AskedWrongly as why:
        return _told(why)
    return _go(allowed.redirect) if allowed.redirect else await _page(request, asked, allowed)


async def _page(request: Request, asked: Asked, answer: Answer | None = None) -> Response:
    response = await page(
        request,
        "auth/authorize.html",
        app=asked.app,
        scopes=_grants(request, asked.scopes),
        fields=asked.params,
        code=answer.code if answer else None,
    )
    response.headers["content-security-policy"] = _CSP
    response.headers["cache-control"] = "no-store"
    return response


def _told(why: AskedWrongly) -> Response:
    """The application hears of what is wrong where its address is known; else the member does."""
    if why.redirect is None:
        raise why
    return _go(why.redirect)


def _go(url: str) -> Response:
    response = RedirectResponse(url, 303)
    response.headers["cache-control"] = "no-store"
    return response


def _grants(request: Request, scopes: tuple[str, ...]) -> list[tuple[str, str]]:
    """(icon, words) of what the scopes allow, each said once."""
    _ = words(request)
    said = {
        "read": ("eye", _("Read your timelines, posts and notifications")),
        "write": ("square-pen", _("Write and delete posts, and change your profile")),
        "follow": ("users", _("Follow, block and mute for you")),
        "push": ("bell", _("Send you notifications")),
        "profile": ("user", _("See who you are")),
        "admin:read": ("shield", _("See what moderators see")),
        "admin:write": ("gavel", _("Moderate for you")),
    }
    parts = {
        "read:accounts": ("user", _("See your account and those of others")),
        "read:statuses": ("eye", _("Read posts you can see")),
        "read:notifications": ("bell", _("Read your notifications")),
        "write:statuses": ("square-pen", _("Write and delete posts")),
        "write:media": ("image", _("Upload pictures")),
        "write:follows": ("user-plus", _("Follow for you")),
        "write:accounts": ("user", _("Change your profile")),
    }
    found = [parts.get(scope) or said[_family(scope)] for scope in scopes]
    return list(dict.fromkeys(found))


def _family(scope: str) -> str:
    """`read:statuses` belongs to `read`, `admin:read:reports` to `admin:read`."""
    steps = scope.split(":")
    return ":".join(steps[:2]) if steps[0] == "admin" else steps[0]
