"""/api/v1/streaming over a WebSocket: many streams on one connection, opened and closed by messages."""

import asyncio
import contextlib

import msgspec
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from palabre.base.db import UNAVAILABLE, Database
from palabre.base.errors import NotFound, Refused, Unauthorized
from palabre.base.live import live
from palabre.entrypoints.client_api import streams
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.client_api.streams import Stream
from palabre.entrypoints.edge.request import asking_address
from palabre.features import accounts
from palabre.features.accounts import Caller

_PATH = "/api/v1/streaming"
_AWAY = "The server is starting up or overloaded; please try again in a moment"
_POLICY_VIOLATION = 1008
_TRY_AGAIN = 1013


class Unavailable(Refused):
    status = 503
    code = "unavailable"


class Order(msgspec.Struct):
    """What a client asks for in a message."""

    type: str
    stream: str = ""
    tag: str = ""


async def websocket(db: Database, scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one connection until it ends or its token does."""
    socket = WebSocket(scope, receive, send)
    try:
        if not (scope["path"].rstrip("/") + "/").startswith(_PATH + "/"):
            raise NotFound
        await accounts.barred.check_access(db, asking_address(socket))
        token = _token(socket)
        caller = await _caller(db, token)
        streams.check_room(caller.id)
        asked = socket.query_params
        first = asked.get("stream") or scope["path"].removeprefix(_PATH).strip("/").replace("/", ":")
        wanted = streams.channel(caller, first, asked.get("tag", "")) if first else None
    except Refused as why:
        await _deny(socket, why)
        return
    with streams.counted(caller.id):
        async with live.listen() as news:
            stream = Stream(db, caller, token, news)
            try:
                if wanted:
                    await stream.subscribe(wanted)  # before it is told that it is open: from then on it misses nothing
            except UNAVAILABLE:
                await _deny(socket, Unavailable(_AWAY))
                return
            await socket.accept(subprotocol=_protocol(socket))
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await _serve(socket, stream)


async def _deny(socket: WebSocket, why: Refused) -> None:
    await socket.send_denial_response(json({"error": why.message}, why.status))


async def _serve(socket: WebSocket, stream: Stream) -> None:
    """Talk and listen at once; whichever ends first ends the other."""
    code = _POLICY_VIOLATION
    try:
        talking = asyncio.create_task(_talk(socket, stream))
        listening = asyncio.create_task(_obey(socket, stream))
        try:
            done, _ = await asyncio.wait({talking, listening}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (talking, listening):
                task.cancel()
            await asyncio.gather(talking, listening, return_exceptions=True)
    except UNAVAILABLE:
        code = _TRY_AGAIN
    await socket.close(_TRY_AGAIN if live.ending else code)


async def _talk(socket: WebSocket, stream: Stream) -> None:
    async with contextlib.aclosing(stream.happenings()) as happenings:
        async for found in happenings:
            if found is not None:
                await socket.send_text(streams.frame(*found))


async def _obey(socket: WebSocket, stream: Stream) -> None:
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        try:
            order = msgspec.json.decode(message.get("text") or message.get("bytes") or b"", type=Order)
            wanted = streams.channel(stream.caller, order.stream, order.tag)
            if order.type == "subscribe":
                await stream.subscribe(wanted)
            elif order.type == "unsubscribe":
                stream.unsubscribe(wanted)
            else:
                raise Refused("Unknown message type")
        except msgspec.DecodeError:
            await _complain(socket, Refused("The message is not understood"))
        except Refused as why:
            await _complain(socket, why)


async def _complain(socket: WebSocket, why: Refused) -> None:
    await socket.send_text(msgspec.json.encode({"error": why.message, "status": why.status}).decode())


async def _caller(db: Database, token: str) -> Caller:
    if not token:
        raise Unauthorized("Missing access token")
    try:
        async with db.reading() as conn:
            caller = await accounts.recognise(conn, token)
    except UNAVAILABLE as error:
        raise Unavailable(_AWAY) from error
    if caller is None or caller.id == 0 or not caller.confirmed or not caller.approved:
        raise Unauthorized
    return caller


def _protocol(socket: WebSocket) -> str | None:
    """Browsers can send no header but this one, so clients put the token there; it must be given back."""
    offered = Headers(scope=socket.scope).get("sec-websocket-protocol", "")
    return offered.partition(",")[0].strip() or None


def _token(socket: WebSocket) -> str:
    kind, _, token = socket.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token:
        return token.strip()
    return socket.query_params.get("access_token") or _protocol(socket) or ""
