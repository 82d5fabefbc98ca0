"""What a sharp stranger tried: each of these once worked, and must not again."""

import base64
import time
from typing import Any

import pytest

from palabre import settings
from palabre.features import accounts
from tests.support.images import png
from tests.support.network import Network
from tests.support.people import Person

COOKIE = "palabre_session"
BROWSER = {"sec-fetch-site": "same-origin"}


async def _token(person: Person, *scopes: str) -> str:
    async with person.network.db.transaction() as conn:
        return await accounts.grant(conn, int(person.id), scopes, client_id="tests")


async def _session(person: Person) -> str:
    async with person.network.db.transaction() as conn:
        return await accounts.start_session(conn, int(person.id))


# Who may see what


async def test_a_token_for_something_else_reads_no_private_posts(alice: Person, bob: Person) -> None:
    await bob.follows(alice)
    private = await alice.says("Only my followers", visibility="private")
    narrow = Person(bob.network, "bob", int(bob.id), await _token(bob, "push", "write:media"))
    post = f"/api/v1/statuses/{private['id']}"
    paths = [post, f"{post}/context", f"{post}/history", f"{post}/favourited_by", f"{post}/reblogged_by"]
    paths += ["/api/v1/statuses", "/api/v1/timelines/public", "/api/v1/timelines/tag/x"]
    paths += [f"/api/v1/accounts/{alice.id}{more}" for more in ("", "/statuses", "/followers", "/following")]
    for path in paths:
        await bob.get(path, **{"id[]": private["id"]})
        await narrow.get(path, expect=403, **{"id[]": private["id"]})


async def test_an_applications_token_is_no_browsers_session(alice: Person) -> None:
    token, http = await _token(alice, "read"), alice.network.http
    for path in ("/compose", "/settings/account", "/oauth/authorize", "/notifications"):
        response = await http.get(path, headers={"cookie": f"{COOKIE}={token}"})
        assert response.status_code == 303 and "/sign-in" in response.headers["location"], path
    form = {"text": "Not with this token", "status": "Not with this token"}
    await http.post("/compose", data=form, headers={"cookie": f"{COOKIE}={token}", **BROWSER})
    assert await alice.get(f"/api/v1/accounts/{alice.id}/statuses") == []
    with_session = await http.get("/compose", headers={"cookie": f"{COOKIE}={await _session(alice)}"})
    assert with_session.status_code == 200


async def test_who_is_not_let_in_yet_reads_as_a_stranger(network: Network, alice: Person, bob: Person) -> None:
    await alice.says("A needle for members")
    await network.work()
    assert (await bob.get("/api/v2/search", q="needle"))["statuses"]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET approved_at = NULL WHERE account_id = $1", int(bob.id))
    assert (await bob.get("/api/v2/search", q="needle"))["statuses"] == []


async def test_nobody_follows_who_is_not_let_in_yet(network: Network, alice: Person, bob: Person) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'pending' WHERE id = $1", int(bob.id))
    await alice.post(f"/api/v1/accounts/{bob.id}/follow", expect=404)


async def test_a_reset_link_to_an_address_given_up_opens_nothing(network: Network, alice: Person) -> None:
    from palabre.base.errors import Refused

    await accounts.set_password(network.db, int(alice.id), "a long old password")
    async with network.db.transaction() as conn:
        link = await accounts.reset_link(conn, int(alice.id))
    assert await accounts.change_email(network.db, int(alice.id), "a long old password", "new@mail.example")
    with pytest.raises(Refused):
        await accounts.reset_password(network.db, link, "whoever reads the old mail")


# Names and words


async def test_what_looks_like_an_escape_breaks_no_page(alice: Person, bob: Person) -> None:
    """A backslash and u001a: JSON's word for the mark that stands for our own address."""
    words = "\\u001a and \\\\u001a and \x1a!"
    await alice.patch("/api/v1/accounts/update_credentials", display_name="\\u001a", note="\\u001a")
    said = await alice.says(words, spoiler_text="\\u001a")
    await alice.put(f"/api/v1/statuses/{said['id']}", status=words + "!", spoiler_text="\\u001a")
    seen = (await bob.get("/api/v1/timelines/public"))[0]
    assert seen["content"] == "<p>\\u001a and \\\\u001a and !!</p>" and seen["spoiler_text"] == "\\u001a"
    assert seen["account"]["display_name"] == "\\u001a"
    assert seen["url"].startswith("https://talk.example/@alice/")
    assert len(await bob.get(f"/api/v1/statuses/{said['id']}/history")) == 2


@pytest.mark.parametrize("name", ["al\u0131ce", "\u017fam", "\u212aate", "a" * 200_000 + "!"])
async def test_names_are_of_plain_letters_and_cost_no_time(network: Network, name: str) -> None:
    """Turkish i, long s and the Kelvin sign pass for i, s and k where letters are compared without their case."""
    from palabre.base.errors import Refused

    began = time.process_time()
    async with network.db.transaction() as conn:
        with pytest.raises(Refused):
            await accounts.create(conn, name)
    assert time.process_time() - began < 2


async def test_endless_words_are_refused_before_they_are_taken_apart(alice: Person) -> None:
    began = time.process_time()
    for text in ("@a " * 600_000, "#a " * 600_000, "e" + "\u200d\u0301" * 100_000):
        await alice.post("/api/v1/statuses", expect=422, status=text)
        await alice.patch(
            "/api/v1/accounts/update_credentials", expect=422, display_name="e" + "\u200d\u0301" * 100_000
        )
    assert time.process_time() - began < 5


async def test_alt_text_holds_no_marks_of_ours(alice: Person) -> None:
    files = {"file": ("a.png", png(), "image/png")}
    response = await alice.request("POST", "/api/v2/media", files=files, data={"description": "a\x1ab\u202ec"})
    assert response.json()["description"] == "abc"


# What cannot be understood


@pytest.mark.parametrize(
    "name", ["a[\u00b2]", "a[\u0663]", f"a[{'9' * 5_000}]", "a" + "[b]" * 5_000], ids=["two", "three", "nines", "deep"]
)
async def test_strange_names_of_parameters_are_no_fault_of_ours(stranger: Person, name: str) -> None:
    response = await stranger.request("POST", "/api/v1/apps", data={name: "x"})
    assert 400 <= response.status_code < 500


async def test_half_characters_of_a_strange_charset_are_dropped(alice: Person) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="status"\r\n\r\nHello\\ud800\r\n--x--\r\n'
    headers = {"content-type": "multipart/form-data; boundary=x; charset=unicode_escape"}
    response = await alice.request("POST", "/api/v1/statuses", content=body, headers=headers)
    assert response.json()["content"] == "<p>Hello</p>"


async def test_nothing_in_an_applications_credentials_breaks_the_database(stranger: Person) -> None:
    for pair in (b"a%00b:c", b"a\0b:c"):
        headers = {"authorization": f"Basic {base64.b64encode(pair).decode()}"}
        data = {"grant_type": "client_credentials"}
        response = await stranger.request("POST", "/oauth/token", data=data, headers=headers)
        assert response.status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/compose", {"host": "["}),
        ("POST", "/compose", {"referer": "http://["}),
        ("POST", "/sign-in", {"origin": "http://["}),
        ("GET", "/sign-in?next=//[", {}),
        ("GET", "/static/" + "x" * 5_000, {}),
    ],
)
async def test_addresses_that_are_none_are_no_fault_of_ours(
    network: Network, alice: Person, method: str, path: str, headers: dict[str, str]
) -> None:
    for cookie in ({}, {"cookie": f"{COOKIE}={await _session(alice)}"}):
        response = await network.http.request(method, path, headers={**headers, **cookie})
        assert response.status_code < 500


# How much and how often


@pytest.fixture
def limited(configured: settings.Settings) -> None:
    configured.rate_limits = True


async def test_made_up_tokens_are_counted(limited: None, network: Network) -> None:
    from palabre.features.accounts.tokens import make

    for _ in range(310):
        headers = {"authorization": f"Bearer {make(7)}"}
        response = await network.http.get("/api/v1/timelines/public", headers=headers)
    assert response.status_code == 429


async def test_the_addresses_of_one_ipv6_network_count_together(limited: None, network: Network) -> None:
    import httpx2 as httpx

    statuses = set()
    for host in range(310):
        transport = httpx.ASGITransport(app=network.app, client=(f"2001:db8:1:2::{host:x}", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="https://talk.example") as http:
            statuses.add((await http.get("/api/v1/instance/rules")).status_code)
    assert statuses == {200, 429}


async def test_guessing_one_name_from_many_addresses_ends(limited: None, network: Network) -> None:
    import httpx2 as httpx

    statuses = []
    for host in range(52):
        transport = httpx.ASGITransport(app=network.app, client=(f"198.51.100.{host}", 4711))
        async with httpx.AsyncClient(transport=transport, base_url="https://talk.example") as http:
            form = {"name": " Alice", "password": f"guess {host}"}
            statuses.append(
                (await http.post("/sign-in", data=form, headers={"sec-fetch-site": "same-origin"})).status_code
            )
    assert statuses[0] == 422
    assert statuses[-1] == 429


async def test_strangers_get_the_near_part_of_a_long_thread(alice: Person, stranger: Person) -> None:
    first = await alice.says("first")
    answers = [await alice.says(f"answer {number}", in_reply_to_id=first["id"]) for number in range(62)]
    context = f"/api/v1/statuses/{first['id']}/context"
    assert len((await alice.get(context))["descendants"]) == len(answers)
    assert len((await stranger.get(context))["descendants"]) == 60


async def test_large_uploads_are_read_from_members_alone(stranger: Person, alice: Person) -> None:
    files: dict[str, Any] = {"file": ("a.png", b"x" * 3 * 1024**2, "image/png")}
    for path in ("/api/v2/media", "/api/v1/apps", "/oauth/token"):
        response = await stranger.request("POST", path, files=files)
        assert response.status_code == 401, path
    assert (await alice.request("POST", "/api/v2/media", files=files)).status_code == 422
