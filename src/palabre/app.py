"""The ASGI application: finds the route, hands over to its door, holds the process's connections."""

import contextlib
from collections.abc import AsyncIterator

from starlette.datastructures import Headers
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

import palabre.consequences  # noqa: F401 - wires the events
from palabre.base.db import Database
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints import client_api, web
from palabre.entrypoints.edge import Request, Router
from palabre.names import asked_by
from palabre.process import running
from palabre.settings import current


class MethodNotAllowed(Refused):
    status = 405
    code = "method_not_allowed"


class App:
    """Callable by any ASGI server. `db` may be given by tests."""

    def __init__(self, db: Database | None = None) -> None:
        settings = current()
        self.db = db or Database(settings.database_url.get_secret_value(), most=settings.database_connections)
        self.api, self.web = client_api.ApiDoor(), web.WebDoor()
        self.router = Router()
        for route in client_api.ROUTES:
            self.router.add(self.api, route)
        for route in web.ROUTES:
            self.router.add(self.web, route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        with asked_by(Headers(scope=scope).get("host", "")):
            if scope["type"] == "http":
                await self._http(scope, receive, send)
            elif scope["type"] == "websocket":
                await client_api.websocket(self.db, scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = scope["path"], scope["method"]
        if path.endswith("/index.html"):  # a link that was made while a static copy stood here
            await RedirectResponse(path.removesuffix("index.html"), 308)(scope, receive, send)
            return
        found = self.router.find(path)
        if method == "OPTIONS" and (client_api.is_ours(path)):
            await Response(status_code=204, headers=client_api.CORS)(scope, receive, send)
            return
        methods, values = found or ({}, {})
        chosen = methods.get("GET" if method == "HEAD" else method)
        if chosen:
            door, route = chosen
            await door.serve(self.db, route, values, scope, receive, send)
            return
        door = self.api if client_api.is_ours(path) else self.web
        why = MethodNotAllowed("This method is not allowed here") if methods else NotFound()
        request = Request(HttpRequest(scope, receive), self.db, values)
        response = await door.refuse(request, why)
        door.finish(request, response, None)
        await response(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Connections open; used by servers through the lifespan protocol, and by tests directly."""
        async with running(self.db):
            yield
