"""Suspended and frozen members: what is open to them, and how they learn where to go."""

import pytest

from palabre.features import accounts, moderation
from palabre.features.moderation import Ruling
from tests.entrypoints.web.conftest import PASSWORD, member
from tests.support.network import Network
from tests.support.people import Person
from tests.support.visitor import Visitor


async def sanctioned(network: Network, who: Visitor, name: str, action: str) -> Visitor:
    async with network.db.transaction() as conn:
        account_id = await accounts.by_handle(conn, name)
        assert account_id
        made = await moderation.file(conn, moderation.Complaint(account_id, source="staff"), None)
        await moderation.impose(conn, made.case_id, Ruling(action, "Enough.", terms=True, hours=24), decided_by="jury")
    return who


#: What everybody may read without signing in, a suspended member reads without signing out.
OPEN_BOOK = (
    "/moderation-log",
    "/transparency",
    "/rules",
    "/rules/history",
    "/terms/history",
    "/contact",
    "/notice",
    "/jury/panels",
    "/appeals",
)


@pytest.fixture
async def suspended(network: Network, amina: Visitor) -> Visitor:
    return await sanctioned(network, amina, "amina", "suspend")


@pytest.fixture
async def frozen(network: Network, amina: Visitor) -> Visitor:
    return await sanctioned(network, amina, "amina", "freeze")


async def test_a_suspended_member_signs_in_to_his_letters_and_nothing_else(
    suspended: Visitor, network: Network
) -> None:
    again = await Visitor(network).signs_in("amina", PASSWORD)
    assert again.path == "/letters" and "Enough." in again.html and "Your account is suspended." in again.html
    for visitor in (again, suspended):
        for path in ("/", "/public", "/@amina", "/compose", "/settings/profile", "/notifications", "/moderation"):
            await visitor.open(path, 403)
            assert "Your account is suspended." in visitor.html and 'href="/letters"' in visitor.html, path
        for path in ("/about", "/terms", "/privacy", *OPEN_BOOK, "/settings/data", "/letters"):
            await visitor.open(path)
            assert "/compose" not in visitor.html
        letter = visitor.html.partition('href="/letters/')[2].partition('"')[0]
        await visitor.open(f"/letters/{letter}")
        assert "Enough." in visitor.html and "until" in visitor.html and "court" in visitor.html
        sent = await visitor.http.post("/compose", data={"text": "Hello?"}, headers={"origin": "https://talk.example"})
        assert sent.status_code == 403
        await visitor.send("/preferences", 403, lang="fr", back="/")
        await visitor.open("/letters")
        assert "Votre compte est suspendu." in visitor.html


async def test_a_suspended_member_signs_out_and_deletes_his_account(suspended: Visitor, network: Network) -> None:
    await suspended.open("/settings/data")
    await suspended.send("/settings/data/delete", 422, delete_password="wrong", sure="1")
    await suspended.send("/settings/data/delete", delete_password=PASSWORD, sure="1")
    await Visitor(network).signs_in("amina", PASSWORD, 422)


async def test_a_suspended_member_who_signs_out_is_a_stranger(suspended: Visitor) -> None:
    await suspended.open("/letters")
    await suspended.send("/sign-out")
    await suspended.open("/public")


async def test_a_suspended_session_is_no_key_to_the_client_api(suspended: Visitor) -> None:
    token = suspended.http.cookies["palabre_session"]
    answer = await suspended.http.get("/api/palabre/v1/letters", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})


async def test_a_suspended_moderator_moderates_nothing(network: Network, alice: Person, bob: Person) -> None:
    post = await alice.says("Hm")
    await bob.post("/api/v1/reports", account_id=alice.id, status_ids=[post["id"]])
    mona = await sanctioned(network, await member(network, "mona", "moderator"), "mona", "suspend")
    async with network.db.reading() as conn:
        case_id = await conn.value("SELECT id FROM cases WHERE account_id = $1", int(alice.id))
    for path in (f"/moderation/cases/{case_id}", f"/moderation/cases/{case_id}/files/x"):
        await mona.open(path, 403)


async def test_a_frozen_member_reads_and_is_told_why_he_can_do_no_more(frozen: Visitor, alice: Person) -> None:
    post = await alice.says("Good morning")
    await frozen.open("/")
    assert "Your account is frozen" in frozen.html
    await frozen.open(f"/@alice/{post['id']}")
    for deed in ("favourite", "boost"):
        await frozen.send(f"/@alice/{post['id']}/{deed}", 403)
        assert "Your account is frozen: you can read, and not publish." in frozen.html
        await frozen.open(f"/@alice/{post['id']}")
    await frozen.send(f"/@alice/{post['id']}/bookmark")
    await frozen.open("/settings/account")
    await frozen.open("/settings/data")
    await frozen.open("/letters")
    assert "Enough." in frozen.html and "Until" in frozen.html
    await frozen.open("/compose")
    await frozen.send("/compose", 403, text="Still here")
