"""/api/v1/streaming over server-sent events. The same over a WebSocket is in `sockets.py`."""

import contextlib
from collections.abc import AsyncIterator

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from palabre.base.live import live
from palabre.entrypoints.client_api import streams
from palabre.entrypoints.client_api.streams import Channel, Stream
from palabre.entrypoints.edge import Request, Routes

routes = Routes()


@routes.get("/api/v1/streaming/health", scope="public", transaction="none")
async def health(request: Request) -> Response:
    """Whether streams can be opened here."""
    return PlainTextResponse("OK")


@routes.get("/api/v1/streaming/user", scope="read:statuses", transaction="none")
async def user(request: Request) -> Response:
    """One's home timeline and notifications as they come."""
    return _opened(request, "user")


@routes.get("/api/v1/streaming/user/notification", scope="read:notifications", transaction="none")
async def user_notification(request: Request) -> Response:
    """One's notifications as they come."""
    return _opened(request, "user:notification")


@routes.get("/api/v1/streaming/public", scope="read:statuses", transaction="none")
async def public(request: Request) -> Response:
    """Public posts as they come."""
    return _opened(request, "public")


@routes.get("/api/v1/streaming/public/local", scope="read:statuses", transaction="none")
async def public_local(request: Request) -> Response:
    """Public posts of this network as they come."""
    return _opened(request, "public:local")


@routes.get("/api/v1/streaming/public/remote", scope="read:statuses", transaction="none")
async def public_remote(request: Request) -> Response:
    """Public posts from elsewhere as they come."""
    return _opened(request, "public:remote")


@routes.get("/api/v1/streaming/hashtag", scope="read:statuses", transaction="none")
async def hashtag(request: Request) -> Response:
    """Public posts with a hashtag as they come."""
    return _opened(request, "hashtag")


@routes.get("/api/v1/streaming/hashtag/local", scope="read:statuses", transaction="none")
async def hashtag_local(request: Request) -> Response:
    """Public posts of this network with a hashtag as they come."""
    return _opened(request, "hashtag:local")


@routes.get("/api/v1/streaming/direct", scope="read:statuses", transaction="none")
async def direct(request: Request) -> Response:
    """Direct messages as they come."""
    return _opened(request, "direct")


def _opened(request: Request, name: str) -> Response:
    wanted = streams.channel(request.me, name, request.text("tag"), request.flag("only_media"))
    streams.check_room(request.me.id)
    headers = {"cache-control": "private, no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_lines(request, wanted), media_type="text/event-stream", headers=headers)


async def _lines(request: Request, wanted: Channel) -> AsyncIterator[bytes]:
    with streams.counted(request.me.id):
        async with live.listen() as news:
            stream = Stream(request.db, request.me, request.token or "", news)
            await stream.subscribe(wanted)
            yield b":)\n"
            async with contextlib.aclosing(stream.happenings()) as happenings:
                async for found in happenings:
                    if found is None:
                        yield b":thump\n"
                    else:
                        yield b"event: %s\ndata: %s\n\n" % (found[1].event.encode(), found[1].payload)
