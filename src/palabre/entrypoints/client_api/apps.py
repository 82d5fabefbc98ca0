"""/api/v1/apps: applications introduce themselves."""

from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base.errors import Unauthorized
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features.accounts import oauth
from palabre.features.accounts.oauth import App

routes = Routes()


class NewApp(msgspec.Struct):
    client_name: str = ""
    redirect_uris: str | list[str] = ""
    scopes: str | list[str] = ""
    website: str | None = None


@routes.post("/api/v1/apps", scope="public", limit="app")
async def create_app(request: Request) -> Response:
    """Register an application; its secret is told this once."""
    new = request.input(NewApp)
    uris = new.redirect_uris.split() if isinstance(new.redirect_uris, str) else new.redirect_uris
    scopes = new.scopes if isinstance(new.scopes, list) else [new.scopes]
    app, secret = await oauth.register(request.conn, new.client_name, uris, scopes, new.website or "")
    own = {"client_id": app.client_id, "client_secret": secret, "client_secret_expires_at": 0}
    return json({**_application(app), **own})


@routes.get("/api/v1/apps/verify_credentials", scope="app")
async def verify_credentials(request: Request) -> Response:
    """The application whose token this is."""
    app = await oauth.app(request.conn, request.caller.client_id if request.caller else None)
    if app is None:
        raise Unauthorized
    return json(_application(app))


def _application(app: App) -> dict[str, Any]:
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": app.scopes,
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": app.redirect_uris,
        "vapid_key": "",
    }
