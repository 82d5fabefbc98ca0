"""Two members in a real browser: they follow, post a photo, answer, boost and search; in French; without JavaScript."""

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from tests.entrypoints.web.test_writing import with_gps
from tests.support.browser import browser as signed_in
from tests.support.listening import listening
from tests.support.network import Network
from tests.support.people import Person
from tests.support.screenshots import CHROMIUM, QUIET

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}


@pytest.fixture
async def address(network: Network) -> AsyncIterator[str]:
    async with listening(network) as address:
        yield address


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        await running.close()


class Reader:
    """One person's browser window. `wrong`: what it complained about."""

    def __init__(self, tab: Page) -> None:
        self.tab = tab
        self.wrong: list[str] = []
        tab.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        tab.on("pageerror", lambda error: self.wrong.append(str(error)))

    async def fits(self) -> bool:
        return bool(await self.tab.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))

    async def press(self, name: str, within: str = "main") -> None:
        """A button by its name, wherever it stands first."""
        await self.tab.locator(within).get_by_role("button", name=name, exact=True).first.click()


async def window(
    chromium: Browser, network: Network, address: str, who: Person, *, lang: str, size: str, script: bool
) -> Reader:
    cookies = (await signed_in(network, who)).http.cookies
    context = await chromium.new_context(
        viewport=SIZES[size], locale=lang, java_script_enabled=script, base_url=address
    )
    kept = {"palabre_session": cookies["palabre_session"], "palabre_lang": lang}
    await context.add_cookies([{"name": name, "value": value, "url": address} for name, value in kept.items()])
    return Reader(await context.new_page())


@pytest.mark.parametrize(("script", "size"), [(True, "desktop"), (False, "phone")])
async def test_two_members_meet_in_french(
    network: Network,
    address: str,
    chromium: Browser,
    alice: Person,
    bob: Person,
    tmp_path: Path,
    script: bool,
    size: str,
) -> None:
    photo = tmp_path / "ruche.jpg"
    photo.write_bytes(with_gps())
    reader_a = await window(chromium, network, address, alice, lang="fr", size=size, script=script)
    reader_b = await window(chromium, network, address, bob, lang="fr", size=size, script=script)
    a, b = reader_a.tab, reader_b.tab

    await a.goto("/@bob")
    await reader_a.press("Suivre")
    await a.get_by_role("button", name="Suivi", exact=True).wait_for()

    await b.goto("/compose")
    await b.get_by_label("Votre message").fill("Mes ruches au soleil")
    await b.locator("summary", has_text="Images").click()
    await b.locator("[name=picture_1]").set_input_files(photo)
    await b.locator("[name=alt_1]").fill("Une ruche en bois")
    await reader_b.press("Publier")
    await b.locator(".flash", has_text="Votre message est publié.").wait_for()
    await network.work()

    await a.goto("/")
    post = a.locator("article.post", has_text="Mes ruches au soleil")
    picture = post.get_by_role("img", name="Une ruche en bois")
    await picture.wait_for()
    for served_at in (await picture.get_attribute("src"), await post.locator(".medium a").get_attribute("href")):
        served_bytes = await (await a.request.get(served_at or "")).body()
        assert b"SecretCam" not in served_bytes and not Image.open(io.BytesIO(served_bytes)).getexif()
    assert await reader_a.fits()

    await post.get_by_role("button", name="Relayer").click()
    await a.locator(".toggle button.boost[aria-pressed=true]").first.wait_for()
    await a.goto(await a.locator("article.post .when a").first.get_attribute("href") or "")
    await a.locator("textarea.words").fill("@bob Magnifique !")
    await reader_a.press("Répondre", "main form.composer")
    await a.locator("article.post", has_text="Magnifique").wait_for()
    await network.work()

    await b.goto("/notifications")
    await b.locator(".notification.mention", has_text="Magnifique").wait_for()
    assert await b.locator(".notification.reblog").count() == 1
    assert await reader_b.fits()

    await a.goto("/search")
    await a.locator("main input[name=q]").fill("ruche")
    await a.keyboard.press("Enter")
    await a.locator("article.post", has_text="Mes ruches au soleil").wait_for()
    assert reader_a.wrong + reader_b.wrong == []


async def test_a_heart_shows_at_once_and_older_posts_come_by_themselves(
    network: Network, address: str, chromium: Browser, alice: Person, bob: Person
) -> None:
    for number in range(25):
        await bob.says(f"number {number}")
    reader = await window(chromium, network, address, alice, lang="en", size="phone", script=True)
    await reader.tab.goto("/public")
    heart = reader.tab.locator("button.favourite").first
    await heart.click()
    await reader.tab.locator("button.favourite[aria-pressed=true] .tally", has_text="1").wait_for()
    await reader.tab.locator(".pager").scroll_into_view_if_needed()
    await reader.tab.locator("article.post", has_text="number 0").wait_for()
    assert await reader.tab.locator("article.post").count() == 25
    assert reader.wrong == []
