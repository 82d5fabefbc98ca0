"""/settings/two-factor: signing in in two steps; /sign-in/code: the second of them."""

import segno
from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes, throttle
from palabre.entrypoints.web import session
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, local, page, words
from palabre.features import accounts
from palabre.features.accounts import letters, links, two_factor

routes = Routes()
_PAGE = "/settings/two-factor"


@routes.get("/settings/two-factor", scope="session")
async def show(request: Request) -> Response:
    """Whether signing in takes two steps, and how many recovery codes are left."""
    return await _settings(request, {})


async def _settings(request: Request, errors: Errors, codes: list[str] | None = None) -> Response:
    on = await two_factor.is_on(request.conn, request.me.id)
    response = await page(
        request,
        "settings/two_factor.html",
        status=422 if errors else 200,
        on=on,
        left=await two_factor.left(request.conn, request.me.id),
        codes=codes,
        errors=errors,
    )
    response.headers["cache-control"] = "no-store"
    return response


@routes.post("/settings/two-factor/begin", scope="session", transaction="none", limit="sign_in", open_to="frozen")
async def begin(request: Request) -> Response:
    """Show the secret to scan, once the password is given."""
    ask_again(request, _settings, current_password="password")  # noqa: S106 - a field's name
    await accounts.check_password(request.db, request.me.id, request.text("password"))
    async with request.db.transaction() as request._conn:
        return await _scan(request, {})


async def _scan(request: Request, errors: Errors) -> Response:
    member = await accounts.member(request.conn, request.me.id)
    secret = await two_factor.prepare(request.conn, request.me.id, member.username)
    response = await page(
        request,
        "settings/two_factor_scan.html",
        status=422 if errors else 200,
        secret=secret.key,
        key=" ".join(secret.key[at : at + 4] for at in range(0, len(secret.key), 4)),
        uri=secret.uri,
        picture=segno.make(secret.uri, error="m").svg_data_uri(scale=5, border=4, light="white"),
        errors=errors,
    )
    response.headers["cache-control"] = "no-store"
    return response


async def _scan_again(request: Request, errors: Errors) -> Response:
    """The secret is shown to nobody who did not see it before: that took the password."""
    if await two_factor.is_prepared(request.conn, request.me.id, request.text("key")):
        return await _scan(request, errors)
    return await _settings(request, {"password": next(iter(errors.values()))})


@routes.post("/settings/two-factor/confirm", scope="session", limit="sign_in", open_to="frozen")
async def confirm(request: Request) -> Response:
    """Turn it on with a first code; the recovery codes are shown this once."""
    ask_again(request, _scan_again, default="code")
    codes = await two_factor.confirm(request.conn, request.me.id, request.text("key"), request.text("code"))
    await _tell(request, on=True)
    return await _settings(request, {}, codes)


@routes.post("/settings/two-factor/codes", scope="session", transaction="none", limit="sign_in", open_to="frozen")
async def renew(request: Request) -> Response:
    """Ten new recovery codes in place of those there are."""
    ask_again(request, _settings, current_password="codes_password")  # noqa: S106 - a field's name
    await accounts.check_password(request.db, request.me.id, request.text("codes_password"))
    async with request.db.transaction() as request._conn:
        if not await two_factor.is_on(request.conn, request.me.id):
            raise Refused("Please begin again.", field="codes_password", code="two_factor_begin")
        return await _settings(request, {}, await two_factor.renew(request.conn, request.me.id))


@routes.post("/settings/two-factor/off", scope="session", transaction="none", limit="sign_in", open_to="frozen")
async def turn_off(request: Request) -> Response:
    """One step again, once the password is given."""
    ask_again(request, _settings, current_password="off_password")  # noqa: S106 - a field's name
    await accounts.check_password(request.db, request.me.id, request.text("off_password"))
    async with request.db.transaction() as request._conn:
        if await two_factor.turn_off(request.conn, request.me.id):
            await _tell(request, on=False)
    _ = words(request)
    return back(request, _PAGE, Flash("done", _("Signing in takes one step again.")))


async def _tell(request: Request, *, on: bool) -> None:
    member = await accounts.member(request.conn, request.me.id)
    await letters.two_steps(request.conn, member.email, member.locale, member.username, on)


async def ask_code(request: Request, secret: str) -> Response:
    """The page for the second step. `secret` stands for the first, for ten minutes."""
    request.params = {"token": secret, "next": request.text("next", "/")}
    async with request.db.reading() as request._conn:
        return await _code(request, {})


async def _code(request: Request, errors: Errors) -> Response:
    values = typed(request)
    values["next"] = local(values.get("next", "/"))
    response = await page(request, "auth/second_step.html", status=422 if errors else 200, values=values, errors=errors)
    response.headers["cache-control"] = "no-store"
    return response


@routes.get("/sign-in/code", scope="public", open_to="suspended")
async def code_without_password(request: Request) -> Response:
    """The password comes first."""
    return back(request, "/sign-in")


@routes.post("/sign-in/code", scope="public", transaction="none", limit="sign_in", open_to="suspended")
async def enter_code(request: Request) -> Response:
    """The second step: a code from the app, or a recovery code."""
    ask_again(request, _code, default="code")
    secret = request.text("token")
    async with request.db.reading() as conn:
        account_id, _email = await links.check(conn, secret, "second")
    await throttle.named(request.db, "second_step", str(account_id))
    async with request.db.transaction() as conn:
        token = await accounts.sign_in_second(
            conn, secret, request.text("code"), ip=request.ip, user_agent=request.user_agent
        )
        await session.end(request, conn)
    return await session.entered(request, token)
