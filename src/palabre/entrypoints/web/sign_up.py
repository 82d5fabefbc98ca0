"""/sign-up and /invite: becoming a member."""

from starlette.responses import Response

from palabre.base.errors import Forbidden, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import session
from palabre.entrypoints.web.forms import Errors, ask_again, complaint, typed
from palabre.entrypoints.web.pages import Flash, back, language, page, words
from palabre.entrypoints.web.waiting import wait
from palabre.features import accounts, instance
from palabre.features.accounts import SignUp
from palabre.settings import current

routes = Routes()


@routes.get("/sign-up", scope="public")
async def ask(request: Request) -> Response:
    """The page to join on."""
    if request.viewer_id:
        return back(request, "/")
    return await _sign_up(request, {})


@routes.get("/invite/{code}", scope="public")
async def invited(request: Request) -> Response:
    """The page to join on, with an invitation."""
    if request.viewer_id:
        return back(request, "/")
    return await _sign_up(request, {}, request.path["code"])


async def _sign_up(request: Request, errors: Errors, code: str = "") -> Response:
    values = typed(request)
    code = code or values.get("invite", "").strip()
    welcome = False
    try:
        if code:
            await accounts.check_invite(request.conn, code)
            welcome = True
    except Refused as why:
        errors = {"invite": complaint(request, why)} | errors
    about = await instance.about(request.conn)
    return await page(
        request,
        "auth/sign_up.html",
        status=422 if errors else 200,
        values=values | {"invite": code},
        invited=welcome,
        rules=about.rules,
        domain=current().name,
        errors=errors,
    )


@routes.post("/sign-up", scope="public", transaction="none", limit="sign_up")
async def join(request: Request) -> Response:
    """Make an account; it may wait for its address to be confirmed, or for a moderator."""
    ask_again(request, _sign_up, default="invite")
    wish = SignUp(
        username=request.text("username").strip().removeprefix("@"),
        email=request.text("email"),
        password=request.text("password"),
        agreement=request.flag("agreement"),
        reason=request.text("reason"),
        invite=request.text("invite").strip(),
        locale=language(request),
        ip=request.ip,
    )
    try:
        account_id = await accounts.sign_up(request.db, wish)
    except Forbidden as why:
        raise Refused(why.message, field="invite", code=why.code) from why
    async with request.db.transaction() as conn:
        member = await accounts.member(conn, account_id)
        if member.confirmed_at is None:
            return wait("sent", member.email)
        if member.approved_at is None:
            return wait("waiting", member.email)
        token = await session.start(request, conn, account_id)
    _ = words(request)
    response = back(request, "/", Flash("done", _("Welcome, @%(name)s. Take a seat.") % {"name": member.username}))
    session.keep(response, token)
    return response
