"""Accounts through the client API: signing up by an application, one's own profile, other people's."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
from PIL import Image

from palabre import settings
from palabre.features import accounts, instance
from palabre.features.instance.about import forget
from tests.support.network import Network
from tests.support.people import Person, said


@pytest.fixture
async def app(network: Network, stranger: Person) -> AsyncIterator[Person]:
    """An application in its own name."""
    new = {"client_name": "Pigeon", "redirect_uris": "pigeon://back", "scopes": "read write follow push"}
    made = await stranger.post("/api/v1/apps", **new)
    given = {name: made[name] for name in ("client_id", "client_secret")}
    token = await stranger.post(
        "/oauth/token", grant_type="client_credentials", scope="read write follow push", **given
    )
    yield Person(network, "", 0, token["access_token"])


def _form(**given: Any) -> dict[str, Any]:
    known = {"username": "frank", "email": "frank@mail.example", "password": "green garden", "agreement": True}
    return {**known, "locale": "fr", **given}


def _png(colour: tuple[int, int, int] = (200, 0, 0)) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(into, "PNG")
    return into.getvalue()


async def test_an_application_signs_somebody_up(network: Network, app: Person) -> None:
    token = await app.post("/api/v1/accounts", **_form())
    frank = Person(network, "frank", 0, token["access_token"])
    mine = await frank.get("/api/v1/accounts/verify_credentials")
    assert (mine["acct"], mine["source"]["privacy"], mine["role"]["permissions"]) == ("frank", "public", "0")
    await frank.says("here I am")


async def test_what_is_wrong_with_a_sign_up_is_named(app: Person, alice: Person, stranger: Person) -> None:
    answer = await app.post("/api/v1/accounts", expect=422, **_form(username="alice"))
    assert answer["details"] == {"username": [{"error": "ERR_TAKEN", "description": "has already been taken"}]}
    await alice.post("/api/v1/accounts", expect=422, **_form(agreement=False))
    await stranger.post("/api/v1/accounts", expect=401, **_form())


async def test_who_is_not_let_in_yet_can_do_nothing(network: Network, app: Person) -> None:
    settings.use(settings.current().model_copy(update={"registration": "approval"}))
    forget()
    token = await app.post("/api/v1/accounts", **_form(reason="I like talking"))
    frank = Person(network, "frank", 0, token["access_token"])
    await frank.post("/api/v1/statuses", expect=403, status="too early")
    await frank.get("/api/v1/accounts/verify_credentials", expect=403)


async def test_signing_up_too_often_is_told_when_to_come_back(app: Person) -> None:
    settings.use(settings.current().model_copy(update={"rate_limits": True}))
    for number in range(10):
        await app.post("/api/v1/accounts", expect=422, **_form(username=f"frank {number}"))
    response = await app.request("POST", "/api/v1/accounts", json=_form())
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 1800


async def test_a_profile_is_changed_as_clients_do_it(network: Network, alice: Person, stranger: Person) -> None:
    form = {
        "display_name": "Alice",
        "note": "I paint\n\nand swim",
        "locked": "true",
        "fields_attributes[0][name]": "Home",
        "fields_attributes[0][value]": "https://alice.example",
        "source[privacy]": "unlisted",
        "source[sensitive]": "true",
        "source[language]": "fr",
    }
    files = {"avatar": ("me.png", _png(), "image/png"), "header": ("sea.png", _png((0, 0, 200)), "image/png")}
    response = await alice.request("PATCH", "/api/v1/accounts/update_credentials", data=form, files=files)
    mine = response.json()
    assert response.status_code == 200, mine
    assert mine["note"] == "<p>I paint</p><p>and swim</p>"
    assert mine["source"]["note"] == "I paint\n\nand swim"
    assert mine["source"]["fields"][0]["value"] == "https://alice.example"
    assert mine["locked"] is True
    preferences = await alice.get("/api/v1/preferences")
    assert preferences["posting:default:visibility"] == "unlisted"
    assert preferences["posting:default:sensitive"] is True
    posted = await alice.says("quiet")
    assert (posted["visibility"], posted["sensitive"]) == ("unlisted", True)
    shown = await stranger.get(f"/api/v1/accounts/{alice.id}")
    key = shown["avatar"].removeprefix("https://talk.example/media/")
    picture = await stranger.request("GET", f"/media/{key}")
    assert picture.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(picture.content)).size == (400, 400)
    await _missing(stranger, key.replace("avatars", "headers"))
    assert "no-avatar" in (await alice.delete("/api/v1/profile/avatar"))["avatar"]
    assert "no-header" in (await alice.delete("/api/v1/profile/header"))["header"]
    await _missing(stranger, key)


async def _missing(stranger: Person, key: str) -> None:
    assert (await stranger.request("GET", f"/media/{key}")).status_code == 404


async def test_one_part_of_a_profile_changes_alone(alice: Person) -> None:
    await alice.patch("/api/v1/accounts/update_credentials", display_name="Alice", note="I paint")
    fields = {"0": {"name": "a", "value": "b"}}
    mine = await alice.patch("/api/v1/accounts/update_credentials", fields_attributes=fields)
    assert (mine["display_name"], mine["note"], mine["fields"][0]["name"]) == ("Alice", "<p>I paint</p>", "a")


@pytest.mark.parametrize(
    "wrong",
    [
        {"display_name": "x" * 200},
        {"fields_attributes": "many"},
        {"source": {"privacy": "secret"}},
        {"source": {"language": "le français"}},
    ],
)
async def test_a_profile_that_does_not_fit_is_refused(alice: Person, wrong: dict[str, Any]) -> None:
    await alice.patch("/api/v1/accounts/update_credentials", expect=422, **wrong)


async def test_an_avatar_that_is_no_picture_is_refused(alice: Person) -> None:
    files = {"avatar": ("me.png", b"<svg onload='alert(1)'>", "image/png")}
    response = await alice.request("PATCH", "/api/v1/accounts/update_credentials", files=files)
    assert response.status_code == 422


async def test_people_are_found_by_id_and_handle(alice: Person, bob: Person, stranger: Person) -> None:
    found = await stranger.get("/api/v1/accounts", **{"id[]": [bob.id, alice.id, "1"]})
    assert [account["acct"] for account in found] == ["bob", "alice"]
    assert (await stranger.get("/api/v1/accounts/lookup", acct="Alice@talk.example"))["id"] == alice.id
    await stranger.get("/api/v1/accounts/lookup", expect=404, acct="nobody")
    for wrong in ("1", "x", "99999999999999999999"):
        await stranger.get(f"/api/v1/accounts/{wrong}", expect=404)


async def test_what_somebody_wrote_is_filtered(alice: Person, bob: Person, stranger: Person) -> None:
    hers = await alice.says("one #tea")
    await bob.says("bob's")
    reply = await alice.says("@bob an answer", in_reply_to_id=(await bob.says("question"))["id"])
    await alice.says("for followers", visibility="private")
    path = f"/api/v1/accounts/{alice.id}/statuses"
    assert [said(post) for post in await stranger.get(path)] == [said(reply), "one #tea"]
    assert [said(post) for post in await stranger.get(path, exclude_replies="true")] == ["one #tea"]
    assert [said(post) for post in await stranger.get(path, tagged="tea")] == ["one #tea"]
    assert await stranger.get(path, only_media="true") == []
    assert await stranger.get(path, pinned="true") == []
    assert len(await alice.get(path)) == 3
    assert hers["id"]


async def test_the_network_introduces_itself(network: Network, alice: Person, stranger: Person) -> None:
    async with network.db.transaction() as conn:
        await instance.configure(conn, 0, name="The Village", contact_account_id=int(alice.id))
        await instance.set_rules(conn, [instance.Rule(0, "Be kind.")])
    await stranger.get("/api/v1/instance/terms_of_service", expect=404)
    async with network.db.transaction() as conn:
        await instance.set_terms(conn, "Be kind.\n\nBe brief.")
    new, old = await stranger.get("/api/v2/instance"), await stranger.get("/api/v1/instance")
    assert new["title"] == old["title"] == "The Village"
    assert new["domain"] == old["uri"] == "talk.example"
    assert new["contact"]["account"]["acct"] == "alice"
    assert new["registrations"]["enabled"] and not new["registrations"]["approval_required"]
    assert [rule["text"] for rule in await stranger.get("/api/v1/instance/rules")] == ["Be kind."]
    assert (await stranger.get("/api/v1/instance/terms_of_service"))["content"] == "<p>Be kind.</p><p>Be brief.</p>"
    for path in ("extended_description", "peers", "domain_blocks", "languages", "translation_languages"):
        await stranger.get(f"/api/v1/instance/{path}")
    assert await stranger.get("/api/v1/custom_emojis") == []


async def test_software_finds_its_way(alice: Person, stranger: Person) -> None:
    metadata = await stranger.get("/.well-known/oauth-authorization-server")
    assert metadata["token_endpoint"] == "https://talk.example/oauth/token"
    assert metadata["code_challenge_methods_supported"] == ["S256"]
    for link in (await stranger.get("/.well-known/nodeinfo"))["links"]:
        info = await stranger.get(link["href"].removeprefix("https://talk.example"))
        assert info["software"]["name"] == "palabre"
    await stranger.get("/nodeinfo/3.0", expect=404)
    for resource in ("acct:alice@talk.example", "https://talk.example/@alice", "https://talk.example/users/alice"):
        found = await stranger.get("/.well-known/webfinger", resource=resource)
        assert found["subject"] == "acct:alice@talk.example"
    for resource in ("acct:alice@elsewhere.example", "https://elsewhere.example/@alice", "acct:nobody@talk.example"):
        await stranger.get("/.well-known/webfinger", expect=404, resource=resource)
    await stranger.get("/.well-known/webfinger", expect=400)
    assert "webfinger" in (await stranger.request("GET", "/.well-known/host-meta")).text


async def test_a_moderator_is_known_by_his_role(carol: Person) -> None:
    assert (await carol.get("/api/v1/accounts/verify_credentials"))["role"]["name"] == "Moderator"


async def test_the_link_is_sent_again_to_whom_it_is_awaited_from(network: Network, alice: Person) -> None:
    await alice.post("/api/v1/emails/confirmations", expect=403)
    async with network.db.reading() as conn:
        assert (await accounts.member(conn, int(alice.id))).confirmed_at
