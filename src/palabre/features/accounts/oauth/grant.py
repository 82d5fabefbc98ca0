"""Applications exchange codes and their own credentials for tokens, and give tokens back."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec
from oauthlib.common import Request
from oauthlib.oauth2 import OAuth2Error

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.features.accounts import tokens
from palabre.features.accounts.oauth import scopes, store
from palabre.features.accounts.oauth.apps import app
from palabre.features.accounts.oauth.validator import Validator, code_grant, credentials_grant

_GIVEN = ("grant_type", "client_id", "client_secret", "code", "redirect_uri", "code_verifier", "scope")


class Token(msgspec.Struct, frozen=True):
    access_token: str
    scope: str
    created_at: int
    token_type: str = "Bearer"  # noqa: S105 - a kind, no secret


class Denied(msgspec.Struct, frozen=True):
    """Returned, not raised: what a code used twice undoes must be committed."""

    error: str
    error_description: str
    status: int


async def exchange(
    conn: Conn, params: Mapping[str, Any], *, ip: str | None = None, user_agent: str = ""
) -> Token | Denied:
    """POST /oauth/token: a token for an authorisation code, or for an application in its own name."""
    given = {name: str(params[name]) for name in _GIVEN if isinstance(params.get(name), (str, int))}
    if "scope" in given:
        given["scope"] = " ".join(scopes.parse(given["scope"]))
    with_code = given.get("grant_type") == "authorization_code"
    code = await _code(conn, given.get("code", "")) if with_code else None
    validator = Validator(await app(conn, given.get("client_id")), code)
    request = Request("/oauth/token", "POST", urlencode(given))
    grant = code_grant(validator) if with_code else credentials_grant(validator)
    try:
        grant.validate_token_request(request)
    except OAuth2Error as error:
        if validator.replayed and code:
            await store.revoke_by_code(conn, code["account_id"], code["code_hash"])
        return Denied(str(error.error), error.description or "", error.status_code)
    account_id = 0
    if code:
        account_id = code["account_id"]
        await store.use_code(conn, account_id, code["code_hash"])
    return await issue(
        conn,
        account_id,
        tuple(request.scopes or ()),
        given["client_id"],
        ip=ip,
        user_agent=user_agent,
        code_hash=code["code_hash"] if code else None,
    )


async def issue(conn: Conn, account_id: int, granted: tuple[str, ...], client_id: str, **session: Any) -> Token:
    """A token with what is told about it."""
    token = await tokens.grant(conn, account_id, granted, client_id=client_id, **session)
    return Token(token, " ".join(granted), int(clock.now().timestamp()))


async def give_back(conn: Conn, params: Mapping[str, Any]) -> Denied | None:
    """POST /oauth/revoke: end a token, if it is this application's; one that nobody has is fine."""
    found = await app(conn, str(params.get("client_id") or ""))
    if found is None or not found.knows(str(params.get("client_secret") or "")):
        return Denied("unauthorized_client", "You are not authorized to revoke this token", 403)
    token = str(params.get("token") or "")
    account_id = tokens.account_of(token)
    row = await store.token_of(conn, account_id, tokens.digest(token)) if account_id is not None else None
    if row and row["client_id"] != found.client_id:
        return Denied("unauthorized_client", "You are not authorized to revoke this token", 403)
    await tokens.revoke(conn, token)
    return None


async def _code(conn: Conn, code: str) -> Row | None:
    account_id = tokens.account_of(code)
    return await store.lock_code(conn, account_id, tokens.digest(code)) if account_id is not None else None
