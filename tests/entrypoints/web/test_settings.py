"""Members change what is theirs, let applications in, and leave, through the pages."""

import io
import re
from urllib.parse import parse_qs, urlsplit

from PIL import Image

from tests.entrypoints.web.conftest import PASSWORD, member
from tests.support.network import Network
from tests.support.people import Person
from tests.support.visitor import Visitor


def picture() -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").save(file, "PNG")
    return file.getvalue()


async def test_a_profile_is_what_was_written_and_shows_at_once(network: Network, amina: Visitor) -> None:
    await amina.open("/settings/profile")
    await amina.send(
        "/settings/profile",
        display_name="Amina D.",
        note="Bread & books",
        field_1_name="Place",
        field_1_value="Thiès",
        locked="1",
        files={"avatar": ("me.png", picture(), "image/png")},
    )
    assert (
        "Your profile is saved." in amina.html and "Bread &amp; books" in amina.html and 'value="Thiès"' in amina.html
    )
    shown = await network.stranger().get("/api/v1/accounts/lookup", acct="amina")
    assert shown["display_name"] == "Amina D." and shown["locked"] and "/media/avatars/" in shown["avatar"]
    await amina.send("/settings/profile", remove_avatar="1")
    assert "/media/avatars/" not in (await network.stranger().get("/api/v1/accounts/lookup", acct="amina"))["avatar"]


async def test_a_file_that_is_no_picture_is_said_beside_the_field(amina: Visitor) -> None:
    await amina.open("/settings/profile")
    await amina.send(
        "/settings/profile", 422, display_name="Kept", files={"avatar": ("x.png", b"not a picture", "image/png")}
    )
    assert 'id="e-avatar"' in amina.html and 'value="Kept"' in amina.html
    await amina.send("/settings/profile", 422, field_2_name="", field_2_value="no label")
    assert "Every fact needs a label." in amina.html


async def test_language_and_theme_change_the_pages_at_once(amina: Visitor) -> None:
    await amina.open("/settings/account")
    await amina.send("/settings/account/reading", lang="fr", theme="dark", visibility="private", language="fr")
    assert 'lang="fr"' in amina.html and 'data-theme="dark"' in amina.html and "Enregistré." in amina.html
    await amina.send("/settings/account/reading", 422, lang="fr", theme="pink")
    assert 'id="e-theme"' in amina.html


async def test_a_new_password_asks_for_the_old_one(network: Network, amina: Visitor) -> None:
    elsewhere = Visitor(network)
    await elsewhere.signs_in("amina", PASSWORD, 200)
    await amina.open("/settings/account")
    await amina.send("/settings/account/password", 422, password="wrong", new_password="quite another one")
    assert 'id="e-password"' in amina.html
    await amina.send("/settings/account/password", 422, password=PASSWORD, new_password="short")
    assert 'id="e-new_password"' in amina.html
    await amina.send("/settings/account/password", password=PASSWORD, new_password="quite another one")
    assert "Your password is changed." in amina.html
    await elsewhere.open("/settings/account")
    assert elsewhere.path == "/sign-in"


async def test_an_address_somebody_has_is_not_given_twice(amina: Visitor, moderator: Visitor) -> None:
    await amina.open("/settings/account")
    await amina.send("/settings/account/email", 422, email="mira@mail.example", email_password=PASSWORD)
    assert "Somebody already uses this address." in amina.html
    await amina.send("/settings/account/email", 422, email="a@mail.example", email_password="wrong")
    assert 'id="e-email_password"' in amina.html
    await amina.send("/settings/account/email", email="a@mail.example", email_password=PASSWORD)
    assert "Your address is changed." in amina.html


async def test_other_sessions_are_listed_and_ended(network: Network, amina: Visitor) -> None:
    elsewhere = Visitor(network)
    await elsewhere.signs_in("amina", PASSWORD, 200)
    await amina.open("/settings/sessions")
    assert amina.html.count("Firefox on Linux") >= 2 and amina.html.count("This device") == 1
    await amina.send("/settings/sessions/end-others")
    await elsewhere.open("/settings/sessions")
    assert elsewhere.path == "/sign-in"


async def test_nobody_ends_anothers_session(network: Network, amina: Visitor, moderator: Visitor) -> None:
    await amina.http.post("/sign-in", data={"name": "amina", "password": PASSWORD}, follow_redirects=False)
    await Visitor(network).signs_in("amina", PASSWORD, 200)
    await amina.open("/settings/sessions")
    action = "/settings/sessions/" + amina.html.partition('action="/settings/sessions/')[2].partition('"')[0]
    answer = await moderator.http.post(action)
    assert answer.status_code == 404


async def test_deleting_asks_for_the_password_and_is_final(network: Network, amina: Visitor) -> None:
    await amina.open("/settings/data")
    await amina.send("/settings/data/delete", 422, delete_password="wrong", sure="1")
    assert 'id="e-delete_password"' in amina.html
    await amina.send("/settings/data/delete", 200, delete_password=PASSWORD, sure="1")
    await network.stranger().get("/api/v1/accounts/lookup", 404, acct="amina")
    await amina.signs_in("amina", PASSWORD, 422)


async def _asks(stranger: Person, redirect_uri: str) -> str:
    app = await stranger.post(
        "/api/v1/apps", client_name="Tusky <b>", redirect_uris=redirect_uri, scopes="read write follow"
    )
    return (
        f"/oauth/authorize?client_id={app['client_id']}&response_type=code"
        f"&redirect_uri={redirect_uri}&scope=read+write&state=x%26y"
    )


async def test_an_app_is_let_in_after_signing_in(stranger: Person, guest: Visitor, amina: Visitor) -> None:
    await guest.open(await _asks(stranger, "tusky://callback"))
    await guest.send("/sign-in", name="amina", password=PASSWORD)
    assert guest.path == "/oauth/authorize" and "Tusky &lt;b&gt;" in guest.html
    assert "form-action" not in guest.page.headers["content-security-policy"]
    guest.http.follow_redirects = False
    await guest.send("/oauth/authorize", 303, answer="allow")
    found = urlsplit(guest.page.headers["location"])
    assert found.scheme == "tusky" and parse_qs(found.query)["state"] == ["x&y"] and parse_qs(found.query)["code"]


async def test_an_app_that_is_turned_away_hears_of_it(stranger: Person, amina: Visitor) -> None:
    await amina.open(await _asks(stranger, "https://app.example/cb"))
    amina.http.follow_redirects = False
    await amina.send("/oauth/authorize", 303, answer="deny")
    assert amina.page.headers["location"].startswith("https://app.example/cb?error=access_denied")


async def test_without_an_address_to_return_to_the_code_is_shown(stranger: Person, amina: Visitor) -> None:
    await amina.open(await _asks(stranger, "urn:ietf:wg:oauth:2.0:oob"))
    await amina.send("/oauth/authorize", answer="allow")
    assert "Copy this code" in amina.html


async def test_an_unknown_app_is_refused_on_a_page(amina: Visitor) -> None:
    await amina.open("/oauth/authorize?client_id=nobody&response_type=code&redirect_uri=https://evil.example/", 400)
    assert "start again from the application" in amina.html


async def test_an_app_is_revoked(stranger: Person, amina: Visitor) -> None:
    made = await stranger.post("/api/v1/apps", client_name="toot", redirect_uris="urn:ietf:wg:oauth:2.0:oob")
    ask = "/oauth/authorize?response_type=code&redirect_uri=urn:ietf:wg:oauth:2.0:oob&client_id="
    await amina.open(ask + made["client_id"])
    await amina.send("/oauth/authorize", answer="allow")
    code = amina.html.partition('class="input code" value="')[2].partition('"')[0]
    token = await stranger.post(
        "/oauth/token",
        grant_type="authorization_code",
        code=code,
        client_id=made["client_id"],
        client_secret=made["client_secret"],
        redirect_uri="urn:ietf:wg:oauth:2.0:oob",
    )
    app = Person(stranger.network, "amina", 0, token["access_token"])
    await app.get("/api/v1/accounts/verify_credentials")
    await amina.open("/settings/sessions")
    action = "/settings/apps/" + amina.html.partition('action="/settings/apps/')[2].partition('"')[0]
    await amina.send(action)
    await app.get("/api/v1/accounts/verify_credentials", 401)


async def test_members_see_no_staff_pages(network: Network, amina: Visitor, moderator: Visitor) -> None:
    owners = ("/admin", "/admin/rules", "/admin/people", "/setup/2", "/setup/5")
    for path in (*owners, "/admin/sign-ups", "/moderation", "/moderation/accounts", "/moderation/cases/1"):
        await amina.open(path, 403)
        await Visitor(network).open(path)  # to sign in
    for path in owners:
        await moderator.open(path, 403)
    assert (await amina.http.post("/admin/people/1/role", data={"role": "owner"})).status_code == 403
    assert (await moderator.http.post("/admin/rules", data={"text": "Obey."})).status_code == 403


async def test_the_owner_shapes_the_community(network: Network, owner: Visitor) -> None:
    await owner.open("/admin")
    await owner.send("/admin", 422, name="Baobab", contact="nonsense")
    assert 'id="e-contact"' in owner.html
    await owner.send("/admin", name="Baobab", contact="help@mail.example", terms="Be kind.", languages=["en", "fr"])
    assert (await network.stranger().get("/api/v2/instance"))["title"] == "Baobab"
    await owner.open("/admin/rules")
    for text in ("First", "Second"):
        await owner.send("/admin/rules", text=text, hint="")
    up = re.search(r'formaction="(/admin/rules/\d+/up)"', owner.html)
    assert up
    await owner.http.post(up[1])
    assert [rule["text"] for rule in await network.stranger().get("/api/v1/instance/rules")] == ["Second", "First"]
    await owner.open("/admin/rules")
    await owner.send("/admin/rules", 422, text=" ", hint="")
    assert "At most 50 rules" in owner.html


async def test_the_last_owner_stays_owner(network: Network, owner: Visitor) -> None:
    await member(network, "bob")
    await owner.open("/admin/people?q=bo")
    action = owner.html.partition('action="/admin/people/')[2].partition('"')[0]
    await owner.send(f"/admin/people/{action}", role="moderator")
    await owner.open("/admin/people")
    assert "bob" in owner.html
    mine = next(part for part in owner.html.split("<article")[1:] if "@olga" in part)
    action = mine.partition('action="/admin/people/')[2].partition('"')[0]
    await owner.send(f"/admin/people/{action}", 422, role="member")
    assert "You are the only owner." in owner.html
