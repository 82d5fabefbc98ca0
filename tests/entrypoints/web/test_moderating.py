"""Moderators read cases, decide them with a reason, and take decisions back, through the pages."""

import re

import pytest

from tests.entrypoints.web.conftest import member
from tests.support import images
from tests.support.network import Network
from tests.support.people import Person, said
from tests.support.visitor import Visitor


@pytest.fixture
async def case(network: Network, moderator: Visitor, alice: Person, bob: Person) -> str:
    """Alice reported a post of Bob's with a picture; the path of the case."""
    sent = await bob.request("POST", "/api/v2/media", files={"file": ("x.png", images.png(), "image/png")})
    post = await bob.says("Burn that bench down.", media_ids=[sent.json()["id"]])
    await alice.post(
        "/api/v1/reports", account_id=bob.id, status_ids=[post["id"]], comment="He means it.", category="spam"
    )
    await network.work()
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found and "Burn that bench down." in moderator.html
    await moderator.open(found[1])
    return found[1]


async def test_a_case_shows_what_was_kept_even_when_it_is_gone(case: str, moderator: Visitor, bob: Person) -> None:
    mine = await bob.get(f"/api/v1/accounts/{bob.id}/statuses")
    await bob.delete(f"/api/v1/statuses/{mine[0]['id']}")
    await bob.network.work()
    await moderator.open(case)
    assert "Burn that bench down." in moderator.html and "He means it." in moderator.html
    kept = re.search(rf'src="({case}/files/[^"]+)"', moderator.html)
    assert kept and '<details class="veil">' in moderator.html
    assert (await moderator.http.get(kept[1])).status_code == 200
    assert (await Visitor(bob.network).http.get(kept[1], follow_redirects=False)).status_code == 303


async def test_a_decision_needs_a_reason(case: str, moderator: Visitor) -> None:
    await moderator.send(f"{case}/decide", 422, action="warn", ground="terms", reason=" ", answer="Kept.")
    assert 'id="e-reason"' in moderator.html and "Kept." in moderator.html
    await moderator.send(f"{case}/decide", 422, action=None, reason="Because.")
    assert 'id="e-action"' in moderator.html


async def test_a_decision_is_carried_out_told_and_taken_back(
    case: str, moderator: Visitor, alice: Person, bob: Person
) -> None:
    await moderator.send(f"{case}/take")
    await moderator.send(f"{case}/note", note="He was warned before.")
    await moderator.send(f"{case}/decide", action="remove", ground="terms", reason="A threat.")
    assert "Decided. Everybody concerned is told." in moderator.html
    assert "He was warned before." in moderator.html and f'action="{case}/decide"' not in moderator.html
    assert await alice.get(f"/api/v1/accounts/{bob.id}/statuses") == []
    await moderator.send(f"{case}/undo", 422, undo_reason="")
    await moderator.send(f"{case}/undo", undo_reason="Too hard.")
    assert [said(post) for post in await alice.get(f"/api/v1/accounts/{bob.id}/statuses")] == ["Burn that bench down."]
    await moderator.send(f"{case}/reopen")
    await moderator.send(f"{case}/decide", action="dismiss", reason="Nothing in it.")


async def test_every_action_is_offered_in_the_moderators_language(case: str, network: Network) -> None:
    french = await member(network, "maude", "moderator", "fr")
    await french.open(case)
    for name in ("dismiss", "warn", "label", "sensitive", "remove", "limit", "freeze", "suspend"):
        assert f'value="{name}"' in french.html
    assert "Avertir" in french.html and "Warn" not in french.html


async def test_staff_find_accounts_and_open_cases_themselves(moderator: Visitor, bob: Person) -> None:
    await moderator.open("/moderation/accounts?q=bob@mail")
    assert "bob@mail.example" in moderator.html
    await moderator.send(f"/moderation/accounts/{bob.id}/case")
    assert re.fullmatch(r"/moderation/cases/\d+", moderator.path)
    assert 'value="remove"' not in moderator.html and 'value="limit"' in moderator.html


async def test_a_party_does_not_decide(network: Network, case: str, alice: Person) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET role = 'moderator' WHERE account_id = $1", int(alice.id))
        token = await _session(network, conn, int(alice.id))
    visitor = Visitor(network)
    visitor.http.cookies.set("palabre_session", token)
    await visitor.open(case)
    assert "You are a party to this case" in visitor.html and f'action="{case}/decide"' not in visitor.html


async def _session(network: Network, conn: object, account_id: int) -> str:
    from palabre.features import accounts

    return await accounts.start_session(conn, account_id)  # type: ignore[arg-type]


SPAM = "Buy cheap watches today at https://watches{0}.example/{0} dear friend {0}, the offer ends soon, really cheap"


async def spammed(network: Network, alice: Person, bob: Person, many: int = 3) -> None:
    for number in range(many):
        post = await bob.says(SPAM.format(number))
        await alice.post("/api/v1/reports", account_id=bob.id, status_ids=[post["id"]], category="spam")
    await network.work()


async def test_those_alike_are_one_row_and_one_form(
    network: Network, moderator: Visitor, alice: Person, bob: Person
) -> None:
    await spammed(network, alice, bob)
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/groups/\d+)"', moderator.html)
    assert found and "3 like this" in moderator.html and moderator.html.count("data-case=") == 1
    await moderator.open(found[1])
    ids = re.findall(r'name="cases\[\]" value="(\d+)" form="ticks" checked', moderator.html)
    assert len(ids) == 3
    form = {"group": found[1].rpartition("/")[2], "shown[]": ids, "cases[]": ids[:2]}
    refused = await moderator.http.post("/moderation/bulk", data=form | {"action": "remove", "reason": ""})
    assert refused.status_code == 422 and 'id="e-reason"' in refused.text
    assert refused.text.count('form="ticks" checked') == 2
    moderator.page = await moderator.http.post("/moderation/bulk", data=form | {"action": "remove", "reason": "Spam."})
    assert "2 of 2 decided" in moderator.html
    await moderator.send(f"{moderator.path}/undo", reason="No spam", reopen="1")
    assert "2 taken back" in moderator.html
    await moderator.open(found[1])
    assert moderator.html.count("data-case=") == 3


async def test_ticked_cases_are_decided_together(
    network: Network, moderator: Visitor, alice: Person, bob: Person
) -> None:
    await spammed(network, alice, bob, 2)
    await moderator.open("/moderation?order=newest&group=")
    async with network.db.reading() as conn:
        ids = [row["id"] for row in await conn.rows("SELECT id FROM cases")]
    await moderator.open("/moderation/bulk?" + "&".join(f"cases[]={one}" for one in ids))
    assert moderator.html.count("data-case=") == 2
    none = await moderator.http.post("/moderation/bulk", data={"action": "dismiss", "reason": "Fine"})
    assert none.status_code == 422 and "Tick at least one case." in none.text


async def test_filters_are_kept_and_forgotten(network: Network, moderator: Visitor, alice: Person, bob: Person) -> None:
    await spammed(network, alice, bob, 1)
    await moderator.open("/moderation?category=legal")
    assert "No case matches" in moderator.html
    await moderator.send("/moderation/filters", 422, name="")
    await moderator.open("/moderation?category=spam&text=watches")
    await moderator.send("/moderation/filters", name="Adverts")
    assert "Adverts" in moderator.html and moderator.html.count("data-case=") == 1
    forget = re.search(r"/moderation/filters/\d+/delete", moderator.html)
    assert forget
    await moderator.send(forget[0])
    assert "Adverts" not in moderator.html
    assert (await moderator.http.get("/moderation?lane=fast")).status_code == 422
    assert (await moderator.http.get("/moderation?after=nonsense")).status_code == 422


async def test_the_next_case_and_ones_own_desk(
    network: Network, moderator: Visitor, alice: Person, bob: Person
) -> None:
    await moderator.open("/moderation")
    await moderator.send("/moderation/next")
    assert "No case is waiting that you may decide." in moderator.html
    await spammed(network, alice, bob, 1)
    await moderator.send("/moderation/next")
    assert "With mira" in moderator.html and "Why it is where it is" in moderator.html
    await moderator.open("/moderation/desk")
    await moderator.send("/moderation/desk", 422, break_after="many")
    await moderator.send("/moderation/desk", break_after="10", shortcuts=None)
    await moderator.open("/moderation?tab=mine")
    assert 'data-keys="off"' in moderator.html and moderator.html.count("data-case=") == 1


async def test_sealed_pictures_take_two_steps(network: Network, moderator: Visitor, alice: Person, bob: Person) -> None:
    sent = await bob.request("POST", "/api/v2/media", files={"file": ("x.png", images.png(), "image/png")})
    post = await bob.says("See", media_ids=[sent.json()["id"]])
    await alice.post("/api/v1/reports", account_id=bob.id, status_ids=[post["id"]], category="legal")
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE reports SET category = 'child'")
        await conn.execute("UPDATE cases SET categories = '{child}', severity = 3")
        case_id = await conn.value("SELECT id FROM cases")
    path = f"/moderation/cases/{case_id}"
    await moderator.open(path)
    assert "The pictures are sealed" in moderator.html and "/files/" not in moderator.html
    await moderator.send(f"{path}/look", 422, look_reason="I must know")
    await moderator.send(f"{path}/look", 422, look_reason=" ", sure="1")
    await moderator.send(f"{path}/look", look_reason="The police ask which one it is", sure="1")
    assert "/files/" in moderator.html and "looked at the sealed pictures: The police ask" in moderator.html
