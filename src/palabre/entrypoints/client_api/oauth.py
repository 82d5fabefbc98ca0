"""/oauth: tokens for applications. The page on which a member allows one is the web's."""

import base64
import binascii
from urllib.parse import unquote

from starlette.responses import Response

from palabre.base.errors import Forbidden
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts
from palabre.features.accounts import oauth
from palabre.features.accounts.oauth import Denied
from palabre.names import here
from palabre.settings import current

routes = Routes()


@routes.post("/oauth/token", scope="public")
async def token(request: Request) -> Response:
    """Exchange an authorisation code, or the application's own credentials, for a token."""
    params = _with_basic(request)
    answer = await oauth.exchange(request.conn, params, ip=request.ip, user_agent=request.user_agent)
    return _denied(answer) if isinstance(answer, Denied) else json(answer)


@routes.post("/oauth/revoke", scope="public")
async def revoke(request: Request) -> Response:
    """Give a token back."""
    denied = await oauth.give_back(request.conn, _with_basic(request))
    return _denied(denied) if denied else json({})


@routes.get("/oauth/userinfo", scope="member")
async def userinfo(request: Request) -> Response:
    """Who the member is, in the words of OpenID Connect."""
    if not (request.me.may("profile") or request.me.may("read:accounts")):
        raise Forbidden("This action is outside the authorized scopes", code="scope")
    view = await accounts.look_at(request.conn, request.me.id)
    public = view.public
    return json(
        {
            "iss": here() + "/",
            "sub": f"{current().origin}/users/{public.username}",
            "name": public.display_name or public.username,
            "preferred_username": public.username,
            "profile": entities.reveal_text(public.url),
            "picture": entities.reveal_text(public.avatar),
        }
    )


def _denied(why: Denied) -> Response:
    response = json({"error": why.error, "error_description": why.error_description}, why.status)
    response.headers["cache-control"] = "no-store"
    return response


def _with_basic(request: Request) -> dict[str, object]:
    """The parameters, with the application's credentials from an Authorization header if it sent them there."""
    kind, _, encoded = request.http.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return request.params
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return request.params
    credentials = {"client_id": unquote(client_id), "client_secret": unquote(secret)}
    return {**request.params, **{name: value.replace("\x00", "") for name, value in credentials.items()}}
