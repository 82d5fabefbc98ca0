"""What visitors see while the community winds down, and once its end has come."""

from datetime import UTC, datetime, timedelta

import pytest

from palabre.base import clock
from palabre.features.instance.about import forget
from palabre.features.portability import wind_down
from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.visitor import Visitor

END = datetime(2030, 3, 31, tzinfo=UTC)


@pytest.fixture
async def closing(network: Network) -> None:
    async with network.db.transaction() as conn:
        await wind_down.begin(conn, END, "Nine good years.\n\n*Thank you all.*")


@pytest.fixture
async def amelie(network: Network) -> Visitor:
    return await member(network, "amelie", lang="fr")


async def test_every_page_says_so_in_the_readers_language(
    network: Network, amina: Visitor, amelie: Visitor, guest: Visitor, closing: None
) -> None:
    for path in ("/", "/public", "/settings/data", "/about"):
        assert "This community closes on 31 March 2030." in (await amina.open(path)).html, path
        assert "Cette communauté ferme le 31 mars 2030." in (await amelie.open(path)).html, path
    for path in ("/", "/public", "/sign-in"):
        assert "This community closes on 31 March 2030." in (await guest.open(path)).html, path
    await guest.open("/farewell")
    assert "<em>Thank you all.</em>" in guest.html
    await guest.open("/sign-up")
    assert 'name="password"' not in guest.html


async def test_nothing_is_said_where_nothing_is_announced(amina: Visitor) -> None:
    await amina.open("/farewell", 404)
    await amina.open("/settings/data")
    assert "Where you will be found" not in amina.html


async def test_where_somebody_will_be_found(network: Network, amina: Visitor, closing: None) -> None:
    await amina.open("/settings/data")
    await amina.send("/settings/data/home", 422, home="nowhere")
    assert "neither a web address nor" in amina.html and 'value="nowhere"' in amina.html
    await amina.send("/settings/data/home", home="@amina@new.example")
    assert 'value="https://new.example/@amina"' in amina.html
    await amina.send("/settings/data/home", home="")
    assert "new.example" not in amina.html


async def test_after_the_end_one_reads_takes_along_and_leaves(
    network: Network, amina: Visitor, closing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await amina.open("/compose")
    monkeypatch.setattr(clock, "now", lambda: END + timedelta(seconds=1))
    forget()
    await amina.send("/compose", 403, files={"none": ("", b"")}, text="One more")
    assert "nothing new can be written" in amina.html
    for path in ("/", "/public"):
        await amina.open(path)
        assert "This community has closed." in amina.html and "/compose" not in amina.html.replace("reply_to", "")
    await amina.open("/settings/data")
    await amina.send("/settings/data/archive")
    assert "is being made" in amina.html
    await amina.open("/")
    await amina.send("/sign-out")
    await amina.signs_in("amina", "three blind mice")
    await amina.open("/settings/data")
    await amina.send("/settings/data/delete", delete_password="three blind mice", sure="1")
    assert "Farewell" in amina.html
