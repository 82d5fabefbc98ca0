"""Applications and their tokens: how they get them, and all the ways in which they don't."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from palabre.features.accounts import oauth
from palabre.features.accounts.oauth import AskedWrongly
from tests.support.network import Network
from tests.support.people import Person

BACK = "https://app.example/back"
OOB = oauth.OUT_OF_BAND
VERIFIER = "a" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


class Client:
    """An application, as far as its developers got."""

    def __init__(self, network: Network, stranger: Person, app: Any) -> None:
        self.network = network
        self.stranger = stranger
        self.app = app

    def asks(self, **more: str) -> dict[str, str]:
        asked = {"client_id": self.app["client_id"], "response_type": "code", "redirect_uri": BACK, "scope": "read"}
        return {**asked, **more}

    async def is_allowed_by(self, person: Person, **more: str) -> str:
        """The code that the person's approval gives."""
        async with self.network.db.transaction() as conn:
            return (await oauth.approve(conn, int(person.id), self.asks(**more))).code

    async def exchanges(self, code: str, expect: int = 200, **more: str) -> Any:
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **self.credentials()}
        response = await self.stranger.request("POST", "/oauth/token", data={**given, **more})
        assert response.status_code == expect, response.text
        return response.json()

    def credentials(self) -> dict[str, str]:
        return {"client_id": self.app["client_id"], "client_secret": self.app["client_secret"]}


@pytest.fixture
async def client(network: Network, stranger: Person) -> Client:
    new = {"client_name": "Pigeon", "redirect_uris": f"{BACK} {OOB}", "scopes": "read write:statuses"}
    app = await stranger.post("/api/v1/apps", **new, website="https://app.example")
    return Client(network, stranger, app)


def _with(person: Person, token: Any) -> Person:
    return Person(person.network, person.name, int(person.id), token["access_token"])


async def test_a_member_allows_an_application_to_read(client: Client, alice: Person) -> None:
    token = await client.exchanges(await client.is_allowed_by(alice))
    assert token["token_type"] == "Bearer" and token["scope"] == "read" and token["created_at"] > 1_700_000_000
    app = _with(alice, token)
    assert (await app.get("/api/v1/accounts/verify_credentials"))["acct"] == "alice"
    assert (await app.get("/api/v1/apps/verify_credentials"))["name"] == "Pigeon"
    await app.post("/api/v1/statuses", expect=403, status="not allowed")


async def test_codes_and_credentials_may_come_as_json_or_in_a_header(client: Client, alice: Person) -> None:
    code = await client.is_allowed_by(alice)
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, **client.credentials()}
    assert (await client.stranger.post("/oauth/token", **given))["scope"] == "read"
    pair = f"{client.app['client_id']}:{client.app['client_secret']}".encode()
    response = await client.stranger.request(
        "POST",
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        headers={"authorization": "Basic " + base64.b64encode(pair).decode()},
    )
    assert response.status_code == 200, response.text


async def test_the_browser_goes_back_with_the_code_and_state(network: Network, client: Client, alice: Person) -> None:
    async with network.db.transaction() as conn:
        asked = client.asks(state="x&y", scope="read:statuses write:statuses")
        answer = await oauth.approve(conn, int(alice.id), asked)
        shown = await oauth.approve(conn, int(alice.id), client.asks(redirect_uri=OOB))
        denied = await oauth.deny(conn, client.asks())
    assert answer.redirect
    assert answer.redirect.startswith(BACK + "?")
    assert parse_qs(urlsplit(answer.redirect).query) == {"code": [answer.code], "state": ["x&y"]}
    assert shown.redirect is None
    assert denied == BACK + "?error=access_denied"


async def test_a_code_works_once_and_using_it_again_ends_its_tokens(client: Client, alice: Person) -> None:
    code = await client.is_allowed_by(alice)
    app = _with(alice, await client.exchanges(code))
    await app.get("/api/v1/accounts/verify_credentials")
    assert (await client.exchanges(code, expect=400))["error"] == "invalid_grant"
    await app.get("/api/v1/accounts/verify_credentials", expect=401)


async def test_a_thief_without_the_secret_cannot_end_tokens_by_a_used_code(client: Client, alice: Person) -> None:
    code = await client.is_allowed_by(alice)
    app = _with(alice, await client.exchanges(code))
    await client.exchanges(code, expect=401, client_secret="guessed")
    await app.get("/api/v1/accounts/verify_credentials")


async def test_a_code_is_good_for_ten_minutes(network: Network, client: Client, alice: Person) -> None:
    code = await client.is_allowed_by(alice)
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE oauth_codes SET expires_at = expires_at - interval '10 minutes 1 second'")
    assert (await client.exchanges(code, expect=400))["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"client_secret": "guessed"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"code": "made up"}, 400, "invalid_grant"),
        ({"code": ""}, 400, "invalid_grant"),
        ({"redirect_uri": "https://evil.example/back"}, 400, "invalid_request"),
        ({"redirect_uri": OOB}, 400, "invalid_request"),
        ({"grant_type": "password", "username": "alice", "password": "green garden"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
async def test_no_token_without_everything_in_order(
    client: Client, alice: Person, given: dict[str, str], status: int, error: str
) -> None:
    code = await client.is_allowed_by(alice)
    assert (await client.exchanges(**{"code": code, "expect": status, **given}))["error"] == error  # type: ignore[arg-type]
    await client.exchanges(code)


async def test_a_code_is_for_the_application_that_asked(client: Client, alice: Person) -> None:
    code = await client.is_allowed_by(alice)
    other = await client.stranger.post("/api/v1/apps", client_name="Crow", redirect_uris=BACK)
    given = {"client_id": other["client_id"], "client_secret": other["client_secret"]}
    assert (await client.exchanges(code, expect=400, **given))["error"] == "invalid_grant"
    await client.exchanges(code)


@pytest.mark.parametrize(
    ("verifier", "error"), [({}, "invalid_request"), ({"code_verifier": "b" * 50}, "invalid_grant")]
)
async def test_who_proves_with_pkce_must_have_the_verifier(
    client: Client, alice: Person, verifier: dict[str, str], error: str
) -> None:
    code = await client.is_allowed_by(alice, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert (await client.exchanges(code, expect=400, **verifier))["error"] == error
    await client.exchanges(code, code_verifier=VERIFIER)


@pytest.mark.parametrize(
    ("asks", "told_to"),
    [
        ({"client_id": "nobody"}, None),
        ({"redirect_uri": "https://evil.example/back"}, None),
        ({"redirect_uri": BACK + "?more=1"}, None),
        ({"redirect_uri": ""}, None),
        ({"response_type": "token"}, BACK),
        ({"scope": "read write"}, BACK),
        ({"scope": "everything"}, BACK),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, BACK),
        ({"code_challenge": VERIFIER}, BACK),
    ],
)
async def test_a_wrong_question_is_told_to_the_application_only_at_its_own_address(
    network: Network, client: Client, asks: dict[str, str], told_to: str | None
) -> None:
    async with network.db.reading() as conn:
        with pytest.raises(AskedWrongly) as refused:
            await oauth.describe_request(conn, client.asks(**asks))
    where = refused.value.redirect
    assert where.partition("?")[0] == told_to if where else told_to is None


async def test_what_is_asked_is_described(network: Network, client: Client) -> None:
    async with network.db.reading() as conn:
        asked = await oauth.describe_request(conn, client.asks(redirect_uri=OOB, state="s"))
    assert (asked.app.name, asked.scopes, asked.out_of_band, asked.state) == ("Pigeon", ("read",), True, "s")


async def test_an_application_in_its_own_name_sees_what_strangers_see(client: Client, alice: Person) -> None:
    token = await client.stranger.post("/oauth/token", grant_type="client_credentials", **client.credentials())
    app = Person(client.network, "", 0, token["access_token"])
    assert (await app.get("/api/v1/apps/verify_credentials"))["website"] == "https://app.example"
    await app.get("/api/v1/timelines/public")
    await app.get("/api/v1/timelines/home", expect=401)
    await app.get("/api/v1/accounts/verify_credentials", expect=401)
    given = {"grant_type": "client_credentials", "scope": "read push", **client.credentials()}
    assert (await client.stranger.post("/oauth/token", expect=400, **given))["error"] == "invalid_scope"


async def test_a_token_is_given_back(client: Client, alice: Person, bob: Person) -> None:
    token = await client.exchanges(await client.is_allowed_by(alice))
    app = _with(alice, token)
    await client.stranger.post("/oauth/revoke", expect=403, token=token["access_token"], client_id="nobody")
    await client.stranger.post("/oauth/revoke", expect=403, token=bob.token, **client.credentials())
    await client.stranger.post("/oauth/revoke", token="unknown", **client.credentials())
    await app.get("/api/v1/accounts/verify_credentials")
    await client.stranger.post("/oauth/revoke", token=token["access_token"], **client.credentials())
    await app.get("/api/v1/accounts/verify_credentials", expect=401)
    await bob.get("/api/v1/accounts/verify_credentials")


@pytest.mark.parametrize(
    "new",
    [
        {"client_name": ""},
        {"redirect_uris": ""},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "/back"},
        {"redirect_uris": "https://app.example/#part"},
        {"scopes": "read everything"},
        {"website": "javascript:alert(1)"},
    ],
)
async def test_an_application_that_makes_no_sense_is_refused(stranger: Person, new: dict[str, str]) -> None:
    await stranger.post("/api/v1/apps", expect=422, **{"client_name": "Pigeon", "redirect_uris": BACK, **new})


async def test_applications_on_phones_have_schemes_of_their_own(network: Network, stranger: Person) -> None:
    for uri in ("pigeon://back", "org.example.pigeon:/back", "icecubesapp://"):
        app = await stranger.post("/api/v1/apps", client_name="Pigeon", redirect_uris=uri)
        async with network.db.reading() as conn:
            params = {"client_id": app["client_id"], "response_type": "code", "redirect_uri": uri}
            assert (await oauth.describe_request(conn, params)).redirect_uri == uri


async def test_user_information_is_for_the_scope_profile(network: Network, client: Client, alice: Person) -> None:
    from palabre.features import accounts

    async with network.db.transaction() as conn:
        token = await accounts.grant(conn, int(alice.id), ("profile",), client_id=client.app["client_id"])
    app = Person(network, "alice", int(alice.id), token)
    assert (await app.get("/oauth/userinfo"))["preferred_username"] == "alice"
    assert (await app.get("/api/v1/accounts/verify_credentials"))["acct"] == "alice"
    await app.get("/api/v1/timelines/home", expect=403)
