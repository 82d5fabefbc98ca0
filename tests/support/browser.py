"""A member, or a stranger, before the web pages: cookies kept, forms sent from the page they stand on."""

from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx
from bs4 import BeautifulSoup, Tag

from palabre.features import accounts
from palabre.features.accounts.tokens import SESSION_SCOPES
from tests.support.network import Network
from tests.support.people import Person

ORIGIN = "https://talk.example"


class Seen:
    """A page as it arrived."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.status = response.status_code
        self.path = urlsplit(str(response.url)).path
        self.tree = BeautifulSoup(response.text, "html.parser")

    def all(self, selector: str) -> list[Tag]:
        return list(self.tree.select(selector))

    def has(self, selector: str) -> bool:
        return bool(self.all(selector))

    def value(self, selector: str, attribute: str) -> str:
        """An attribute of the first such element, which must be there."""
        found = self.tree.select_one(selector)
        assert found, f"no {selector} on {self.path}"
        return str(found[attribute])

    def texts(self, selector: str) -> list[str]:
        return [" ".join(found.get_text().split()) for found in self.all(selector)]

    def text(self, selector: str = "main") -> str:
        return " ".join(self.texts(selector))

    def links(self, selector: str) -> list[str]:
        return [str(found["href"]) for found in self.all(selector)]

    @property
    def posts(self) -> list[str]:
        return self.texts("article.post .words")


class Browser:
    def __init__(self, network: Network, lang: str = "en") -> None:
        headers = {"accept-language": lang, "sec-fetch-site": "same-origin"}
        transport = httpx.ASGITransport(app=network.app, client=("192.0.2.7", 4711))
        self.http = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers, follow_redirects=True, timeout=60
        )
        self.http.cookies.set("palabre_lang", lang, domain="talk.example")
        self.at = "/"

    async def get(self, path: str, expect: int = 200, **options: Any) -> Seen:
        response = await self.http.get(path, **options)
        assert response.status_code == expect, f"GET {path}: {response.status_code} {response.text[:3000]}"
        seen = Seen(response)
        self.at = str(response.url)
        return seen

    async def post(self, path: str, expect: int = 200, files: Any = None, headers: Any = None, **form: Any) -> Seen:
        """Send a form from where one is; ends where its redirects lead."""
        sent = {"referer": self.at, **(headers or {})}
        response = await self.http.post(path, data=form, files=files, headers=sent)
        assert response.status_code == expect, f"POST {path}: {response.status_code} {response.text[:3000]}"
        self.at = str(response.url) if not sent.get("hx-request") else self.at
        return Seen(response)

    async def press(self, path: str, expect: int = 200, **form: Any) -> Seen:
        """As htmx sends it, for a part of the page."""
        return await self.post(path, expect, headers={"hx-request": "true"}, **form)


async def browser(network: Network, person: Person | None = None, lang: str = "en") -> Browser:
    """Signed in as somebody, by the cookie that signing in gives."""
    made = Browser(network, lang)
    if person:
        async with network.db.transaction() as conn:
            token = await accounts.grant(conn, int(person.id), SESSION_SCOPES)
        made.http.cookies.set("palabre_session", token, domain="talk.example")
    return made
