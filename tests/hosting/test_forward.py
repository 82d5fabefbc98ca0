"""The old host of a network that has moved: everything that comes is handed on, and waits while the new one comes up."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from yarl import URL

from palabre.hosting.forward import Forwarder

HEARD: list[dict[str, str]] = []


async def echo(request: Request) -> Response:
    body = await request.body()
    said = {"method": request.method, "url": _url(request), "body": body.decode(), **request.headers}
    HEARD.append(said)
    return JSONResponse(said, status_code=201, headers={"set-cookie": "a=1", "x-here": "new"})


def _url(request: Request) -> str:
    return f"{request.scope['raw_path'].decode()}?{request.url.query}"


async def news(request: Request) -> Response:
    async def lines() -> AsyncIterator[bytes]:
        for number in range(3):
            yield f"event: {number}\n\n".encode()
            await asyncio.sleep(0)
        await asyncio.Event().wait()

    return StreamingResponse(lines(), media_type="text/event-stream")


async def health(_: Request) -> Response:
    return PlainTextResponse("ok")


async def talk(socket: WebSocket) -> None:
    await socket.accept(socket.headers.get("sec-websocket-protocol"))
    async for text in socket.iter_text():
        await socket.send_text(f"{socket.query_params['stream']}: {text}")


NEW_HOST = Starlette(
    routes=[
        Route("/health", health),
        Route("/news", news),
        Route("/{path:path}", echo, methods=["GET", "POST", "DELETE"]),
        WebSocketRoute("/streaming", talk),
    ]
)


@contextlib.asynccontextmanager
async def served(app: object, *, path: Path | None = None) -> AsyncIterator[str]:
    """An application on a socket of its own; its address."""
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()
    config = uvicorn.Config(
        app, log_level="critical", date_header=False, server_header=False, proxy_headers=False, ws="websockets-sansio"
    )  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield "" if path else "http://{}:{}".format(*listening.getsockname())
    finally:
        server.should_exit = server.force_exit = True
        await task
        listening.close()


@pytest.fixture
async def old_host(tmp_path: Path) -> AsyncIterator[str]:
    async with served(Forwarder(tmp_path / "door")) as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_all_of_a_request_arrives(tmp_path: Path, old_host: str, http: aiohttp.ClientSession) -> None:
    async with served(NEW_HOST, path=tmp_path / "door"):
        asked = http.post(
            URL(f"{old_host}/api/v1/statuses/caf%C3%A9%2F1?a=1&b=%20x", encoded=True),
            data=b"status=Hello",
            headers={"authorization": "Bearer secret", "host": "talk.example", "x-forwarded-for": "203.0.113.9"},
        )
        async with asked as answer:
            said = await answer.json()
            assert (answer.status, answer.headers["x-here"]) == (201, "new")
            assert answer.headers["set-cookie"] == "a=1"
    assert said["host"] == "talk.example"
    assert said["url"] == "/api/v1/statuses/caf%C3%A9%2F1?a=1&b=%20x"
    assert (said["method"], said["body"], said["authorization"]) == ("POST", "status=Hello", "Bearer secret")
    assert said["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"


async def test_a_request_waits_for_the_new_host(tmp_path: Path, old_host: str, http: aiohttp.ClientSession) -> None:
    """Alice posts in the very seconds of the move: her post arrives once, and she sees no error."""
    HEARD.clear()
    early = asyncio.create_task(http.post(f"{old_host}/api/v1/statuses", data=b"status=now").__aenter__())
    await asyncio.sleep(0)
    async with served(NEW_HOST, path=tmp_path / "door"):
        answer = await early
        assert answer.status == 201
        answer.close()
    assert [said["body"] for said in HEARD] == ["status=now"]


async def test_after_long_waiting_it_says_so(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    async with served(Forwarder(tmp_path / "door", patience=0)) as old_host, http.get(f"{old_host}/") as answer:
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert "moving" in await answer.text()


async def test_streams_come_as_they_are_told(tmp_path: Path, old_host: str, http: aiohttp.ClientSession) -> None:
    async with served(NEW_HOST, path=tmp_path / "door"):
        async with http.get(f"{old_host}/news") as answer:
            heard = b""
            while heard.count(b"event") < 3:
                heard += await answer.content.readany()
        async with http.ws_connect(f"{old_host}/streaming?stream=user", protocols=["token"]) as there:
            assert there.protocol == "token"
            await there.send_str("hello")
            assert await there.receive_str() == "user: hello"


async def test_a_large_upload_is_not_gathered_first(tmp_path: Path, old_host: str, http: aiohttp.ClientSession) -> None:
    async def much() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    async with served(NEW_HOST, path=tmp_path / "door"), http.post(f"{old_host}/upload", data=much()) as answer:
        assert len((await answer.json())["body"]) == 2_000_000
