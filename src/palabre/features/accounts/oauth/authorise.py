"""A member allows an application to act for him: what it asks is described, then approved or denied."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

import msgspec
from oauthlib.common import Request, add_params_to_uri
from oauthlib.oauth2 import FatalClientError, OAuth2Error

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.accounts import tokens
from palabre.features.accounts.oauth import store
from palabre.features.accounts.oauth.apps import OUT_OF_BAND, App, app
from palabre.features.accounts.oauth.validator import Validator, code_grant

LIFETIME = timedelta(minutes=10)
_ASKED = ("client_id", "response_type", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")


class Asked(msgspec.Struct, frozen=True):
    """What an application asks to be allowed. `params` go back in the form that approves it."""

    app: App
    scopes: tuple[str, ...]
    redirect_uri: str
    state: str
    challenge: str | None
    challenge_method: str | None
    params: dict[str, str]

    @property
    def out_of_band(self) -> bool:
        """The code is shown to the member, who copies it."""
        return self.redirect_uri == OUT_OF_BAND


class AskedWrongly(Refused):
    """`redirect`: where to send the browser, for the application to hear of it; None: tell the member."""

    status = 400

    def __init__(self, message: str, redirect: str | None = None) -> None:
        super().__init__(message, code="oauth")
        self.redirect = redirect


class Answer(msgspec.Struct, frozen=True):
    """`redirect`: where the browser goes with the answer; None: show the code to the member."""

    code: str
    redirect: str | None


async def describe_request(conn: Conn, params: Mapping[str, object]) -> Asked:
    """What the parameters of /oauth/authorize ask for. Raises AskedWrongly."""
    given = {name: str(params[name]) for name in _ASKED if isinstance(params.get(name), str) and params[name] != ""}
    found = await app(conn, given.get("client_id"))
    request = Request("/oauth/authorize?" + urlencode(given))
    try:
        scopes, _ = code_grant(Validator(found)).validate_authorization_request(request)
    except FatalClientError as error:
        raise AskedWrongly(
            _WORDS.get(error.error or "", error.description or "This request cannot be understood.")
        ) from error
    except OAuth2Error as error:
        out_of_band = request.redirect_uri == OUT_OF_BAND
        where = None if out_of_band else error.in_uri(str(request.redirect_uri))
        raise AskedWrongly(error.description or str(error.error), where) from error
    assert found is not None
    return Asked(
        found,
        tuple(scopes),
        str(request.redirect_uri),
        given.get("state", ""),
        request.code_challenge,
        request.code_challenge_method if request.code_challenge else None,
        given,
    )


async def approve(conn: Conn, account_id: int, params: Mapping[str, object]) -> Answer:
    """Give the application its code. Raises AskedWrongly, as `describe_request` does."""
    asked = await describe_request(conn, params)
    code = tokens.make(account_id)
    await store.add_code(
        conn,
        account_id,
        tokens.digest(code),
        asked.app.client_id,
        asked.redirect_uri,
        list(asked.scopes),
        asked.challenge,
        asked.challenge_method,
        clock.now() + LIFETIME,
    )
    return Answer(code, None if asked.out_of_band else _back(asked, ("code", code)))


async def deny(conn: Conn, params: Mapping[str, object]) -> str | None:
    """Where to send the browser; None: nowhere, the application waits for a code that won't come."""
    asked = await describe_request(conn, params)
    return None if asked.out_of_band else _back(asked, ("error", "access_denied"))


def _back(asked: Asked, *answer: tuple[str, str]) -> str:
    state = [("state", asked.state)] if asked.state else []
    return str(add_params_to_uri(asked.redirect_uri, [*answer, *state]))


_WORDS = {
    "invalid_client_id": "This application is not known here. Please start again from the application.",
    "mismatching_redirect_uri": "The application wants to be answered at an address that it has not registered.",
}
