"""A network behind Caddy and behind nginx, as docs/operators/running.md sets them up, with real TLS; then it moves."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from tests.support.running import free_port
from tests.support.tls import Proxy, installed
from tests.support.two_hosts import Host, Hosts

pytestmark = pytest.mark.journey
VISITOR = "127.0.0.2"


@pytest.fixture(params=["caddy", "nginx"])
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Proxy]:
    if not installed(request.param):
        pytest.skip(f"no {request.param} (or openssl) here: install Debian's package")
    tmp_path.chmod(0o755)
    with Proxy(request.param, tmp_path / "proxy", free_port()) as running:
        yield running


def client(proxy: Proxy, token: str = "") -> httpx.Client:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=proxy.url, verify=proxy.trust, timeout=60, headers=headers)


def stream(proxy: Proxy, token: str) -> ClientConnection:
    url = f"{proxy.url.replace('https', 'wss')}/api/v1/streaming?stream=user&access_token={token}"
    return connect(url, ssl=proxy.trust, open_timeout=60)


def hears(live: ClientConnection, text: str) -> bool:
    while True:
        told: dict[str, Any] = json.loads(live.recv(timeout=60))
        if told["event"] == "update" and text in told["payload"]:
            return True


def post(http: httpx.Client, text: str, **more: object) -> dict[str, Any]:
    answer = http.post("/api/v1/statuses", json={"status": text, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def large_picture(file: Path) -> bytes:
    """Over 8 MB: more than any proxy lets through unless told so, and than fits in its buffers."""
    Image.frombytes("RGB", (1700, 1700), os.urandom(1700 * 1700 * 3)).save(file, "PNG")
    return file.read_bytes()


def test_a_network_is_reached_by_https_and_moves(proxy: Proxy, hosts: Hosts, tmp_path: Path) -> None:
    old = hosts("old", PALABRE_PUBLIC_URL=proxy.url, PALABRE_LINK_HOST="127.0.0.1")
    new = hosts("new", PALABRE_PUBLIC_URL=proxy.url, PALABRE_LINK_HOST="127.0.0.1")
    old.start()
    proxy.lead_to(old.port)
    token = old.sign_up("alice")

    signed_in(proxy)
    with client(proxy, token) as alice:
        picture = alice.post("/api/v2/media", files={"file": ("a.png", large_picture(tmp_path / "a.png"), "image/png")})
        assert picture.status_code in (200, 202), picture.text
        made = post(alice, "By https", media_ids=[picture.json()["id"]])
        assert made["url"].startswith(proxy.url) and made["media_attachments"][0]["url"].startswith(proxy.url)
        assert alice.get(made["media_attachments"][0]["url"]).status_code == 200
        with stream(proxy, token) as live:
            post(alice, "Heard at once")
            assert hears(live, "Heard at once")
        sse(proxy, token, "By events")

    new.follow(old.invite())
    moved = old.command("move", "--to", "standby", "--yes")
    assert moved.returncode == 0, moved.stderr
    with client(proxy, token) as alice, stream(proxy, token) as live:  # through the old host, which hands on
        assert post(alice, "Handed on")["url"].startswith(proxy.url)
        assert hears(live, "Handed on")
        sse(proxy, token, "Events handed on")
        again = alice.post("/api/v2/media", files={"file": ("a.png", large_picture(tmp_path / "b.png"), "image/png")})
        assert again.status_code in (200, 202), again.text
    signed_in(proxy)
    assert seen_from(new, "bob", proxy) == VISITOR


def signed_in(proxy: Proxy) -> None:
    """By the page: a cookie that goes over TLS alone, and a session noted under the visitor's address."""
    with client(proxy) as browser:
        answer = browser.post(
            "/sign-in", data={"name": "alice", "password": "the password of alice"}, headers={"origin": proxy.url}
        )
        assert answer.status_code == 303, answer.text
        cookies = answer.headers.get_list("set-cookie")
        assert cookies and all("secure" in cookie.lower() for cookie in cookies)


def sse(proxy: Proxy, token: str, text: str) -> None:
    """Events come as they happen: no proxy holds them back."""
    with client(proxy, token) as alice, alice.stream("GET", "/api/v1/streaming/user") as events:
        assert events.status_code == 200
        lines = events.iter_lines()
        next(lines)  # it greets: from here on nothing is missed
        post(alice, text)
        assert any(re.search(text, line) for line in lines)


def seen_from(host: Host, name: str, proxy: Proxy) -> str:
    """The address under which somebody who signs up from VISITOR, by way of the proxy, is known to moderators."""
    transport = httpx.HTTPTransport(verify=proxy.trust, local_address=VISITOR)
    with httpx.Client(base_url=proxy.url, transport=transport, timeout=60) as visitor:
        app = {"client_name": "Walk", "redirect_uris": "urn:ietf:wg:oauth:2.0:oob", "scopes": "read write"}
        made = visitor.post("/api/v1/apps", json=app).json()
        asked = {"grant_type": "client_credentials", "scope": "read write"} | {
            key: made[key] for key in ("client_id", "client_secret")
        }
        bearer = {"authorization": f"Bearer {visitor.post('/oauth/token', data=asked).json()['access_token']}"}
        member = {
            "username": name,
            "email": f"{name}@mail.example",
            "password": f"the password of {name}",
            "agreement": True,
        }
        bearer["x-forwarded-for"] = "203.0.113.9"  # made up
        answer = visitor.post("/api/v1/accounts", json=member, headers=bearer)
        assert answer.status_code == 200, answer.text
    assert host.command("account", "role", "alice", "owner").returncode == 0
    token = host.command("account", "token", "alice", "--scopes", "admin:read").stdout.split()[-1]
    with host.http(token) as carol:
        found = carol.get("/api/v2/admin/accounts", params={"username": name}).json()
    return str(found[0]["ip"]["ip"] if isinstance(found[0]["ip"], dict) else found[0]["ip"])
