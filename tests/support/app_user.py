"""A browser without a screen: signs in and lets applications in, by the pages' own forms."""

import html
import re

import httpx2 as httpx

from tests.support.running import Running


class Browser:
    """Keeps the cookies of one visitor."""

    def __init__(self, network: Running) -> None:
        self.http = httpx.Client(
            base_url=network.url, timeout=60, headers={"origin": network.url, "accept-language": "en"}
        )

    def sign_in(self, name: str, password: str) -> None:
        answer = self.http.post("/sign-in", data={"name": name, "password": password})
        assert answer.status_code == 303, answer.text

    def let_in(self, url: str) -> str:
        """Allow what an application asks for at this address; the code that it, or the visitor, is given."""
        page = self.http.get(url)
        assert page.status_code == 200, page.text
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
        form = {html.unescape(name): html.unescape(value) for name, value in fields}
        answer = self.http.post("/oauth/authorize", data={**form, "answer": "allow"})
        if answer.status_code == 303:
            return str(httpx.URL(answer.headers["location"]).params["code"])
        shown = re.search(r'class="input code" value="([^"]+)"', answer.text)
        assert shown, answer.text
        return html.unescape(shown[1])
