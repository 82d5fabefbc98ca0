"""Deciding through the pages: a ground is chosen, the preview is word for word, nothing typed is lost."""

import re
from html import unescape

import pytest

from palabre.features import accounts, instance
from palabre.features.instance import Rule
from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.people import Person
from tests.support.visitor import Visitor


@pytest.fixture
async def case(network: Network, moderator: Visitor, alice: Person, bob: Person) -> str:
    """Alice reported a post of Bob's, who reads French."""
    async with network.db.transaction() as conn:
        await accounts.set_preferences(conn, int(bob.id), locale="fr")
        await instance.set_rules(conn, [Rule(0, "Argue with what people say")])
    post = await bob.says("You parasite <b>!")
    await alice.post("/api/v1/reports", account_id=bob.id, status_ids=[post["id"]], category="spam")
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found
    await moderator.open(found[1])
    return found[1]


async def test_the_facts_are_filled_in_in_the_authors_language(case: str, moderator: Visitor) -> None:
    assert "vous avez publié : « You parasite &lt;b&gt;! »" in moderator.html


async def test_a_ground_has_to_be_chosen_and_nothing_typed_is_lost(case: str, moderator: Visitor) -> None:
    typed = {
        "action": "remove",
        "reason": "So unkind.",
        "facts": "Said once.",
        "hours": "72",
        "law": "",
        "answer": "Done.",
    }
    for ground in (None, "rules", "law"):
        await moderator.send(f"{case}/decide", 422, ground=ground, **typed)
        assert 'id="e-ground"' in moderator.html
        for kept in ("So unkind.", "Said once.", "Done.", '<option value="72" selected>'):
            assert kept in moderator.html
    await moderator.send(f"{case}/decide", 422, ground="terms", **typed | {"hours": "soon"})
    assert 'id="e-hours"' in moderator.html
    await moderator.send(f"{case}/decide", 422, ground="terms", **typed | {"action": "label"})
    assert 'id="e-label"' in moderator.html
    await moderator.send(f"{case}/decide", ground="terms", **typed)
    assert "Decided." in moderator.html and "Until " in moderator.html


async def test_ticking_a_rule_is_a_choice(case: str, moderator: Visitor, bob: Person) -> None:
    rule = re.search(r'name="rules\[\]" value="(\d+)"', moderator.html)
    assert rule
    await moderator.send(f"{case}/decide", **{"action": "warn", "reason": "Hm.", "rules[]": [rule[1]]})
    assert [one["id"] for one in (await bob.get("/api/palabre/v1/letters"))[0]["rules"]] == [rule[1]]


async def test_the_preview_is_what_the_author_then_reads(case: str, moderator: Visitor, bob: Person) -> None:
    rule = re.search(r'name="rules\[\]" value="(\d+)"', moderator.html)
    assert rule
    fields = {"action": "limit", "ground": "rules", "rules[]": [rule[1]], "reason": "It is an insult.", "hours": "24"}
    page = await moderator.http.post(f"{case}/preview", data=fields, headers={"origin": "https://talk.example"})
    moderator._see(page, 200)
    assert "Nothing is decided yet" in moderator.html and "Argue with what people say" in moderator.html
    previewed = _quotes(moderator.html)
    assert (
        "La modération a limité la portée de votre compte" in moderator.html or "limité votre compte" in moderator.html
    )
    assert await bob.get("/api/palabre/v1/letters") == [] and 'lang="fr"' in moderator.html
    await moderator.send(f"{case}/decide")
    (letter,) = await bob.get("/api/palabre/v1/letters")
    whole = await bob.get(f"/api/palabre/v1/letters/{letter['id']}")
    said = [part["text"] for section in whole["sections"] for part in section["parts"] if part["quoted"]]
    assert previewed[: len(said)] == said, "word for word"
    assert whole["statement"]["ground"]["rules"] == ["Argue with what people say"]


def _quotes(html: str) -> list[str]:
    return [
        unescape(one) for one in re.findall(r'<blockquote class="excerpt" dir="auto">(.*?)</blockquote>', html, re.S)
    ]


async def test_from_the_preview_back_to_the_form_with_all_that_was_typed(case: str, moderator: Visitor) -> None:
    fields = {"action": "warn", "ground": "law", "law": "Press Act, § 3", "reason": "Hm.", "facts": ""}
    for step in ("preview", "draft"):
        page = await moderator.http.post(f"{case}/{step}", data=fields, headers={"origin": "https://talk.example"})
        moderator._see(page, 200)
        assert "Press Act, § 3" in moderator.html and "Hm." in moderator.html
    assert re.search(r'value="warn"[^>]* checked', moderator.html) and re.search(r'value="law" checked', moderator.html)


async def test_saved_answers_are_kept_changed_offered_filled_in_and_removed(case: str, moderator: Visitor) -> None:
    await moderator.open("/moderation/answers")
    await moderator.send("/moderation/answers", 422, name="", text="Dear {name}")
    assert 'id="e-name"' in moderator.html and "Dear {name}" in moderator.html
    await moderator.send("/moderation/answers", name="Insult", text="Dear {name}, not so. {mood}")
    await moderator.open(case)
    chosen = re.search(r'<option value="(\d+)">Insult</option>', moderator.html)
    assert chosen
    fields = {"saved": chosen[1], "reason": "Hello.", "action": "warn"}
    page = await moderator.http.post(f"{case}/draft", data=fields, headers={"origin": "https://talk.example"})
    assert "Hello.\n\nDear bob, not so. {mood}</textarea>" in page.text
    assert re.search(r'value="warn"[^>]* checked', page.text)
    await moderator.open("/moderation/answers")
    await moderator.send(f"/moderation/answers/{chosen[1]}/remove")
    assert "Insult" not in moderator.html


async def test_saved_answers_are_for_moderators(amina: Visitor) -> None:
    await amina.open("/moderation/answers", 403)


async def test_a_law_once_cited_is_offered_again(case: str, moderator: Visitor, alice: Person, bob: Person) -> None:
    await moderator.send(f"{case}/decide", action="warn", ground="law", law="Press Act, § 3", reason="Hm.")
    await moderator.send(f"{case}/reopen")
    assert '<option value="Press Act, § 3">' in moderator.html and "1 standing strike." in moderator.html
    assert "The ladder proposes: Limit the account (for 2 days)." in moderator.html


async def test_the_form_is_whole_in_french(case: str, network: Network) -> None:
    french = await member(network, "maude", "moderator", "fr")
    await french.open(case)
    for words in ("Aperçu", "Jusqu’à son annulation", "L’ensemble des conditions", "Mettre une note sur les messages"):
        assert words in french.html
    assert "Preview" not in french.html


async def test_a_note_is_a_banner_on_pages(case: str, moderator: Visitor, guest: Visitor, bob: Person) -> None:
    await moderator.send(f"{case}/decide", action="label", ground="terms", label="Disputed: <see> page 3", reason="Hm.")
    await guest.open("/public")
    assert guest.html.count("Disputed: &lt;see&gt; page 3") == 1 and "Note by the moderators:" in guest.html
    assert "moderators-note" not in guest.html
