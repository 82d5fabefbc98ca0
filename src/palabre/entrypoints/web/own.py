"""/own: the one-time link that `palabre serve` prints makes the owner's account."""

from starlette.responses import Response

from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import session
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import back, language, page
from palabre.features import accounts
from palabre.features.accounts import SignUp
from palabre.features.accounts.store import has_owner
from palabre.settings import current

routes = Routes()


class Used(Refused):
    status = 410


async def _check(request: Request, conn: Conn) -> None:
    try:
        await accounts.check_owner_link(conn, request.path["link"])
    except Refused as why:
        raise Used(why.message, code="owned" if await has_owner(conn) else why.code) from why


@routes.get("/own/{link}", scope="public")
async def welcome(request: Request) -> Response:
    """The first question of the set-up: who the owner is. A link used before says so."""
    await _check(request, request.conn)
    return await _owner(request, {})


async def _owner(request: Request, errors: Errors) -> Response:
    return await page(
        request,
        "setup/owner.html",
        status=422 if errors else 200,
        action=f"/own/{request.path['link']}",
        domain=current().name,
        values=typed(request),
        errors=errors,
    )


@routes.post("/own/{link}", scope="public", transaction="none", limit="sign_up")
async def become(request: Request) -> Response:
    """Make the owner's account and sign in; the set-up goes on."""
    link = request.path["link"]
    async with request.db.reading() as conn:
        await _check(request, conn)
    ask_again(request, _owner, default="username")
    owner = SignUp(
        username=request.text("username").strip().removeprefix("@"),
        email=request.text("email"),
        password=request.text("password"),
        locale=language(request),
        ip=request.ip,
    )
    account_id = await accounts.own(request.db, link, owner)
    async with request.db.transaction() as conn:
        token = await session.start(request, conn, account_id)
    response = back(request, "/setup/2")
    session.keep(response, token)
    return response
