"""/confirm: what somebody who has just signed up waits for. This browser alone remembers his address."""

from typing import Literal

import msgspec
from starlette.responses import RedirectResponse, Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.kept import keep_value, kept_value
from palabre.entrypoints.web.pages import page
from palabre.features import accounts
from palabre.settings import current

routes = Routes()
_COOKIE = "palabre_waiting"
_DAY = 24 * 3600


class Waiting(msgspec.Struct):
    """`state`: a letter is to be answered, or a moderator to be waited for."""

    state: Literal["sent", "waiting"]
    email: str = ""


def wait(state: Literal["sent", "waiting"], email: str) -> Response:
    """Send the browser to where it says what comes next."""
    response = RedirectResponse("/confirm", 303)
    keep_value(response, _COOKIE, Waiting(state, email), _DAY)
    return response


@routes.get("/confirm", scope="public")
async def waiting(request: Request) -> Response:
    """What comes next after signing up: a letter to answer, or a moderator who reads the request."""
    kept = kept_value(request, _COOKIE, Waiting) or Waiting("sent")
    return await _show(request, kept.state, kept.email)


@routes.add("GET", "/confirm/{token}", scope="public", transaction="writing")
async def confirm(request: Request) -> Response:
    """Confirm an address by the link that was sent to it."""
    try:
        async with request.conn.savepoint():
            account_id = await accounts.confirm(request.conn, request.path["token"])
            member = await accounts.member(request.conn, account_id)
    except Refused:
        return await _show(request, "expired", "", status=404)
    return await _show(request, "confirmed" if member.approved_at else "waiting", member.email)


@routes.post("/confirm/again", scope="public", limit="mail")
async def again(request: Request) -> Response:
    """Send the link once more; the answer is the same whether or not anybody waits for it."""
    email = request.text("email")[:320]
    await accounts.confirm_again(request.conn, email)
    return wait("sent", email)


async def _show(request: Request, state: str, email: str, status: int = 200) -> Response:
    return await page(request, "auth/confirm.html", status=status, state=state, email=email, mail=current().sends_mail)
