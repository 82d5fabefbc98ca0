"""Asking other servers: nobody makes us ask our own network, wait for ever or swallow everything."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from typing import Any

import aiohttp.connector
import pytest
from aiohttp import web

from palabre.base import http
from palabre.base.http import Unreachable


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """A server on this machine; its address."""
    hang = asyncio.Event()

    async def hello(request: web.Request) -> web.Response:
        return web.Response(text=f"hello {request.headers['user-agent'].partition('/')[0]}")

    async def large(request: web.Request) -> web.Response:
        headers = {"content-encoding": "gzip"}
        return web.Response(body=gzip.compress(b"0" * 1_000_000), headers=headers)

    async def slow(request: web.Request) -> web.Response:
        await hang.wait()
        return web.Response()

    async def echo(request: web.Request) -> web.Response:
        return web.Response(body=await request.read(), content_type=request.content_type)

    async def inside(request: web.Request) -> web.Response:
        raise web.HTTPFound(request.query["to"])

    async def round_and_round(request: web.Request) -> web.Response:
        raise web.HTTPFound("/round")

    app = web.Application()
    for path, handler in {
        "/hello": hello,
        "/large": large,
        "/slow": slow,
        "/to": inside,
        "/round": round_and_round,
    }.items():
        app.router.add_get(path, handler)
    app.router.add_post("/echo", echo)
    app.router.add_post("/to", inside)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    hang.set()
    await runner.cleanup()


async def test_what_is_public_is_read(server: str) -> None:
    with http.loopback_allowed():
        reply = await http.get(f"{server}/hello", limit_bytes=100)
        assert (reply.status, reply.text()) == (200, "hello Palabre")
        assert (await http.get(f"{server}/nothing", limit_bytes=100)).status == 404
        sent = await http.post(f"{server}/echo", json={"a": 1})
        assert (sent.body, sent.headers["content-type"]) == (b'{"a":1}', "application/json")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://224.0.0.1/",
        "file:///etc/passwd",
        "ftp://list.example/",
        "http://user:word@list.example/",
        "http://",
        "http://[::1",
        "//list.example",
    ],
)
async def test_addresses_inside_are_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        await http.get(url, limit_bytes=100, seconds=5)


async def test_a_name_that_leads_inside_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is where the connection would go: a name may say something else each time it is asked."""

    async def resolve(self: Any, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 0}]

    monkeypatch.setattr(aiohttp.connector.DefaultResolver, "resolve", resolve)
    port = server.rpartition(":")[2]
    with http.loopback_allowed():
        assert (await http.get(f"http://list.example:{port}/hello", limit_bytes=100)).status == 200
    with pytest.raises(Unreachable, match="not on the public internet"):
        await http.get(f"http://list.example:{port}/hello", limit_bytes=100)


@pytest.mark.parametrize("to", ["http://10.0.0.1/", "http://[::ffff:192.168.0.1]/", "file:///etc/passwd"])
async def test_a_redirect_inside_is_refused(server: str, to: str) -> None:
    with http.loopback_allowed(), pytest.raises(Unreachable):
        await http.get(f"{server}/to?to={to}", limit_bytes=100, seconds=5)


async def test_redirects_are_followed_for_reading_alone(server: str) -> None:
    with http.loopback_allowed():
        assert (await http.get(f"{server}/to?to=/hello", limit_bytes=100)).url == f"{server}/hello"
        assert (await http.post(f"{server}/to?to=/echo", body=b"secret")).status == 302
        with pytest.raises(Unreachable, match="again and again"):
            await http.get(f"{server}/round", limit_bytes=100)


async def test_a_flood_and_silence_end(server: str) -> None:
    with http.loopback_allowed():
        assert len((await http.get(f"{server}/large", limit_bytes=1_000_000)).body) == 1_000_000
        with pytest.raises(Unreachable, match="longer than"):
            await http.get(f"{server}/large", limit_bytes=999_999)
        with pytest.raises(Unreachable, match="no answer"):
            await http.get(f"{server}/slow", limit_bytes=10, seconds=0.2)
