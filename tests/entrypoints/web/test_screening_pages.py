"""Rules before publication in the browser: made, tried and switched by the staff, met by authors."""

import re

from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.people import Person
from tests.support.visitor import Visitor

FORM = {
    "title": "Elephants",
    "say": "Not in this room, please.",
    "purpose": "Keeps the room free.",
    "words": "éléphant",
}


async def enforces(network: Network, moderator: Visitor, **fields: str) -> str:
    """A rule in force, made through the pages; its address."""
    await moderator.open("/moderation/rules/new")
    await moderator.send("/moderation/rules", **(FORM | fields))
    path = moderator.path
    await moderator.send(f"{path}/try")
    await network.work()
    await moderator.open(path)
    await moderator.send(f"{path}/activate")
    assert "The rule is in force." in moderator.html
    return path


async def test_a_rule_is_made_tried_put_in_force_changed_and_switched_off(
    network: Network, moderator: Visitor, alice: Person, guest: Visitor
) -> None:
    await alice.says("An ELEPHANT!")
    await moderator.open("/moderation/rules")
    assert "No rules yet" in moderator.html
    await moderator.open("/moderation/rules/new")
    await moderator.send("/moderation/rules", **FORM, test="1", sample="Elephant? Where?")
    assert "These words meet: words (elephant)" in moderator.html
    await moderator.send("/moderation/rules", **FORM)
    path = moderator.path
    assert "The rule is kept as a draft." in moderator.html and f'action="{path}/activate"' not in moderator.html
    await moderator.send(f"{path}/try")
    assert "It begins in a moment." in moderator.html and 'hx-trigger="every 2s"' in moderator.html
    await network.work()
    fragment = await moderator.http.get(path, headers={"hx-request": "true"})
    assert "An ELEPHANT!" in fragment.text and "<html" not in fragment.text
    await moderator.open(path)
    assert "An ELEPHANT!" in moderator.html and "100" in moderator.html
    await guest.open("/about")
    assert "Elephants" not in guest.html
    await moderator.send(f"{path}/activate")
    await guest.open("/about")
    assert "Elephants" in guest.html and "Keeps the room free." in guest.html and "éléphant" not in guest.html
    await moderator.send(path, words="mouse")
    assert "A newer version waits" in moderator.html
    await moderator.send(f"{path}/off")
    assert "The rule is off." in moderator.html and "wrote version 2" in moderator.html
    await guest.open("/about")
    assert "Elephants" not in guest.html


async def test_what_is_wrong_with_a_rule_is_said_beside_the_field(moderator: Visitor) -> None:
    await moderator.open("/moderation/rules/new")
    for wrong, field in (
        ({"title": ""}, "title"),
        ({"say": " "}, "say"),
        ({"words": "!!"}, "words"),
        ({"links": "many"}, "links"),
        ({"patterns": "(a+)+$"}, "patterns"),
        ({"words": ""}, "match"),
        ({"action": "refuse"}, "action"),
    ):
        await moderator.send("/moderation/rules", 422, **(FORM | wrong))
        assert f'href="#f-{field}"' in moderator.html, field
        assert f'id="e-{field}"' in moderator.html, field
        await moderator.open("/moderation/rules/new")


async def test_its_author_finds_a_held_post_the_reason_and_a_human(
    network: Network, moderator: Visitor, amina: Visitor, guest: Visitor
) -> None:
    await enforces(network, moderator)
    await amina.open("/compose")
    await amina.send("/compose", text="Is that an elephant?")
    assert amina.path == "/posts/held"
    assert "Your post waits for a moderator." in amina.html and "Not in this room, please." in amina.html
    await network.work()
    await amina.open("/notifications")
    assert "A post of yours waits for a moderator." in amina.html and 'href="/posts/held"' in amina.html
    await amina.open("/@amina")
    assert "Waiting for a moderator: only you see it" in amina.html
    await guest.open("/@amina")
    assert "elephant" not in guest.html
    await amina.open("/posts/held")
    ask = re.search(r'action="(/posts/held/\d+/ask)"', amina.html)
    assert ask
    await amina.send(ask[1])
    assert "You asked for a moderator" in amina.html
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found
    await moderator.open(found[1])
    assert "Elephants: the author asks for a moderator" in moderator.html and "Is that an elephant?" in moderator.html
    await moderator.send(f"{found[1]}/decide", action="dismiss", reason="It was a chair.")
    await network.work()
    await guest.open("/@amina")
    assert "Is that an elephant?" in guest.html
    await amina.open("/posts/held")
    assert "Nothing waits" in amina.html


async def test_the_form_comes_back_and_publishes_anyway(network: Network, moderator: Visitor, amina: Visitor) -> None:
    await enforces(network, moderator, action="ask")
    await amina.open("/compose")
    await amina.send("/compose", 422, text="An elephant!")
    assert "Elephants: Not in this room, please." in amina.html and "An elephant!" in amina.html
    await amina.send("/compose", 422, text="Two elephants? An elephant!")
    await amina.send("/compose", text="Two elephants? An elephant!", insisted="1")
    assert "Your post is out." in amina.html
    await amina.open("/compose")
    await amina.send("/compose", 422, text="One elephant more")
    await amina.send("/compose")
    assert "Your post is out." in amina.html, "the same words once more"


async def test_a_change_that_would_be_held_leaves_the_post_as_it_was(
    network: Network, moderator: Visitor, amina: Visitor
) -> None:
    await amina.open("/compose")
    await amina.send("/compose", text="A chair")
    await enforces(network, moderator)
    await amina.open("/@amina")
    found = re.search(r'href="(/@amina/\d+/edit)"', amina.html)
    assert found
    await amina.open(found[1])
    await amina.send(found[1], 422, text="An elephant")
    assert "Your post stays as it was" in amina.html and "Not in this room, please." in amina.html


async def test_the_pages_are_the_staffs(network: Network, moderator: Visitor, amina: Visitor) -> None:
    path = await enforces(network, moderator)
    for address in ("/moderation/rules", "/moderation/rules/new", path):
        await amina.open(address, 403)
    french = await member(network, "marie", "moderator", lang="fr")
    await french.open(path)
    assert "Sur les messages de la semaine passée" in french.html and "Tenir hors des listes publiques" in french.html
