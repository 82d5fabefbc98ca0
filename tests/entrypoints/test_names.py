"""The network under a spare name: everything Alice does works there, and who she is stays with the first."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from palabre import settings
from palabre.base import mail, signing
from palabre.base.signing import PublicKey
from palabre.features import accounts, instance
from palabre.features.accounts import SignUp
from palabre.features.instance import NotUs
from tests.entrypoints.web.conftest import PASSWORD
from tests.support.images import png, upload
from tests.support.listening import listening
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox
from tests.support.visitor import Visitor

FIRST, SPARE = "https://talk.example", "https://talk2.example"
OOB = "urn:ietf:wg:oauth:2.0:oob"
WISH = {"username": "alice", "email": "alice@mail.example", "password": PASSWORD, "agreement": "1"}


def _set(**changes: object) -> None:
    settings.use(settings.Settings(**{**settings.current().model_dump(), **changes}))


@pytest.fixture(autouse=True)
def spare(configured: settings.Settings) -> None:
    _set(domains=["talk2.example", "talk3.example"])


@pytest.fixture
def post_box() -> Iterator[PostBox]:
    box = PostBox()
    mail.use(box)
    yield box
    mail.use(None)


async def at(network: Network, host: str, path: str, person: Person | None = None, **more: Any) -> httpx.Response:
    headers = {"host": host, **({"authorization": f"Bearer {person.token}"} if person else {})}
    return await network.http.get(path, headers=headers, **more)


async def test_alice_joins_posts_a_picture_and_signs_in_again_under_the_spare_name(network: Network) -> None:
    alice = Visitor(network, origin=SPARE)
    await alice.open("/sign-up")
    await alice.send("/sign-up", **WISH)
    await alice.open("/compose")
    await alice.send("/compose", text="From the other door", files={"picture_1": ("picture.png", png(), "image/png")})
    await alice.open("/@alice")
    assert "From the other door" in alice.html and FIRST not in alice.html
    post = re.findall(r'href="/@alice/(\d+)"', alice.html)[0]
    await alice.open(re.findall(r'src="(/media/[^"]+)"', alice.html)[0])
    await alice.open(f"/@alice/{post}")
    assert f'property="og:url" content="{SPARE}/@alice/{post}"' in alice.html and FIRST not in alice.html
    (cookie,) = [c for c in alice.http.cookies.jar if c.name == "palabre_session"]
    assert cookie.domain.startswith("talk2.example")

    again = Visitor(network, origin=SPARE)
    await again.signs_in("alice", PASSWORD)
    assert again.page.url.host == "talk2.example"
    await again.open("/settings/account")
    assert "alice@mail.example" in again.html


async def test_a_client_takes_the_spare_name_for_its_instance(network: Network, stranger: Person) -> None:
    await accounts.add_member(network.db, SignUp("alice", "alice@mail.example", PASSWORD))
    network.http.base_url = SPARE
    about = await stranger.get("/api/v2/instance")
    assert about["domain"] == "talk.example"
    assert about["configuration"]["urls"]["streaming"] == "wss://talk2.example"
    assert (await stranger.get("/api/v1/instance"))["urls"]["streaming_api"] == "wss://talk2.example"
    server = await stranger.get("/.well-known/oauth-authorization-server")
    assert {url for name, url in server.items() if name.endswith(("_endpoint", "issuer"))} == {
        f"{SPARE}{path}"
        for path in ("/", "/oauth/authorize", "/oauth/token", "/api/v1/apps", "/oauth/revoke", "/oauth/userinfo")
    }
    app = await stranger.post("/api/v1/apps", client_name="Pigeon", redirect_uris=OOB, scopes="read write profile")

    browser = Visitor(network, origin=SPARE)
    asked = {"client_id": app["client_id"], "response_type": "code", "redirect_uri": OOB, "scope": "read write profile"}
    await browser.open(f"/oauth/authorize?{httpx.QueryParams(asked)}")
    assert browser.path == "/sign-in"
    await browser.send("/sign-in", name="alice", password=PASSWORD)
    assert browser.path == "/oauth/authorize"
    await browser.send("/oauth/authorize", answer="allow")
    code = browser.html.partition('class="input code" value="')[2].partition('"')[0]
    keys = {"client_id": app["client_id"], "client_secret": app["client_secret"], "redirect_uri": OOB}
    token = await stranger.post("/oauth/token", grant_type="authorization_code", code=code, **keys)

    alice = Person(network, "alice", 0, token["access_token"])
    picture = await upload(alice)
    post = await alice.says("I am @alice, see #here", media_ids=[picture["id"]])
    assert post["url"].startswith(f"{SPARE}/@alice/") and post["account"]["url"] == f"{SPARE}/@alice"
    assert post["uri"] == f"{FIRST}/users/alice/statuses/{post['id']}"
    assert post["account"]["uri"] == f"{FIRST}/users/alice" and post["account"]["acct"] == "alice"
    assert f'href="{SPARE}/tags/here"' in post["content"] and FIRST not in post["content"]
    assert picture["url"].startswith(f"{SPARE}/media/") and post["media_attachments"][0]["url"] == picture["url"]
    assert (await network.http.get(picture["url"])).status_code == 200
    userinfo = await alice.get("/oauth/userinfo")
    assert (userinfo["iss"], userinfo["sub"]) == (f"{SPARE}/", f"{FIRST}/users/alice")

    network.http.base_url = FIRST
    home = await alice.get("/api/v1/timelines/home")
    assert home[0]["url"].startswith(FIRST) and home[0]["media_attachments"][0]["url"].startswith(FIRST)


async def test_links_to_more_lead_on_under_the_same_name(network: Network, alice: Person) -> None:
    for number in range(3):
        await alice.says(f"Post {number}")
    link = (
        await at(network, "talk2.example", f"/api/v1/accounts/{alice.id}/statuses", alice, params={"limit": 1})
    ).headers["link"]
    assert link.count(SPARE) == 2 and FIRST not in link


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("talk.example", FIRST),
        ("talk2.example", SPARE),
        ("TALK2.example:443", SPARE),
        ("talk3.example", "https://talk3.example"),
        ("evil.example", FIRST),
        ("talk2.example.evil.example", FIRST),
        ("talk2.example:8443", FIRST),
        ('talk2.example"><script>', FIRST),
        ("", FIRST),
    ],
)
async def test_only_names_of_ours_are_ever_put_into_answers(network: Network, host: str, origin: str) -> None:
    answer = await at(network, host, "/api/v2/instance")
    assert answer.json()["thumbnail"]["url"] == f"{origin}/static/icon-180.png"
    page = await at(network, host, "/about")
    assert page.status_code == 200 and "evil.example" not in page.text


async def test_a_forwarded_host_is_not_believed(network: Network) -> None:
    answer = await network.http.get("/api/v2/instance", headers={"x-forwarded-host": "talk2.example"})
    assert answer.json()["configuration"]["urls"]["streaming"] == "wss://talk.example"


async def test_each_name_is_a_site_of_its_own_for_forms(network: Network) -> None:
    """The first name may be in somebody else's hands: its pages must not press our members' buttons."""
    headers = {"host": "talk2.example"}
    for origin, status in ((SPARE, 422), (FIRST, 403), ("https://talk3.example", 403), ("null", 403)):
        answer = await network.http.post("/sign-up", data={}, headers={**headers, "origin": origin})
        assert answer.status_code == status, origin


async def test_who_one_is_can_be_asked_for_by_any_name(network: Network, alice: Person) -> None:
    for resource in ("acct:alice@talk.example", "acct:alice@talk2.example", f"{SPARE}/@alice", f"{FIRST}/users/alice"):
        found = (await at(network, "talk2.example", "/.well-known/webfinger", params={"resource": resource})).json()
        assert found["subject"] == "acct:alice@talk.example"
    unknown = await at(
        network, "talk2.example", "/.well-known/webfinger", params={"resource": "acct:alice@evil.example"}
    )
    assert unknown.status_code == 404


async def test_addresses_under_any_name_are_found_by_search(network: Network, alice: Person) -> None:
    post = await alice.says("Look here")
    for origin in (FIRST, SPARE):
        found = await alice.get("/api/v2/search", q=f"{origin}/@alice/{post['id']}", type="statuses")
        assert [each["id"] for each in found["statuses"]] == [post["id"]]
    assert (await alice.get("/api/v2/search", q="@alice@talk2.example", type="accounts"))["accounts"][0][
        "id"
    ] == alice.id


async def test_mail_links_to_the_first_name_until_it_is_lost_whoever_asks(network: Network, post_box: PostBox) -> None:
    """A stranger chooses the Host of his request, and a lost name may be his: it must not choose where Alice's secrets go."""
    await accounts.add_member(network.db, SignUp("alice", "alice@mail.example", PASSWORD))
    expected = ((FIRST, {}), (SPARE, {"domain_lost": True}))
    for origin, change in expected:
        _set(**change)
        for host in ("talk.example", "talk2.example", "talk3.example", "evil.example"):
            headers = {"host": host, "origin": f"https://{host}"}
            answer = await network.http.post("/forgot", data={"email": "alice@mail.example"}, headers=headers)
            assert answer.status_code in (200, 303), answer.text
            await network.work()
            assert f"{origin}/reset/" in post_box.to("alice@mail.example")[-1].text


async def test_a_lost_first_name_leads_to_the_spare_one(network: Network, alice: Person) -> None:
    _set(domain_lost=True)
    for host in ("talk.example", "evil.example", "talk2.example"):
        said = (await at(network, host, "/api/v2/instance")).json()
        assert said["configuration"]["urls"]["streaming"] == "wss://talk2.example" and said["domain"] == "talk.example"
    assert settings.current().sender == "palabre@talk2.example"
    post = await alice.says("Still here")
    assert post["uri"].startswith(FIRST) and post["url"].startswith(SPARE)


async def test_proxies_may_ask_which_names_are_ours(network: Network) -> None:
    for name, status in (("talk.example", 200), ("talk2.example", 200), ("evil.example", 404), ("", 404)):
        answer = await network.http.get("/.well-known/palabre-name", params={"domain": name})
        assert answer.status_code == status, name


async def test_a_name_proves_that_it_leads_to_this_very_network(network: Network) -> None:
    async with network.db.transaction() as conn:
        ours = (await signing.signer(conn)).public
    async with listening(network) as address:
        port = address.rpartition(":")[2]
        await instance.prove(address, ours)
        with pytest.raises(NotUs, match="not this network"):
            await instance.prove(address, PublicKey(1, bytes(32), ours.since, b""))
        with pytest.raises(NotUs, match=f"leads here, but as {address}"):  # which no setting names
            await instance.prove(f"http://localhost:{port}", ours)
        _set(domains=[f"localhost:{port}"])
        await instance.prove(f"http://localhost:{port}", ours)
    with pytest.raises(NotUs, match="connection failed"):
        await instance.prove(address, ours)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('spare_domains = ["talk2.example"]', "spare_domains is called domains now"),
        ('domains = ["https://talk2.example"]', "Setting domains: 'https://talk2.example' must be a host alone"),
        ("domain_lost = true", "set domains"),
        ('domains = ["127.0.0.1:8000"]', "the first name already"),
    ],
)
def test_a_name_that_cannot_be_is_said_plainly(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "palabre.toml").write_text(written)
    words = [sys.executable, "-m", "palabre", "settings", "--data", str(tmp_path)]
    ended = subprocess.run(words, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1 and said in ended.stderr and "Traceback" not in ended.stderr
