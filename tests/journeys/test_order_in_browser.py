"""Journey 5: all of it in a browser, in French, 360 pixels wide, by keyboard; and its heart without JavaScript."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from palabre.base import mail
from palabre.features import instance
from palabre.features.instance import Rule
from palabre.features.moderation import log, transparency
from tests.support.browser import browser as signed_in
from tests.support.jury import allow, drawn, jurors, votes
from tests.support.keyboard import Typist
from tests.support.listening import listening
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES
from tests.support.people import Person
from tests.support.post_box import PostBox
from tests.support.screenshots import CHROMIUM, QUIET

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
PHONE = {"width": 360, "height": 740}
WORDS = "Le maire a menti au sujet du puits."

Sits = Callable[..., Awaitable[Typist]]


@pytest.fixture
async def sits(network: Network) -> AsyncIterator[Sits]:
    """Somebody sits down before a window of his own; None: nobody signed in."""
    mail.use(PostBox())
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Parlez comme face à face.")])
    async with listening(network) as address, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)

        async def sit(who: Person | None, script: bool = True) -> Typist:
            context = await chromium.new_context(
                viewport=PHONE, locale="fr", java_script_enabled=script, base_url=address
            )
            kept = {"palabre_lang": "fr"}
            if who:
                kept["palabre_session"] = (await signed_in(network, who)).http.cookies["palabre_session"]
            await context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])
            return Typist(await context.new_page())

        yield sit
        await chromium.close()


async def _staff(network: Network, *names: str) -> list[Person]:
    roles = {"olga": "owner"}
    found = [await network.person(n, role=roles.get(n, "moderator"), scopes=STAFF_SCOPES) for n in names]
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET locale = 'fr'")
    return found


async def _notifies(stranger: Typist, url: str) -> str:
    """By the form that anybody may fill in; the address of the page that follows."""
    await stranger.open("/notice")
    await stranger.types("#f-urls", url)
    await stranger.ticks("input[name=category][value=rule]")
    await stranger.types("#f-explanation", "C’est une insulte, rien de plus.")
    await stranger.types("#f-name", "Nadia")
    await stranger.types("#f-email", "nadia@mail.example")
    await stranger.ticks("#f-good_faith")
    await stranger.follows("main form[action='/notice'] button")
    return stranger.tab.url


async def _removes(moderator: Typist) -> None:
    """On the page of a case: the post goes, for a rule; what everybody reads is looked at before."""
    await moderator.ticks("#decide input[name=action][value=remove]")
    await moderator.ticks("#decide input[name=ground][value=rules]")
    await moderator.ticks("#decide input[name='rules[]']")
    await moderator.types("#f-facts", "Le message traite le maire de menteur.")
    await moderator.types("#f-reason", "Traiter quelqu’un de menteur est une insulte.")
    await moderator.follows("button[formaction$='/preview']")
    await moderator.reads("Traiter quelqu’un de menteur est une insulte.")
    await moderator.follows("main form[action$='/decide'] button")


async def _appeals(author: Typist) -> None:
    """From the letter, which says where."""
    await author.open("/letters")
    await author.follows("main .rows a[href^='/letters/']")
    await author.reads("Traiter quelqu’un de menteur est une insulte.")
    await author.follows("main a[href*='/appeals/new']")
    await author.types("#f-words", "Les procès-verbaux le montrent, page quatre.")
    await author.follows("main form[action='/appeals/new'] button")


async def test_a_wrongful_removal_from_notice_to_reversal(
    network: Network, sits: Sits, alice: Person, bob: Person
) -> None:
    allow()
    carol, mona = await _staff(network, "carol", "mona")
    people = await jurors(network, 6)
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET locale = 'fr'")
    post = await bob.says(WORDS)
    await network.work()

    at_stranger = await sits(None)
    status = await _notifies(at_stranger, post["url"])

    at_alice = await sits(alice)
    await at_alice.open(f"/@bob/{post['id']}")
    await at_alice.unfolds("main article.post .menu summary")
    await at_alice.follows("main article.post .menu a[href*='/report']")
    await at_alice.ticks("input[name=category][value=rule]")
    await at_alice.types("#f-comment", "Il insulte le maire.")
    await at_alice.follows("main form[action='/report'] button")
    await network.work()

    at_carol = await sits(carol)
    keys = at_carol.tab.keyboard
    await at_carol.open("/moderation")
    for key in "jk":
        await keys.press(key)
    await at_carol.leaves("a")
    if "/cases/" not in at_carol.tab.url:
        await at_carol.open("/moderation?tab=mine")
        await keys.press("j")
        await at_carol.leaves("o")
    await keys.press("d")
    await _removes(at_carol)
    await network.work()

    at_bob = await sits(bob)
    await _appeals(at_bob)
    await network.work()

    at_mona = await sits(mona)
    await at_mona.open("/moderation")
    await at_mona.follows("nav.groups a[href='/moderation/appeals']")
    await at_mona.follows("main .case-row .cover")
    await at_mona.follows("#f-jury")
    await network.work()

    async with network.db.reading() as conn:
        panel_id = await conn.value("SELECT id FROM jury_panels WHERE state = 'open'")
    one, *others = await drawn(people, panel_id)
    at_juror = await sits(one)
    await at_juror.open("/notifications")
    await at_juror.follows(f"main a[href='/jury/panels/{panel_id}/ballot']")
    await at_juror.ticks("input[name=answer][value=overturn]")
    await at_juror.types("#f-reason", "Dire qu’un élu a menti, preuves à l’appui, n’est pas une insulte.")
    await at_juror.follows("main form[action$='/ballot'] button")
    for other in others:
        await votes(other, panel_id, "overturn", reason="C’est rude, mais permis.")
    await network.work()

    await at_bob.open("/letters")
    await at_bob.open("/appeals")
    assert [item["content"] for item in await alice.get(f"/api/v1/accounts/{bob.id}/statuses")], "it is back"
    await at_alice.open(f"/@bob/{post['id']}")
    await at_alice.reads(WORDS)
    await at_stranger.open(status)
    assert await at_stranger.tab.locator("main .outcome").count() == 1
    async with network.db.transaction() as conn:  # what the workers do every few minutes
        await log.seal(conn, transparency.publish)
    for path in (f"/jury/panels/{panel_id}", "/jury/panels", "/transparency", "/moderation-log", "/rules"):
        await at_stranger.open(path)
    await at_stranger.open("/moderation-log")
    assert await at_stranger.tab.locator("main article, main .rows > *").count() >= 1


async def test_rules_before_publication_and_what_comes_from_outside(
    network: Network, sits: Sits, alice: Person, bob: Person
) -> None:
    carol, olga = await _staff(network, "carol", "olga")
    await alice.says("Un éléphant dans la pièce !")
    at_carol = await sits(carol)
    await at_carol.open("/moderation")
    await at_carol.follows("nav.groups a[href='/moderation/rules']")
    await at_carol.follows("main a[href='/moderation/rules/new']")
    await at_carol.types("#f-title", "Éléphants")
    await at_carol.types("#f-say", "Pas dans cette pièce.")
    await at_carol.ticks("input[name=action][value=hold]")
    await at_carol.types("#f-words", "éléphant")
    await at_carol.follows("main form.form .buttons button")
    await at_carol.follows("form[action$='/try'] button")
    rule = at_carol.tab.url
    await network.work()
    await at_carol.open(rule)
    await at_carol.follows("form[action$='/activate'] button")

    at_bob = await sits(bob)
    await at_bob.open("/compose")
    await at_bob.types("#f-text", "J’ai vu un éléphant.")
    await at_bob.follows("main form.composer button:not([type=button]):has-text('Publier')")
    assert at_bob.tab.url.endswith("/posts/held")
    await at_bob.reads("Pas dans cette pièce.")
    await network.work()
    await at_bob.open("/@bob")
    await at_bob.follows("main a.callout[href='/posts/held']")
    await at_bob.follows("form[action$='/ask'] button")

    await at_carol.open("/moderation")
    await at_carol.follows("main .case-link")
    await at_carol.ticks("#decide input[name=action][value=dismiss]")
    await at_carol.types("#f-reason", "C’était un meuble.")
    await at_carol.follows("#decide form[action$='/decide'] button:not([formaction])")
    case = re.sub(r"[#?].*", "", at_carol.tab.url)
    await network.work()
    at_stranger = await sits(None)
    await at_stranger.open("/@bob")
    await at_stranger.reads("J’ai vu un éléphant.")
    await at_bob.open("/posts/held")
    assert await at_bob.tab.locator("main article").count() == 0

    async with network.db.reading() as conn:
        case = f"/moderation/cases/{await conn.value('SELECT id FROM cases LIMIT 1')}"
    await at_carol.open(case)
    await at_carol.follows("main a[href$='/hold']")
    await at_carol.ticks("input[name=kind][value=life]")
    await at_carol.types("#f-reason", "Quelqu’un est en danger.")
    await at_carol.follows("main form[action$='/hold'] button")
    await at_carol.types("#f-to", "Commissariat de Lyon")
    await at_carol.reach("main form[action$='/police'] button")
    async with at_carol.tab.expect_download() as packed:
        await at_carol.tab.keyboard.press("Enter")
    assert (await packed.value).suggested_filename.endswith(".zip")

    at_olga = await sits(olga)
    await at_olga.open("/moderation/holds")
    await at_olga.follows("nav.groups a[href='/moderation/notices']")
    await at_olga.follows("nav.groups a[href='/moderation/domains']")
    await at_olga.unfolds("main details > summary")
    await at_olga.types("#f-domain", "pourriels.example")
    await at_olga.ticks("input[name=severity][value=suspend]")
    await at_olga.follows("main form[action='/moderation/domains']:not(.search) .buttons button")
    await at_olga.reads("pourriels.example")


async def test_every_page_of_the_moderators_is_reached_by_their_navigation(network: Network, sits: Sits) -> None:
    (olga,) = await _staff(network, "olga")
    at_olga = await sits(olga)
    await at_olga.open("/moderation")
    groups = [
        await link.get_attribute("href") for link in await at_olga.tab.locator("nav.groups ul:first-child a").all()
    ]
    seen = set()
    for group in groups:
        await at_olga.open(group or "")
        assert await at_olga.tab.locator("nav.groups a[aria-current=page]").count() == 1, group
        pages = await at_olga.tab.locator("nav.groups ul:last-child a").all()
        seen |= {await link.get_attribute("href") or "" for link in pages}
    for path in sorted(seen):
        await at_olga.open(path)
    assert len(groups) == 5 and len(seen) == 16


async def test_its_heart_without_javascript(network: Network, sits: Sits, alice: Person, bob: Person) -> None:
    (carol,) = await _staff(network, "carol")
    post = await bob.says(WORDS)
    at_stranger, at_carol, at_bob = [await sits(who, script=False) for who in (None, carol, bob)]
    status = await _notifies(at_stranger, post["url"])
    await network.work()
    await at_carol.open("/moderation")
    await at_carol.follows("main .case-link")
    await _removes(at_carol)
    await network.work()
    await _appeals(at_bob)
    await at_stranger.open(status)
    await at_stranger.reads("Traiter quelqu’un de menteur est une insulte.")
