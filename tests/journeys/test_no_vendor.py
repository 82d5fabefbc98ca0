"""Nobody else is needed: with every way out closed people join, sign in in two steps, post, report, judge; the network is
archived and brought back; and nothing even tries to get out.

The walk runs as a process of its own: python -m tests.journeys.test_no_vendor FOLDER, in `tests.support.secluded`.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx2 as httpx
import pyotp
import pytest

from tests.support import secluded
from tests.support.images import png
from tests.support.running import Running, until
from tests.support.visitor import Visitor

pytestmark = pytest.mark.journey
STAFF = "read write follow push admin:read admin:write"
FEW_JURORS = {
    "PALABRE_JURY_SEATS": "3",
    "PALABRE_JURY_VOTES": "2",
    "PALABRE_JURY_ACCOUNT_DAYS": "0",
    "PALABRE_APPEALS_TO": "jury",
    "PALABRE_REVIEW_SHARE": "0",
    "PALABRE_WEB_PROCESSES": "1",
}


def test_nothing_outside_is_needed_or_asked(tmp_path: Path) -> None:
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)  # the database's own user has to get through
    walked = secluded.run("tests.journeys.test_no_vendor", tmp_path, patience=280)
    assert walked.returncode == 0, walked.stdout + walked.stderr
    assert "archived and restored" in walked.stdout


class Person:
    """A member with an application."""

    def __init__(self, network: Running, name: str, scopes: str = "read write follow push") -> None:
        self.http = network.http(network.sign_up(name, scopes))
        self.name = name

    def ask(self, path: str, **query: Any) -> Any:
        return _answer(self.http.get(path, params=query))

    def send(self, path: str, **body: Any) -> Any:
        return _answer(self.http.post(path, json=body))


class Tab(Visitor):
    """A browser of a network that runs as processes."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, follow_redirects=True, timeout=60)
        self.origin = url


def _answer(response: httpx.Response) -> Any:
    assert response.status_code in (200, 202), f"{response.request.url}: {response.status_code} {response.text[:2000]}"
    return response.json()


def main(folder: Path) -> None:
    secluded.enter()
    with Running(folder / "network", **FEW_JURORS, **secluded.inherited()) as network:
        asyncio.run(sign_in_in_two_steps(network))
        post = judged_by_a_jury(network)
        print("judged", flush=True)
        key = made(network, "archive", "--new-key", str(folder / "key")).strip()
        made(network, "archive", str(folder / "elsewhere"), "--to-key", key)
        token = network.sign_up("late")
        assert network.http(token).get(f"/api/v1/statuses/{post['id']}").status_code == 200
    restored = Running(folder / "again", **FEW_JURORS, **secluded.inherited())
    made(restored, "restore", str(folder / "elsewhere"), "--key", str(folder / "key"))
    with restored:
        found = _answer(restored.http().get(f"/api/v1/statuses/{post['id']}"))
        assert found["content"] == post["content"]
        path = urlsplit(found["media_attachments"][0]["url"]).path
        assert restored.http().get(path).content, "with its picture"
        assert "All is as it was written" in made(restored, "log", "verify")
    print("archived and restored", flush=True)
    assert secluded.attempts() == 0, f"{secluded.attempts()} times something wanted to get out"
    secluded.try_to_leave()
    assert secluded.attempts() >= 2, "what wants to get out is counted"


async def sign_in_in_two_steps(network: Running) -> None:
    """A member turns it on, and signs in elsewhere by password and code."""
    network.sign_up("amina")
    here, password = Tab(network.url), "the password of amina"
    await here.signs_in("amina", password)
    await here.open("/settings/two-factor")
    await here.send("/settings/two-factor/begin", password=password)
    uri = unquote(re.findall(r'href="(otpauth:[^"]+)"', here.html)[0].replace("&amp;", "&"))
    app = pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0])
    await here.send("/settings/two-factor/confirm", code=app.at(int(time.time())))
    codes = re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", here.html)
    elsewhere = Tab(network.url)
    await elsewhere.signs_in("amina", password)
    assert "One more step" in elsewhere.html
    await elsewhere.send("/sign-in/code", code=codes[0])
    await elsewhere.open("/settings/profile")
    assert elsewhere.path == "/settings/profile"


def judged_by_a_jury(network: Running) -> Any:
    """A post with a picture that is reported, removed, appealed for, and back by the verdict of three members."""
    alice, bob, carol = Person(network, "alice"), Person(network, "bob"), Person(network, "carol", STAFF)
    made(network, "account", "role", "carol", "moderator")
    jurors = [Person(network, f"juror{number}") for number in range(5)]
    for one in jurors:
        one.send("/api/palabre/v1/jury/join")
    media = _answer(alice.http.post("/api/v2/media", files={"file": ("well.png", png(), "image/png")}))
    post = alice.send("/api/v1/statuses", status="The mayor is wrong about the well", media_ids=[media["id"]])
    bob.send("/api/v1/reports", account_id=post["account"]["id"], status_ids=[post["id"]], comment="Rude")
    (case,) = until(lambda: carol.ask("/api/palabre/v1/cases"))
    path = f"/api/palabre/v1/cases/{case['id']}"
    decided = carol.send(f"{path}/decide", action="remove", reason="It offends the mayor.", terms=True)
    assert bob.http.get(f"/api/v1/statuses/{post['id']}").status_code == 404
    decision = decided["decisions"][-1]["id"]
    alice.send("/api/palabre/v1/appeals", case_id=case["id"], decision_id=decision, words="I quoted the minutes.")
    until(lambda: len(list(seats(jurors))) == 3)
    for juror, seat in seats(jurors):
        vote = f"/api/palabre/v1/jury/seats/{seat['panel']}/vote"
        juror.http.post(vote, json={"answer": "overturn", "reason": "Page four of the minutes says so."})
    until(lambda: bob.http.get(f"/api/v1/statuses/{post['id']}").status_code == 200)
    return bob.ask(f"/api/v1/statuses/{post['id']}")


def seats(jurors: list[Person]) -> list[tuple[Person, Any]]:
    found = [(one, one.ask("/api/palabre/v1/jury")["seats"]) for one in jurors]
    return [(one, seat) for one, seats in found for seat in seats if seat["open"]]


def made(network: Running, *arguments: str) -> str:
    done = network.command(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    main(Path(sys.argv[1]))
