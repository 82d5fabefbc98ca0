"""The sample pages in a real browser: on small screens, with fingers, with and without JavaScript."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from tests.support import pictures, preview, samples
from tests.support.pages import PAGES, page
from tests.support.screenshots import CHROMIUM, QUIET

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
FULL_PAGES = [name for name in PAGES if not name.startswith("fragment")]

# Links inside sentences may be smaller than a finger (WCAG 2.5.8); what covers its whole row is large enough.
TOO_SMALL = """() => [...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
  .filter((found) => found.checkVisibility() && !found.matches(".cover, .sr, [aria-hidden]"))
  .filter((found) => !(found.closest("p, .prose, dd, .said, label") && !found.matches(".button, .input")))
  .map((found) => [found.outerHTML.slice(0, 80), found.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.height < 43.5 || box.width < 42))
  .map(([html, box]) => `${html} ${Math.round(box.width)}×${Math.round(box.height)}`)"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = preview.server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        running.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 320, "height": 640}, has_touch=True)
    yield tab
    tab.close()


@pytest.fixture
def desk(browser: Browser) -> Iterator[Page]:
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    yield tab
    tab.close()


def test_every_page_fits_a_small_phone_and_a_thumb(phone: Page, address: str) -> None:
    said: list[str] = []
    phone.on(
        "console", lambda message: said.append(f"{phone.url}: {message.text}") if message.type == "error" else None
    )
    phone.on("pageerror", lambda error: said.append(f"{phone.url}: {error}"))
    for name in FULL_PAGES:
        for lang in ("en", "fr"):
            phone.goto(f"{address}/{name}?lang={lang}")
            assert phone.evaluate("document.scrollingElement.scrollWidth") <= 320, name
            assert phone.evaluate(TOO_SMALL) == [], name
    assert said == []


def test_a_favourite_shows_at_once_and_the_answer_replaces_it(desk: Page, address: str) -> None:
    waiting: list[Route] = []
    desk.route("**/@alice/103/favourite", lambda route: waiting.append(route))
    desk.goto(f"{address}/home")
    heart = desk.locator("#p103 .favourite")
    heart.click()
    assert heart.get_attribute("aria-pressed") == "true"

    liked = replace(samples.posts[2], favourited=True, favourites_count=77)
    PAGES["answer"] = page("fragments/post_actions.html", post=liked)
    waiting[0].fulfill(body=preview.show("answer"), content_type="text/html")
    del PAGES["answer"]
    desk.locator("#p103 .favourite .tally", has_text="77").wait_for()
    assert desk.evaluate("document.activeElement.className") == "action favourite"


def test_a_favourite_that_fails_is_taken_back_and_said(desk: Page, address: str) -> None:
    desk.route("**/@bob/105/unfavourite", lambda route: route.fulfill(status=500, body="broken"))
    desk.goto(f"{address}/home")
    desk.locator("#p105 .favourite").click()
    desk.locator(".toast", has_text="did not work").wait_for()
    assert desk.locator("#p105 .favourite").get_attribute("aria-pressed") == "true"
    assert desk.locator("#p105 .favourite .tally").inner_text() == "21"


def test_older_posts_arrive_in_place(desk: Page, address: str) -> None:
    desk.goto(f"{address}/public")
    before = desk.locator(".feed > .post").count()
    desk.locator(".older").scroll_into_view_if_needed()
    desk.locator(".feed > .post").nth(2 * before - 1).wait_for()


def test_a_draft_survives_an_accident(desk: Page, address: str) -> None:
    desk.goto(f"{address}/compose")
    desk.locator("#f-text").fill("Where was I")
    desk.reload()
    assert desk.locator("#f-text").input_value() == "Where was I"
    assert desk.locator("#count").inner_text() == "989"


def test_an_address_counts_the_same_however_long(desk: Page, address: str) -> None:
    desk.goto(f"{address}/compose")
    desk.locator("#f-text").fill("https://example.org/" + "long" * 50 + " 👩‍👩‍👧")
    assert desk.locator("#count").inner_text() == str(1000 - 23 - 2)


def test_pictures_are_shown_before_they_are_sent(desk: Page, address: str, tmp_path: Path) -> None:
    pictures.face("alice").save(tmp_path / "alice.png")
    desk.goto(f"{address}/compose")
    desk.locator(".pictures summary").click()
    assert desk.locator("[data-slot]:visible").count() == 1
    desk.locator("[name=picture_1]").set_input_files(tmp_path / "alice.png")
    assert desk.locator("[data-slot] img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 192
    assert desk.locator("[data-slot]:visible").count() == 2


def test_the_theme_changes_at_once(desk: Page, address: str) -> None:
    desk.route("**/preferences", lambda route: route.fulfill(status=204))
    desk.goto(f"{address}/home")
    light = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    desk.locator(".rail summary").click()
    desk.locator(".rail [name=theme]").select_option("dark")
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_a_picture_opens_large_and_closes_with_escape(desk: Page, address: str) -> None:
    desk.goto(f"{address}/home")
    desk.locator("#p103 [data-zoom]").first.click()
    large = desk.locator("dialog.zoom img")
    assert large.get_attribute("alt") == samples.hive.description
    desk.keyboard.press("ArrowRight")
    assert large.get_attribute("alt") == samples.hills.description
    desk.keyboard.press("Escape")
    desk.locator("dialog.zoom").wait_for(state="detached")


def test_all_deeds_work_without_javascript(browser: Browser, address: str) -> None:
    tab = browser.new_page(java_script_enabled=False)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(f"{route.request.method} {route.request.url.removeprefix(address)}")
        route.fulfill(body="done", content_type="text/html")

    tab.route("**/@*/**", answer)
    tab.goto(f"{address}/home")
    assert not tab.locator(".only-js:visible").count()
    tab.locator("#p103 .menu > summary").click()
    assert tab.locator("#p103 .menu-item", has_text="Delete").is_visible()
    tab.locator("#p105 .boost").click()
    tab.goto(f"{address}/home")
    tab.locator("#p105 .favourite").click()
    assert asked == ["POST /@bob/105/boost", "POST /@bob/105/unfavourite"]
    tab.close()


def test_the_queue_by_keyboard(desk: Page, address: str) -> None:
    queue = f"{address}/moderation/queue"
    desk.goto(queue)
    first, second = samples.cases[0], samples.cases[1]
    ticked = "[...document.querySelectorAll('.tick :checked')].map((box) => box.value)"
    here = "document.querySelector('.case-row.here')?.dataset.case"
    desk.keyboard.press("j")
    assert desk.evaluate(here) == str(first.id)
    desk.keyboard.press("j")
    desk.keyboard.press("x")
    assert desk.evaluate(ticked) == [str(second.id)]
    desk.keyboard.press("ArrowUp")
    assert desk.evaluate(here) == str(first.id)
    desk.keyboard.press("?")
    assert desk.locator("#keys").is_visible()
    desk.keyboard.press("Escape")
    desk.locator("summary", has_text="Find and filter").click()
    desk.locator("#f-text").press_sequentially("jx")
    assert desk.evaluate(here) == str(first.id), "whoever writes isn't steering"
    desk.locator(".case-row.here .case-link").focus()
    with desk.expect_request(lambda request: request.url.endswith(first.url)):
        desk.keyboard.press("o")


def test_keys_that_were_switched_off_do_nothing(desk: Page, address: str) -> None:
    desk.goto(f"{address}/moderation/queue")
    desk.evaluate("document.querySelector('[data-keys]').dataset.keys = 'off'")
    for key in "jxad?":
        desk.keyboard.press(key)
    assert not desk.locator("#keys").is_visible() and desk.locator(".case-row.here, .tick :checked").count() == 0


def test_pictures_of_a_case_are_blurred_until_asked_for(desk: Page, address: str) -> None:
    desk.goto(f"{address}/moderation/case")
    desk.locator(".guarded .veil summary").first.click()
    filtered = "getComputedStyle(document.querySelector('.guarded .media img')).filter"
    assert "blur" in desk.evaluate(filtered) and "grayscale(1)" in desk.evaluate(filtered)
    desk.locator(".unveil input").check()
    expect(desk.locator(".guarded .media img").first).to_have_css("filter", "none")
