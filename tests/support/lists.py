"""A server elsewhere that keeps a block list; what it says is for the test to choose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256

from aiohttp import web

from palabre.base import http


class ListServer:
    """`says`: the list; `status`: how it answers; `asked`: how often it was fetched."""

    def __init__(self) -> None:
        self.says = ""
        self.status = 200
        self.asked = 0
        self.unchanged = 0
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked += 1
        etag = f'"{sha256(self.says.encode()).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            self.unchanged += 1
            return web.Response(status=304)
        return web.Response(text=self.says, status=self.status, headers={"etag": etag})


@asynccontextmanager
async def list_server() -> AsyncIterator[ListServer]:
    made = ListServer()
    app = web.Application()
    app.router.add_get("/{name}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/blocks.csv"
    with http.loopback_allowed():
        yield made
    await runner.cleanup()
