"""/api/v1/accounts: people as others see them; signing up by an application."""

import msgspec
from starlette.responses import Response

from palabre.base.errors import Forbidden, Unauthorized
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.timelines import answer
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, timelines
from palabre.features.accounts import SignUp, oauth
from palabre.features.accounts.tokens import Caller

routes = Routes()
_MOST = 40


class NewMember(msgspec.Struct):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str | None = None
    invite_code: str | None = None


@routes.post("/api/v1/accounts", scope="app", transaction="none", limit="sign_up")
async def sign_up(request: Request) -> Response:
    """Make a member; the application gets a token, which works once the member is confirmed and approved."""
    app = _asking(request)
    if not app.client_id or not app.may("write:accounts"):
        raise Forbidden("This action is outside the authorized scopes", code="scope")
    new = request.input(NewMember)
    form = SignUp(
        new.username,
        new.email,
        new.password,
        new.agreement,
        reason=new.reason or "",
        invite=new.invite_code or "",
        locale=new.locale,
        ip=request.ip,
        client_id=app.client_id,
    )
    account_id = await accounts.sign_up(request.db, form)
    async with request.db.transaction() as conn:
        session = {"ip": request.ip, "user_agent": request.user_agent}
        return json(await oauth.issue(conn, account_id, app.scopes, app.client_id, **session))


@routes.post("/api/v1/emails/confirmations", scope="public", limit="mail")
async def confirm_again(request: Request) -> Response:
    """Send the link to confirm one's address once more."""
    member = await accounts.member(request.conn, _asking(request).id)
    if member.confirmed_at:
        raise Forbidden("This method is only available while the e-mail is awaiting confirmation")
    await accounts.confirm_again(request.conn, member.email)
    return json({})


@routes.get("/api/v1/accounts", scope="public", reads="read:accounts")
async def several(request: Request) -> Response:
    """Several accounts at once; those that aren't there are left out."""
    wanted = request.ids("id")[:_MOST]
    return raw(entities.accounts(await accounts.look_in_order(request.conn, wanted)))


@routes.get("/api/v1/accounts/lookup", scope="public", reads="read:accounts")
async def lookup(request: Request) -> Response:
    """One account by its handle."""
    found = await accounts.by_handle(request.conn, request.text("acct"))
    return raw(entities.account(await accounts.look_at(request.conn, found)))


@routes.get("/api/v1/accounts/{id}", scope="public", reads="read:accounts")
async def account(request: Request) -> Response:
    """One account."""
    return raw(entities.account(await accounts.look_at(request.conn, request.id())))


@routes.get("/api/v1/accounts/{id}/statuses", scope="public", reads="read:statuses")
async def statuses(request: Request) -> Response:
    """What somebody wrote and boosted, as far as it is for this viewer."""
    author = await accounts.look_at(request.conn, request.id())
    if request.flag("pinned"):
        return answer(request, await timelines.pinned(request.conn, author.id, request.viewer_id))
    found = await timelines.profile(
        request.conn,
        author.id,
        request.viewer_id,
        request.page(),
        replies=not request.flag("exclude_replies"),
        reblogs=not request.flag("exclude_reblogs"),
        only_media=request.flag("only_media"),
        tag=request.text("tagged") or None,
    )
    return answer(request, found)


def _asking(request: Request) -> Caller:
    if request.caller is None:
        raise Unauthorized("This method requires an authenticated user")
    return request.caller
