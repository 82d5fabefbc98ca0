"""Applications: registered by anybody, known by an id and a secret, of which only a hash is kept."""

import hmac
import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

import msgspec

from palabre.base import ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.accounts import tokens
from palabre.features.accounts.oauth import scopes as known_scopes
from palabre.features.accounts.oauth import store

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.IGNORECASE)
_FORBIDDEN_SCHEMES = ("javascript", "data", "vbscript", "file", "blob", "about")


class App(msgspec.Struct, frozen=True):
    client_id: str
    id: int
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...]
    secret_hash: bytes = b""

    def knows(self, secret: str) -> bool:
        return hmac.compare_digest(tokens.digest(secret), self.secret_hash)


async def register(
    conn: Conn, name: str, redirect_uris: Sequence[str], scopes: Sequence[str] = (), website: str = ""
) -> tuple[App, str]:
    """The application and its secret, which is told this once. Raises Refused."""
    name = clean(name)
    if not name:
        raise Refused("can't be blank", field="name", code="blank")
    if len(name) > 200:
        raise Refused("is too long (maximum is 200 characters)", field="name", code="too_long")
    uris = tuple(dict.fromkeys(uri.strip() for uri in redirect_uris if uri.strip()))
    if not uris or len(uris) > 20:
        raise Refused("can't be blank" if not uris else "are too many", field="redirect_uri", code="blank")
    for uri in uris:
        _check_redirect(uri)
    wanted = known_scopes.parse(scopes)
    if not known_scopes.known(wanted):
        raise Refused("doesn't match configured on the server.", field="scopes", code="inclusion")
    if website and (urlsplit(website).scheme not in ("http", "https") or len(website) > 2_000):
        raise Refused("must be a web address", field="website", code="invalid")
    secret = secrets.token_urlsafe(32)
    app = App(secrets.token_urlsafe(32), ids.new(), name, website, uris, wanted, tokens.digest(secret))
    await store.add_app(
        conn, app.client_id, app.id, app.secret_hash, app.name, app.website, list(uris), list(app.scopes)
    )
    return app, secret


async def app(conn: Conn, client_id: str | None) -> App | None:
    row = await store.app(conn, client_id) if client_id else None
    return msgspec.convert(dict(row), App, strict=False) if row else None


def _check_redirect(uri: str) -> None:
    if uri == OUT_OF_BAND:
        return
    scheme, colon, rest = uri.partition(":")
    if not (colon and rest and _SCHEME.fullmatch(scheme)) or len(uri) > 2_000 or any(c.isspace() for c in uri):
        raise Refused("must be an absolute URI.", field="redirect_uri", code="invalid")
    if scheme.lower() in _FORBIDDEN_SCHEMES:
        raise Refused("is forbidden by the server.", field="redirect_uri", code="invalid")
    if "#" in uri:
        raise Refused("cannot contain a fragment.", field="redirect_uri", code="invalid")
    if scheme.lower() in ("http", "https") and not urlsplit(uri).hostname:
        raise Refused("must be an absolute URI.", field="redirect_uri", code="invalid")
