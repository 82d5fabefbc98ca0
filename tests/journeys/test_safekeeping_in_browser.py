"""What an owner does so that nothing is lost, and a member to take his own along: in French, on a phone, by keyboard."""

import shlex
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.support.images import png
from tests.support.keyboard import Typist
from tests.support.running import Running, until
from tests.support.screenshots import CHROMIUM, QUIET

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="needs Debian's chromium"),
]
PHONE = {"width": 360, "height": 740}
PAGE = "/admin/safekeeping"
PASSWORD = "the password of {}"

Sits = Callable[[str], Awaitable[Typist]]


@pytest.fixture
async def village(tmp_path: Path) -> AsyncIterator[Running]:
    """Olga owns it; Alice said something, with a picture."""
    for path in (tmp_path, *list(tmp_path.parents)[:2]):
        path.chmod(0o755)  # the database's own user has to get through
    with Running(tmp_path / "network", PALABRE_DRILL_DAYS="0") as network:
        password = PASSWORD.format("olga")
        made = network.command(
            *shlex.split("account create olga --email olga@mail.example --role owner --password-stdin"), given=password
        )
        assert made.returncode == 0, made.stderr
        with network.http(network.sign_up("alice")) as http:
            sent = http.post("/api/v2/media", files={"file": ("lake.png", png(), "image/png")}).json()
            said = http.post("/api/v1/statuses", json={"status": "Bonjour du lac", "media_ids": [sent["id"]]})
            assert said.status_code == 200, said.text
        yield network


@pytest.fixture
async def sits(village: Running) -> AsyncIterator[Sits]:
    """Somebody signs in, on a phone of his own."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)

        async def sit(name: str) -> Typist:
            context = await chromium.new_context(
                viewport=PHONE, locale="fr", base_url=village.url, accept_downloads=True
            )
            await context.add_cookies([{"name": "palabre_lang", "value": "fr", "url": village.url}])
            typist = Typist(await context.new_page())
            await typist.open("/sign-in")
            await typist.types("#f-name", f"{name}@mail.example")
            await typist.types("#f-password", PASSWORD.format(name))
            await typist.follows("main form button:has-text('connecter')")
            return typist

        yield sit
        await chromium.close()


def runs(network: Running, command: str, **instead: str) -> str:
    """A command as the page shows it, with the reader's own words in the places left open."""
    places = {"key": "archive.key", "place": "s3://BUCKET/archives", "public": "age1…"}
    for word, mine in instead.items():
        shown = places[word]
        assert shown in command
        command = command.replace(shown, mine)
    done = network.command(*shlex.split(command)[1:])
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return done.stdout.strip()


async def test_from_nothing_set_up_to_a_drill_that_went_well(village: Running, sits: Sits, tmp_path: Path) -> None:
    at_olga = await sits("olga")
    await at_olga.open("/admin")
    await at_olga.follows(f"nav.side-nav a[href='{PAGE}']")
    await at_olga.reads("rien n’est encore conservé ailleurs")
    make_key, schedule = (await at_olga.tab.locator("#s-archives ~ article pre.command").all_inner_texts())[:2]
    public = runs(village, make_key, key=str(tmp_path / "key"))
    runs(village, schedule, place=str(tmp_path / "elsewhere"), public=public)
    until(lambda: list(tmp_path.glob("elsewhere/archives/*/index.json")), village.said())

    await at_olga.open(PAGE)
    await at_olga.reads(str(tmp_path / "elsewhere"))
    (drill,) = await at_olga.tab.locator("#s-drills ~ article pre.command").all_inner_texts()
    runs(village, drill)

    await at_olga.open(PAGE)
    await at_olga.reads("Tout va bien")
    assert await at_olga.tab.locator("main .tag.bad").count() == 0
    assert await at_olga.tab.locator("#s-drills ~ article .tag.good").count() == 1
    here = at_olga.tab.locator("nav.side-nav [aria-current=page]")
    box = await here.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], "where one is can be seen"


async def test_a_member_asks_for_his_archive_and_downloads_it(village: Running, sits: Sits, tmp_path: Path) -> None:
    at_alice = await sits("alice")
    await at_alice.open("/settings/profile")
    await at_alice.follows("nav.side-nav a[href='/settings/data']")
    await at_alice.follows("form[action='/settings/data/archive'] button")
    link = at_alice.tab.locator("#archive a[download]")
    await link.wait_for()  # the page looks by itself
    await at_alice.looks()
    await at_alice.reach(link)
    async with at_alice.tab.expect_download() as coming:
        await at_alice.tab.keyboard.press("Enter")
    await (await coming.value).save_as(tmp_path / "alice.zip")
    with zipfile.ZipFile(tmp_path / "alice.zip") as held:
        assert "Bonjour du lac" in held.read("outbox.json").decode()
        assert any(name.startswith("media") for name in held.namelist())
