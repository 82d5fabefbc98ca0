"""`palabre static`: what a stranger could read is in the copy, and nothing else; and it needs nothing but files."""

import asyncio
import functools
import http.server
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx2 as httpx
import pytest
from bs4 import BeautifulSoup
from typer.testing import CliRunner, Result

from palabre.base.clock import now
from palabre.base.db import Database
from palabre.entrypoints.cli import app
from palabre.static_site import Wish, copy
from palabre.static_site.addresses import normal, place
from palabre.static_site.store import Ledger
from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person


async def static(dest: Path, *more: str, expect: int = 0) -> Result:
    """Run the command, in a thread of its own beside the network."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["static", str(dest), *more])
    assert result.exit_code == expect, f"{result.output}{result.exception!r}"
    return result


@contextmanager
def hosted(folder: Path) -> Iterator[str]:
    """The address at which a plain web host serves the folder."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def walk(start: str) -> dict[str, BeautifulSoup]:
    """Every page that can be reached; asserts that no link within the host is dead."""
    pages: dict[str, BeautifulSoup] = {}
    seen, waiting = {start}, [start]
    with httpx.Client(follow_redirects=True) as http_:
        while waiting:
            url = waiting.pop()
            answer = http_.get(url)
            assert answer.status_code == 200, url
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            pages[url.removeprefix(start)] = soup = BeautifulSoup(answer.text, "html.parser")
            for node in soup.find_all(["a", "img", "link", "video"]):
                value = str(node.get("href") or node.get("src") or "")
                whole = urljoin(url, value).partition("#")[0]
                if whole.startswith(start) and whole not in seen:
                    seen.add(whole)
                    waiting.append(whole)
    return pages


_TEXT = (".html", ".xml", ".txt", ".atom", ".sqlite")


def everything(folder: Path) -> str:
    return "\n".join(file.read_text("utf-8", "replace") for file in folder.rglob("*") if file.suffix in _TEXT)


async def test_strangers_read_all_that_is_public_on_any_web_host(
    network: Network, alice: Person, bob: Person, carol: Person, tmp_path: Path
) -> None:
    picture = await upload(alice, description="A red square")
    first = await alice.says("Bread is ready #Pâtisserie", media_ids=[picture["id"]])
    await bob.says("@alice Keep me a loaf", in_reply_to_id=first["id"])
    for number in range(25):
        await bob.says(f"Football, day {number}", visibility="unlisted" if number == 7 else "public")
    await network.work()
    dest = tmp_path / "copy"
    await static(dest, "--why", "Our host <closed> our account.")
    with hosted(dest) as url:
        pages = walk(url)
    text = {path: soup.get_text(" ") for path, soup in pages.items()}
    assert "Our host <closed> our account." in text[""] and "This is a copy of" in text[""]
    assert (
        "Bread is ready" in text["@alice/index.html"] and "Keep me a loaf" in text[f"@alice/{first['id']}/index.html"]
    )
    assert "@carol" in text["@carol/index.html"], "who never said anything is there as well"
    assert "Bread is ready" in text["tags/patisserie/index.html"]
    whole = " ".join(text.values())
    assert all(f"Football, day {number}" in whole for number in range(25))
    assert any(path.startswith("public/before-") for path in text)
    for path, soup in pages.items():
        assert not soup.find_all(["form", "button", "input", "script"]), path
        assert soup.find("img", src=lambda src: src and src.startswith("/")) is None
    assert [file.suffix for file in (dest / "media/posts").rglob("*.*") if file.is_file()], "pictures are files of it"
    assert "Nobody sits here" in (dest / "404.html").read_text()
    assert f"https://talk.example/@alice/{first['id']}/" in (dest / "sitemap-1.xml").read_text()


async def test_what_is_not_for_strangers_is_not_in_it(
    network: Network, alice: Person, bob: Person, dan: Person, tmp_path: Path
) -> None:
    carol = await network.person("carol", role="moderator", scopes=("read", "write", "admin:read", "admin:write"))
    await alice.says("A secretword for followers", visibility="private")
    await alice.says("@bob a secretword for one", visibility="direct")
    removed = await alice.says("A removedword")
    await alice.delete(f"/api/v1/statuses/{removed['id']}")
    await dan.says("A suspendedword")
    answer = await bob.says("@dan hello, and see https://talk.example/@dan/1")
    await carol.post(f"/api/v1/admin/accounts/{dan.id}/action", type="suspend", text="Enough.")
    await alice.patch("/api/v1/accounts/update_credentials", indexable=False)
    shown = await alice.says("I would rather not be found")
    await network.work()
    await static(tmp_path / "copy")
    said = everything(tmp_path / "copy")
    for word in ("secretword", "removedword", "suspendedword", "@mail.example"):
        assert word not in said
    assert not (tmp_path / "copy/@dan").exists()
    thread = (tmp_path / f"copy/@bob/{answer['id']}/index.html").read_text()
    assert "@dan" in thread.replace("<span>", "").replace("</span>", "") and 'href="../../@dan' not in thread
    assert 'content="noindex"' in (tmp_path / "copy/@alice/index.html").read_text()
    assert str(shown["id"]) not in (tmp_path / "copy/sitemap-1.xml").read_text()
    with hosted(tmp_path / "copy") as url:
        walk(url)


async def test_a_second_run_writes_what_changed_and_removes_what_is_gone(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    dest = tmp_path / "copy"
    picture = await upload(alice)
    gone = await alice.says("Soon a goneword", media_ids=[picture["id"]])
    kept = await bob.says("I stay")
    await network.work()
    await static(dest)
    page = dest / f"@bob/{kept['id']}/index.html"
    before, media = page.stat(), [file for file in (dest / "media").rglob("*") if file.is_file()]
    (dest / "CNAME").write_text("the host's own file")
    await alice.delete(f"/api/v1/statuses/{gone['id']}")
    await network.work()
    await static(dest)
    assert page.stat().st_ino == before.st_ino and page.stat().st_mtime_ns == before.st_mtime_ns
    assert "goneword" not in everything(dest) and not (dest / f"@alice/{gone['id']}").exists()
    assert media and not [file for file in media if file.exists()]
    assert (dest / "CNAME").exists()
    with hosted(dest) as url:
        walk(url)


async def test_a_run_cut_off_goes_on_and_the_copy_in_place_is_whole_meanwhile(
    network: Network, alice: Person, tmp_path: Path
) -> None:
    dest = tmp_path / "copy"
    wish = Wish("https://talk.example", "https://talk.example", "en", "", now())
    await alice.says("The first")
    await copy(network.db, dest, wish)
    front = (dest / "index.html").read_bytes()
    for number in range(80):
        await alice.says(f"Another {number}")

    class Cut(Exception):
        pass

    def cut(part: str, done: int, total: int) -> None:
        raise Cut

    with pytest.raises(Cut):
        await copy(network.db, dest, wish, cut)
    assert (dest / "index.html").read_bytes() == front, "what is served is still the earlier one"
    ledger = Ledger(dest / ".palabre-static/ledger.sqlite")
    fetched = set(ledger.with_status("there"))
    ledger.close()
    asked: list[str] = []
    async with network.db.reading():
        done = await copy(network.db, dest, wish, lambda part, done, total: asked.append(f"{part} {done}"))
    assert fetched and asked[0] > f"addresses {len(fetched)}" and done.pages + len(fetched) > 80
    assert "Another 79" in (dest / "index.html").read_text()
    with hosted(dest) as url:
        walk(url)


async def test_a_replica_that_only_reads_will_do(network: Network, alice: Person, dsn: str, tmp_path: Path) -> None:
    await alice.says("Hello")
    replica = Database(dsn, most=2, server_settings={"default_transaction_read_only": "on"})
    wish = Wish("https://host.example/below", "https://talk.example", "fr", "", now())
    done = await copy(replica, tmp_path / "copy", wish)
    await replica.close()
    assert done.broken == []
    assert 'lang="fr"' in (tmp_path / "copy/index.html").read_text()
    assert 'href="/below/static/css/base.css' in (tmp_path / "copy/404.html").read_text()
    assert "https://host.example/below/@alice/" in (tmp_path / "copy/sitemap-1.xml").read_text()


async def test_what_cannot_be_is_said_plainly(network: Network, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("precious")
    assert "holds other things" in (await static(tmp_path / "mine", expect=1)).output
    assert os.listdir(tmp_path / "mine") == ["letter.txt"]
    assert "is a file" in (await static(tmp_path / "mine/letter.txt", expect=1)).output
    assert "no words in 'tlh'" in (await static(tmp_path / "copy", "--language", "tlh", expect=1)).output
    assert "no address" in (await static(tmp_path / "copy", "--url", "copy.example", expect=1)).output


async def test_links_of_the_copy_lead_on_when_the_network_is_back(network: Network, alice: Person) -> None:
    answer = await network.http.get("/@alice/index.html")
    assert (answer.status_code, answer.headers["location"]) == (308, "/@alice/")


def test_addresses_and_their_files() -> None:
    assert [normal(one) for one in ("/@alice/", "/public?max_id=7", "/public?min_id=7", "/sign-in", "/@a/1/edit")] == [
        "/@alice",
        "/public?max_id=7",
        None,
        None,
        None,
    ]
    assert normal("/media/../secret.png") is None and normal("/static/x.css?v=1") == "/static/x.css"
    assert place("/") == "index.html" and place("/@alice/7") == "@alice/7/index.html"
    assert place("/moderation-log/2026-11?before=a") == "moderation-log/2026-11/before-a/index.html"
    assert place("/tags/%C3%A9t%C3%A9") == "tags/=C3=A9t=C3=A9/index.html"
    assert len(place("/tags/" + "é" * 90)) < 60


async def test_while_the_database_is_away_nothing_is_taken_for_gone(
    network: Network, alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dest = tmp_path / "copy"
    await alice.says("Hello")
    await static(dest)
    before = sorted(str(file) for file in dest.rglob("*.html"))
    await alice.says("Hello again")

    async def away(*_: object, **__: object) -> None:
        raise ConnectionError("the server closed the connection")

    monkeypatch.setattr("palabre.features.timelines.store.profile", away)
    result = await static(dest, expect=1)
    assert "can't be reached" in result.output
    assert sorted(str(file) for file in dest.rglob("*.html") if ".palabre-static" not in file.parts) == before


async def test_a_members_link_writes_no_other_page(network: Network, alice: Person, tmp_path: Path) -> None:
    """An address with encoded dots means another file than it seems to."""
    for address in (
        "/tags/%2e%2e",
        "/tags/%2E",
        "/tags/.%2e",
        "/media/%2e%2e/%2e%2e/x.jpg",
        "/static/%2e%2e/index.html",
    ):
        assert normal(address) is None, address
    await alice.says("See https://talk.example/tags/%2e%2e and https://talk.example/static/%2e%2e/index.html")
    await network.work()
    await static(tmp_path / "copy")
    assert "<title>" in (tmp_path / "copy/index.html").read_text()
    assert "tags/" not in (tmp_path / "copy/index.html").read_text().partition("</title>")[0]
