"""/sign-in, /sign-out, and a new password for who forgot the old one."""

from starlette.responses import Response

from palabre.base.errors import Forbidden, Refused
from palabre.entrypoints.edge import Request, Routes, throttle
from palabre.entrypoints.web import session
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, local, page, words
from palabre.entrypoints.web.two_factor import ask_code
from palabre.entrypoints.web.waiting import wait
from palabre.features import accounts
from palabre.features.accounts import links
from palabre.settings import current

routes = Routes()


@routes.get("/sign-in", scope="public", open_to="suspended")
async def ask(request: Request) -> Response:
    """The page to sign in on; `next` is where to go then."""
    if request.viewer_id:
        return back(request, request.text("next", "/"))
    return await _sign_in(request, {})


async def _sign_in(request: Request, errors: Errors) -> Response:
    values = typed(request)
    values["next"] = local(values.get("next", "/"))
    return await page(request, "auth/sign_in.html", status=422 if errors else 200, values=values, errors=errors)


@routes.post("/sign-in", scope="public", transaction="none", limit="sign_in", open_to="suspended")
async def enter(request: Request) -> Response:
    """Sign in with e-mail address or user name and password."""
    ask_again(request, _sign_in, default="password")
    name = request.text("name")
    await throttle.named(request.db, "sign_in_as", name.strip().lower()[:200])
    try:
        token = await accounts.sign_in(
            request.db, name, request.text("password"), ip=request.ip, user_agent=request.user_agent
        )
    except accounts.SecondStep as step:
        return await ask_code(request, step.secret)
    except Forbidden as why:
        if why.code in ("unconfirmed", "pending"):
            return wait("sent" if why.code == "unconfirmed" else "waiting", name if "@" in name else "")
        raise Refused(why.message, field="password", code=why.code) from why
    async with request.db.transaction() as conn:
        await session.end(request, conn)
    return await session.entered(request, token)


@routes.post("/sign-out", scope="public", open_to="suspended")
async def leave(request: Request) -> Response:
    """End this browser's session."""
    await session.end(request, request.conn)
    _ = words(request)
    response = back(request, "/", Flash("done", _("You are signed out. Come back soon.")))
    session.drop(response)
    return response


@routes.get("/forgot", scope="public", open_to="suspended")
async def forgot(request: Request) -> Response:
    """The page on which to ask for a new password."""
    return await _forgot(request, {})


async def _forgot(request: Request, errors: Errors, sent: bool = False) -> Response:
    return await page(
        request, "auth/forgot.html", sent=sent, mail=current().sends_mail, values=typed(request), errors=errors
    )


@routes.post("/forgot", scope="public", limit="mail", open_to="suspended")
async def send_reset(request: Request) -> Response:
    """Send a link to choose a new password; the answer is the same whether or not the address is known."""
    await accounts.ask_reset(request.conn, request.text("email"))
    return await _forgot(request, {}, sent=current().sends_mail)


@routes.get("/reset", scope="public", open_to="suspended")
async def reset_without_link(request: Request) -> Response:
    """Asking for the link comes first."""
    return back(request, "/forgot")


@routes.get("/reset/{token}", scope="public", open_to="suspended")
async def reset(request: Request) -> Response:
    """The page to choose a new password on, by the link that was sent."""
    return await _reset(request, {})


async def _reset(request: Request, errors: Errors) -> Response:
    token = request.path.get("token") or request.text("token")
    try:
        await links.check(request.conn, token, "reset")
        valid = True
    except Refused:
        valid = False
    status = 404 if not valid else 422 if errors else 200
    return await page(request, "auth/reset.html", status=status, valid=valid, token=token, errors=errors)


@routes.post("/reset", scope="public", transaction="none", limit="sign_in", open_to="suspended")
async def choose(request: Request) -> Response:
    """Choose a new password; every browser and application is signed out."""
    ask_again(request, _reset, default="password")
    await accounts.reset_password(request.db, request.text("token"), request.text("password"))
    _ = words(request)
    return back(request, "/sign-in", Flash("done", _("Your password is changed. Sign in with the new one.")))
