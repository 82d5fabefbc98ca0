"""The cookie by which a browser stays signed in."""

from starlette.responses import Response

from palabre.base.db import Conn
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web.pages import back
from palabre.features import accounts
from palabre.settings import current

COOKIE = "palabre_session"
_YEAR = 365 * 24 * 3600


def keep(response: Response, token: str) -> None:
    """Signed in from here on, for a year."""
    response.set_cookie(COOKIE, token, max_age=_YEAR, path="/", httponly=True, samesite="lax", secure=current().secure)


def drop(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=current().secure)


async def entered(request: Request, token: str) -> Response:
    """Signed in: on to where the visitor wanted to go; suspended members to their letters."""
    async with request.db.reading() as conn:
        caller = await accounts.recognise(conn, token, suspended=True)
    suspended = caller is not None and caller.standing == "suspended"
    response = back(request, "/letters" if suspended else request.text("next", "/"))
    keep(response, token)
    return response


async def start(request: Request, conn: Conn, account_id: int) -> str:
    """A new session for somebody known by a link or a fresh sign-up; the browser's earlier one ends."""
    await end(request, conn)
    return await accounts.start_session(conn, account_id, ip=request.ip, user_agent=request.user_agent)


async def end(request: Request, conn: Conn) -> None:
    if request.token:
        await accounts.revoke(conn, request.token)
