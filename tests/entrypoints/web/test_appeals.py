"""Appeals and second looks, through the pages alone."""

import re

import pytest

from palabre import settings
from palabre.base import mail
from palabre.features import moderation
from palabre.features.accounts import Caller
from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox
from tests.support.visitor import Visitor


@pytest.fixture
async def removed(network: Network, moderator: Visitor, amina: Visitor, bob: Person) -> str:
    """Mira removed a post of Amina's; the path of the case."""
    await amina.open("/compose")
    await amina.send("/compose", text="The mayor is wrong about the well")
    amina_id = (await bob.get("/api/v1/accounts/lookup", acct="amina"))["id"]
    (post,) = await bob.get(f"/api/v1/accounts/{amina_id}/statuses")
    await bob.post("/api/v1/reports", account_id=amina_id, status_ids=[post["id"]], category="other")
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found
    await moderator.open(found[1])
    await moderator.send(f"{found[1]}/decide", action="remove", ground="terms", reason="Too loud.")
    await network.work()
    return found[1]


async def appeal_link(who: Visitor) -> str:
    """From the newest letter to the form."""
    await who.open("/letters")
    letter = re.search(r'href="(/letters/\d+)"', who.html)
    assert letter
    await who.open(letter[1])
    found = re.search(r'href="(/appeals/new\?letter=\d+)"', who.html)
    assert found
    return found[1]


async def appeals(who: Visitor, words: str = "I quoted the minutes.") -> Visitor:
    await who.open(await appeal_link(who))
    return await who.send("/appeals/new", words=words)


async def test_from_the_letter_to_the_reversal(
    network: Network, removed: str, amina: Visitor, moderator: Visitor, bob: Person
) -> None:
    await appeals(amina)
    assert amina.path == "/appeals" and "I quoted the minutes." in amina.html and "Being looked into" in amina.html
    await moderator.open("/moderation/appeals")
    assert "Against decisions of yours" in moderator.html and "No appeal is waiting for you" in moderator.html
    found = re.search(rf'href="({removed}/appeals/\d+)"', moderator.html)
    assert found
    await moderator.open(found[1])
    assert f'action="{found[1]}/judge"' not in moderator.html
    await moderator.send(f"{found[1]}/view", view="She shouts a lot.")
    french = await member(network, "maude", "moderator", "fr")
    await french.open("/moderation/appeals")
    assert found[1] in french.html
    await french.open(found[1])
    assert "She shouts a lot." in french.html and "The mayor is wrong about the well" in french.html
    await french.send(f"{found[1]}/ask", words="Quelle page ?")
    await amina.open("/appeals")
    assert "Quelle page ?" in amina.html and "She shouts a lot." not in amina.html
    action = re.search(r'action="(/appeals/\d+/(\d+)/answer)"', amina.html)
    assert action
    await amina.send(action[1], 422, **{f"words-{action[2]}": " "})
    assert f'id="e-words-{action[2]}"' in amina.html
    await amina.send(action[1], **{f"words-{action[2]}": "Page four."})
    await french.open(found[1])
    assert "Page four." in french.html
    await french.send(f"{found[1]}/judge", 422, outcome="replaced", reason="Non.")
    assert 'id="e-action"' in french.html and "Non." in french.html
    await french.send(f"{found[1]}/judge", 422, outcome="overturned", reason="")
    await french.send(f"{found[1]}/judge", outcome="overturned", reason="Les comptes rendus le disent.")
    await network.work()
    await amina.open("/appeals")
    assert "The decision was overturned" in amina.html and "Les comptes rendus le disent." in amina.html
    await amina.open("/")
    assert "The mayor is wrong about the well" in amina.html
    await french.open(removed)
    assert "a tranché le recours" in french.html and "I quoted the minutes." in french.html


async def test_an_appeal_needs_words_and_is_one_s_own(removed: str, amina: Visitor, network: Network) -> None:
    form = await appeal_link(amina)
    await amina.open(form)
    await amina.send("/appeals/new", 422, words=" ")
    assert 'id="e-words"' in amina.html
    other = await member(network, "zoe")
    await other.open(form, 404)
    await other.open("/appeals")
    assert "You have appealed against nothing" in other.html
    await amina.send("/appeals/new", words="It is true.")
    withdraw = re.search(r'action="(/appeals/\d+/\d+/withdraw)"', amina.html)
    assert withdraw
    await amina.send(withdraw[1])
    assert "Withdrawn" in amina.html
    assert await appeal_link(amina) == form


async def test_giving_in_from_the_page(removed: str, amina: Visitor, moderator: Visitor, network: Network) -> None:
    await appeals(amina)
    await moderator.open("/moderation/appeals")
    found = re.search(rf'href="({removed}/appeals/\d+)"', moderator.html)
    assert found
    await moderator.open(found[1])
    assert "Nobody may judge this" in moderator.html, "there is no other moderator"
    await moderator.open(removed)
    decision = re.search(r'name="decision" value="(\d+)"', moderator.html)
    assert decision
    await moderator.send(f"{removed}/undo", 422, undo_reason="Hm.")
    assert "judge the appeal" in moderator.html
    await moderator.open(found[1])
    await moderator.send(f"{found[1]}/concede", 422, concession=" ")
    await moderator.send(f"{found[1]}/concede", concession="I had not seen the minutes.")
    await amina.open("/appeals")
    assert "The decision was taken back" in amina.html


async def test_the_first_decision_is_nowhere_on_the_pages_of_who_judges_again(
    network: Network, moderator: Visitor, bob: Person, alice: Person, configured: settings.Settings
) -> None:
    other = await member(network, "maude", "moderator")
    settings.use(configured.model_copy(update={"review_share": 100}))
    post = await alice.says("Burn that bench down.")
    await bob.post("/api/v1/reports", account_id=alice.id, status_ids=[post["id"]], category="spam")
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found
    case, case_id = found[1], found[1].rpartition("/")[2]
    await moderator.open(case)
    await moderator.send(f"{case}/note", note="A note that gives it away.")
    await moderator.send(f"{case}/decide", action="remove", ground="terms", reason="A reason that gives it away.")
    await network.work()
    await other.open("/moderation?tab=decided")
    assert case not in other.html
    await other.open("/moderation/reviews")
    assert case in other.html and "Burn that bench down." in other.html
    await other.open(case)
    assert other.path == f"/moderation/reviews/{case_id}"
    assert "gives it away" not in other.html and "mira" not in other.html
    await other.send(other.path, 422, action="dismiss", reason="")
    await other.send(other.path, action="dismiss", reason="A joke.")
    assert other.path == case and "A reason that gives it away." in other.html
    assert "You came to another result" in other.html
    await other.open("/moderation/reviews")
    assert "A joke." in other.html and "Nothing to look at again" in other.html


async def test_who_is_suspended_appeals_by_the_link_in_the_mail_or_signed_in(
    network: Network, moderator: Visitor, amina: Visitor, guest: Visitor, bob: Person
) -> None:
    box = PostBox()
    mail.use(box)
    try:
        amina_id = (await bob.get("/api/v1/accounts/lookup", acct="amina"))["id"]
        await moderator.open("/moderation/accounts")
        await moderator.send(f"/moderation/accounts/{amina_id}/case")
        async with network.db.reading() as conn:
            who = await conn.value("SELECT id FROM accounts WHERE username = 'mira'")
        caller = Caller(who, 0, None, (), role="moderator")
        async with network.db.transaction() as conn:
            case_id = int(moderator.path.rpartition("/")[2])
            await moderation.decide(conn, case_id, caller, moderation.Ruling("suspend", "Too loud.", terms=True))
        await network.work()
    finally:
        mail.use(None)
    (letter,) = box.to("amina@mail.example")
    found = re.search(r"https://talk\.example(/statement/\S+)", letter.text)
    assert found
    await guest.open(found[1])
    assert f'href="{found[1]}/appeal"' in guest.html
    await guest.open(f"{found[1]}/appeal")
    await guest.send(f"{found[1]}/appeal", 422, words=" ")
    await guest.send(f"{found[1]}/appeal", words="I was ill.")
    assert guest.path == found[1] and "Your appeal is in." in guest.html and '/appeal"' not in guest.html
    await guest.open(f"{found[1]}x/appeal", 404)
    await amina.open("/appeals")
    assert "I was ill." in amina.html
