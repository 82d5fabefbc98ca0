"""A stranger who asks the application in this very process, without a port or a network."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message

from palabre.entrypoints.web import render

_TRIES = 3


@dataclass
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Visitor:
    def __init__(self, app: ASGIApp, origin: str, language: str) -> None:
        self._app = app
        parts = urlsplit(origin)
        self._scheme, self._host = parts.scheme, parts.netloc
        self._language = language

    async def get(self, address: str) -> Answer:
        """A page; asked for again where something was in the way that may be gone."""
        for _ in range(_TRIES):
            kept = bytearray()
            answer = await self._ask("GET", address, kept.extend)
            answer.body = bytes(kept)
            if answer.status not in (422, 500, 503):
                break
        return answer

    async def head(self, address: str) -> Answer:
        return await self._ask("HEAD", address, lambda chunk: None)

    async def download(self, address: str, file: Path) -> Answer:
        """The body goes into the file, chunk by chunk."""
        with file.open("wb") as out:
            return await self._ask("GET", address, out.write)

    async def _ask(self, method: str, address: str, take: Callable[[bytes], object]) -> Answer:
        answer, asked = Answer(), False

        async def receive() -> Message:
            nonlocal asked
            if asked:
                await asyncio.Event().wait()  # a visitor who never hangs up before the end
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in message["headers"]}
            else:
                take(message.get("body", b""))

        render.lasting.set(True)
        await self._app(self._scope(method, address), receive, send)
        return answer

    def _scope(self, method: str, address: str) -> dict[str, object]:
        parts = urlsplit(address)
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": self._scheme,
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"host", self._host.encode()), (b"accept-language", self._language.encode())],
            "client": ("127.0.0.1", 0),
            "server": (self._host, None),
        }
