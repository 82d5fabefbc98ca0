"""A person who uses the network through the client API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2 as httpx

from tests.support import openapi

if TYPE_CHECKING:
    from tests.support.network import Network


class Person:
    """`await alice.get("/api/v1/…")` gives the decoded answer, after checking status and shape."""

    def __init__(self, network: Network, name: str, account_id: int, token: str) -> None:
        self.network = network
        self.name = name
        self.id = str(account_id)
        self.token = token

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """The bare answer, whatever its status; its shape is checked against Mastodon's."""
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers.setdefault("authorization", f"Bearer {self.token}")
        response = await self.network.http.request(method, path, headers=headers, **options)
        assert response.status_code < 500, f"{method} {path}: {response.status_code} {response.text[:2000]}"
        openapi.check(method, path, response)
        return response

    async def get(self, path: str, expect: int = 200, **params: Any) -> Any:
        response = await self.request("GET", path, params=params)
        assert response.status_code == expect, f"GET {path}: {response.status_code} {response.text[:500]}"
        return response.json()

    async def post(self, path: str, expect: int = 200, **body: Any) -> Any:
        return await self._send("POST", path, expect, body)

    async def put(self, path: str, expect: int = 200, **body: Any) -> Any:
        return await self._send("PUT", path, expect, body)

    async def patch(self, path: str, expect: int = 200, **body: Any) -> Any:
        return await self._send("PATCH", path, expect, body)

    async def delete(self, path: str, expect: int = 200, **body: Any) -> Any:
        return await self._send("DELETE", path, expect, body)

    async def _send(self, method: str, path: str, expect: int, body: dict[str, Any]) -> Any:
        response = await self.request(method, path, json=body)
        assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text[:500]}"
        return response.json() if response.content else None

    async def says(self, text: str, **more: Any) -> Any:
        """Publish a post; its JSON."""
        return await self.post("/api/v1/statuses", **{"status": text, **more})

    async def follows(self, other: Person) -> Any:
        return await self.post(f"/api/v1/accounts/{other.id}/follow")

    async def home(self) -> list[str]:
        """What the posts on the home timeline say, newest first."""
        return [said(post) for post in await self.get("/api/v1/timelines/home")]


def said(post: Any) -> str:
    """A post's words without the HTML around them."""
    import re

    return re.sub(r"<[^>]+>", "", (post.get("reblog") or post)["content"])
