"""A fresh folder, `palabre serve`, the printed link: a network that members join, report on, and trust to answer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.running import Running
from tests.support.screenshots import CHROMIUM, QUIET

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
SIZES: dict[str, Any] = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 900}}
WORDS = {
    "en": {
        "rules": "No hatred",
        "decided": "Decided.",
        "told": "The moderators removed posts of yours.",
        "used": "link",
    },
    "fr": {"rules": "Aucune haine", "decided": "C’est décidé.", "told": "messages", "used": "lien"},
}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """As a new operator starts it: nothing is set but where and on which port."""
    network = Running(tmp_path / "data")
    del network.environment["PALABRE_REGISTRATION"]
    with network:
        yield network


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


class Window:
    """One person's browser. `wrong`: what it complained about, and pages wider than the screen."""

    def __init__(self, browser: Browser, address: str, lang: str, size: str, script: bool) -> None:
        context = browser.new_context(
            viewport=SIZES[size], locale=lang, java_script_enabled=script, base_url=address, color_scheme="dark"
        )
        context.set_default_timeout(60_000)
        self.tab: Page = context.new_page()
        self.wrong: list[str] = []
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))

    def open(self, path: str) -> None:
        self.tab.goto(path)
        if self.tab.evaluate("document.scrollingElement.scrollWidth > innerWidth"):
            self.wrong.append(f"{path} is too wide")

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.tab.locator(f"main [name={name}]").fill(value)

    def send(self, action: str) -> None:
        self.tab.locator(f"main form[action='{action}'] button:not([type=button])").first.click()

    def sees(self, words: str) -> None:
        self.tab.locator("main", has_text=words).first.wait_for()

    def joins(self, name: str) -> None:
        self.open("/sign-up")
        self.fill(username=name, email=f"{name}@mail.example", password="three blind mice")
        self.tab.check("[name=agreement]")
        self.send("/sign-up")
        self.sees(f"@{name}")


@pytest.mark.parametrize(("lang", "size", "script"), [("en", "desktop", True), ("fr", "phone", False)])
def test_from_the_first_start_to_a_decision(
    running: Running, chromium: Browser, lang: str, size: str, script: bool
) -> None:
    words = WORDS[lang]
    olga, dan, bob = (Window(chromium, running.url, lang, size, script) for _ in range(3))
    link = running.owner_link()

    olga.open(link)
    olga.fill(username="olga", email="olga@mail.example", password="three blind mice")
    olga.send(link.removeprefix(running.url))
    olga.fill(name="Under the Baobab", description="Gardens, bread and books.")
    olga.send("/setup/2")
    assert words["rules"] in olga.tab.locator("[name=rules]").input_value()
    olga.send("/setup/3")
    assert olga.tab.locator(f"[name='languages[]'][value={lang}]").is_checked()
    olga.tab.locator("main a[href='/setup/3']").click()  # and back, and on again
    olga.send("/setup/3")
    olga.send("/setup/4")
    olga.tab.check("[name=registrations][value=open]")
    olga.send("/setup/5")
    olga.tab.locator(".flash.done").wait_for()
    assert olga.tab.url == f"{running.url}/"

    dan.joins("dan")
    dan.open("/compose")
    dan.fill(text="Somebody should burn that bench down.")
    dan.send("/compose")
    dan.tab.locator(".flash.done").wait_for()

    bob.joins("bob")
    bob.open("/public")
    post = bob.tab.locator("article.post", has_text="burn that bench down")
    bob.open(str(post.locator("a[href^='/report?post=']").get_attribute("href")))
    bob.tab.check("[name=category][value=rule]")
    bob.tab.locator("[name='rules[]']").first.check()
    bob.fill(comment="He means it.")
    bob.send("/report")
    bob.tab.locator(".flash.done").wait_for()

    olga.open("/moderation")
    olga.tab.locator("main .case-row a.cover").click()
    olga.sees("He means it.")
    case = olga.tab.url.removeprefix(running.url)
    olga.tab.check("[name=action][value=remove]")
    olga.tab.locator("main form[action$='/decide'] [name='rules[]']").first.check()
    olga.fill(reason="That is a threat.")
    olga.send(f"{case}/decide")
    olga.sees("That is a threat.")  # the preview, word for word
    olga.send(f"{case}/decide")
    olga.sees(words["decided"])

    for concerned in (dan, bob):
        concerned.open("/letters")
        concerned.sees("That is a threat.")
    dan.sees(words["told"])
    bob.open("/public")
    assert bob.tab.locator("article.post", has_text="burn that bench down").count() == 0
    assert olga.wrong + dan.wrong + bob.wrong == []

    dan.open(link)  # nobody becomes owner by it any more
    dan.sees(words["used"])
    assert dan.tab.locator("main input").count() == 0
