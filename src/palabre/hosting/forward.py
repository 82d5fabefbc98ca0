"""What an old host does for a network that has moved: hands every request on to the new one, until DNS has followed.

Requests wait while the new host is coming up: nobody sees an error, only a delay. What was begun is never sent twice.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import structlog
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from yarl import URL

PATIENCE = 60.0  # seconds a request waits for the new host to come up
_PAUSE = 0.1
_CHUNK = 64 * 1024
#: These are about one connection, not about what it carries (RFC 9110, 7.6.1).
_OF_THE_HOP = frozenset(
    "connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split()
)
_log = structlog.get_logger()


class Forwarder:
    """An ASGI application. `door`: the socket that leads to the new host's web port; `counted` is called for each request."""

    def __init__(self, door: Path, patience: float = PATIENCE, counted: Callable[[], None] = lambda: None) -> None:
        self.door = door
        self.patience = patience
        self.counted = counted
        self._session: aiohttp.ClientSession | None = None
        self._is_up = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        self.counted()
        if scope["type"] == "http":
            await self._http(Request(scope, receive), send)
        elif scope["type"] == "websocket":
            await self._websocket(WebSocket(scope, receive, send))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self.running():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The connections to the new host; used by servers through the lifespan protocol, and by tests directly."""
        async with aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(self.door), limit=0, force_close=True),
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
        ) as self._session:
            yield

    async def _http(self, request: Request, send: Send) -> None:
        body = request.stream() if _has_body(request) else None
        try:
            response = await self._ask(request, body)
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("forwarding_failed", error=str(error))
            await _away()(request.scope, request.receive, send)
            return
        except ClientDisconnect:
            return
        async with response:
            await _answer(request, response, send)

    async def _ask(self, request: Request, body: AsyncIterator[bytes] | None) -> aiohttp.ClientResponse:
        """Raises what aiohttp raises; asked again only where asking twice does no harm."""
        assert self._session is not None
        deadline = time.monotonic() + self.patience
        while True:
            await self._wait(deadline)
            try:
                return await self._session.request(
                    request.method, _target(request), headers=_asked(request), data=body, allow_redirects=False
                )
            except (aiohttp.ClientError, OSError):
                self._is_up = False
                if body is not None or request.method not in ("GET", "HEAD", "OPTIONS") or time.monotonic() > deadline:
                    raise

    async def _wait(self, deadline: float) -> None:
        """Until the new host serves: the socket here is open long before. Raises what aiohttp raises."""
        assert self._session is not None
        while not self._is_up:
            try:
                async with self._session.get(
                    "http://localhost/health", timeout=aiohttp.ClientTimeout(total=5)
                ) as health:
                    self._is_up = health.status == 200
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                _log.debug("new_host_away", error=str(error))
            if not self._is_up:
                if time.monotonic() > deadline:
                    raise aiohttp.ClientConnectionError("the new host does not answer")
                await asyncio.sleep(_PAUSE)

    async def _websocket(self, here: WebSocket) -> None:
        assert self._session is not None
        protocols = here.scope.get("subprotocols") or []
        headers = [pair for pair in _asked(here) if not pair[0].startswith("sec-websocket-")]
        try:
            await self._wait(time.monotonic() + self.patience)
            async with self._session.ws_connect(_target(here), headers=headers, protocols=protocols) as there:
                await here.accept(there.protocol)
                await _converse(here, there)
        except aiohttp.WSServerHandshakeError as error:
            await here.send_denial_response(PlainTextResponse(error.message, error.status))
        except (aiohttp.ClientError, OSError) as error:
            _log.warning("forwarding_failed", error=str(error))
            with contextlib.suppress(RuntimeError):
                await here.close(1013)


def _has_body(request: Request) -> bool:
    return "content-length" in request.headers or "transfer-encoding" in request.headers


def _target(request: HTTPConnection) -> URL:
    """The same path and query on the new host, byte for byte; aiohttp takes what is encoded as it is."""
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("ascii").partition("?")[0]
    query = request.scope["query_string"].decode("ascii")
    return URL(f"http://localhost{path}{'?' if query else ''}{query}", encoded=True)


def _asked(request: HTTPConnection) -> list[tuple[str, str]]:
    """The request's headers, and whom we ask for: we are a proxy like the one that may stand before us."""
    named = _named(request.headers.get("connection", ""))
    kept = [
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, value in request.scope["headers"]
        if name.decode("latin-1") not in _OF_THE_HOP | named | {"x-forwarded-for"}
    ]
    hops = request.headers.getlist("x-forwarded-for")
    peer = request.client.host if request.client else ""
    return [*kept, ("x-forwarded-for", ", ".join([*hops, *([peer] if peer else [])]))]


def _named(connection: str) -> set[str]:
    return {name.strip().lower() for name in connection.split(",") if name.strip()}


async def _answer(request: Request, response: aiohttp.ClientResponse, send: Send) -> None:
    headers = [
        (name.lower(), value)
        for name, value in response.raw_headers
        if name.decode("latin-1").lower() not in _OF_THE_HOP
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    copying = asyncio.ensure_future(_copy(response, send))
    leaving = asyncio.ensure_future(_leave(request))
    await asyncio.wait({copying, leaving}, return_when=asyncio.FIRST_COMPLETED)
    for task in (copying, leaving):
        task.cancel()
    await asyncio.gather(leaving, return_exceptions=True)
    with contextlib.suppress(asyncio.CancelledError, aiohttp.ClientError):
        await copying


async def _copy(response: aiohttp.ClientResponse, send: Send) -> None:
    """What comes, as it comes: streams of news are among it."""
    async for chunk in response.content.iter_any():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _leave(request: Request) -> None:
    """Until the client has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _converse(here: WebSocket, there: aiohttp.ClientWebSocketResponse) -> None:
    both = [asyncio.ensure_future(one) for one in (_to_new_host(here, there), _to_client(there, here))]
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    for task in both:
        task.cancel()
    await asyncio.gather(*both, return_exceptions=True)


async def _to_new_host(here: WebSocket, there: aiohttp.ClientWebSocketResponse) -> None:
    while True:
        message: Message = await here.receive()
        if message["type"] == "websocket.disconnect":
            await there.close(code=message.get("code") or 1000)
            return
        if message.get("text") is not None:
            await there.send_str(message["text"])
        else:
            await there.send_bytes(message["bytes"])


async def _to_client(there: aiohttp.ClientWebSocketResponse, here: WebSocket) -> None:
    async for message in there:
        if message.type is aiohttp.WSMsgType.TEXT:
            await here.send_text(message.data)
        elif message.type is aiohttp.WSMsgType.BINARY:
            await here.send_bytes(message.data)
    await here.close(there.close_code or 1000)


def _away() -> PlainTextResponse:
    words = "This network is moving to another host, which does not answer yet. Please try again in a moment.\n"
    return PlainTextResponse(words, 503, {"retry-after": "5"})
