"""Somebody with a browser but no JavaScript: cookies, pages, and the forms on them as they stand."""

from html.parser import HTMLParser
from typing import Any

import httpx2 as httpx

from tests.support.network import Network


class Form:
    """One form of a page: where it goes, and what its fields hold."""

    def __init__(self, attrs: dict[str, str | None]) -> None:
        self.action = attrs.get("action") or ""
        self.values: dict[str, Any] = {}


class Forms(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._area = self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.found.append(Form(given))
        if not self.found:
            return
        values, name, kind = self.found[-1].values, given.get("name") or "", given.get("type")
        if tag == "input" and name and kind not in ("file", "checkbox", "radio", "search"):
            values[name] = given.get("value") or ""
        elif tag == "input" and name and "checked" in given:
            values.setdefault(name, []).append(given.get("value") or "on")
        elif tag == "textarea":
            self._area, values[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in values):
            values[self._select] = given.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[-1].values[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


class Visitor:
    """`await visitor.open("/path")`, then `await visitor.send("/action", field=value)` for a form on that page."""

    def __init__(self, network: Network, lang: str = "en", origin: str = "https://talk.example") -> None:
        transport = httpx.ASGITransport(app=network.app, client=("192.0.2.7", 4711))
        self.http = httpx.AsyncClient(
            transport=transport,
            base_url=origin,
            headers={"accept-language": lang, "user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"},
            follow_redirects=True,
        )
        self.origin = origin
        self.page: httpx.Response

    @property
    def html(self) -> str:
        return self.page.text

    @property
    def path(self) -> str:
        return self.page.url.path

    async def open(self, path: str, expect: int = 200) -> "Visitor":
        return self._see(await self.http.get(path), expect)

    async def send(self, action: str, expect: int = 200, /, files: Any = None, **fields: Any) -> "Visitor":
        """Fill in the form with this action and send it. A field of None is left out."""
        form = next((form for form in Forms(self.html).found if form.action == action), None)
        assert form is not None, f"no form {action} on {self.path}"
        values = {name: value for name, value in (form.values | fields).items() if value is not None}
        headers = {"origin": self.origin, "sec-fetch-site": "same-origin", "referer": str(self.page.url)}
        return self._see(await self.http.post(action, data=values, files=files, headers=headers), expect)

    async def signs_in(self, name: str, password: str, expect: int = 200) -> "Visitor":
        await self.open("/sign-in")
        return await self.send("/sign-in", expect, name=name, password=password)

    def _see(self, page: httpx.Response, expect: int) -> "Visitor":
        assert page.status_code == expect, f"{page.request.method} {page.url}: {page.status_code} {page.text[-3000:]}"
        self.page = page
        return self
