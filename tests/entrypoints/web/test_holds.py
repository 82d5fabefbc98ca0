"""What the law wants preserved is sealed, opened with a reason, and gone when its time is up; so is all other evidence."""

import hashlib
import io
import re
import zipfile
from datetime import timedelta

import pytest

from palabre.base import clock
from palabre.features import accounts, moderation
from palabre.features.moderation import holds
from tests.entrypoints.web.conftest import member
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, deletes, reports
from tests.support.people import Person
from tests.support.visitor import Visitor


@pytest.fixture
async def case(network: Network, moderator: Visitor, alice: Person, bob: Person) -> str:
    """Alice reported a threat of Bob's; the path of the case."""
    post = await bob.says("I am coming for you tonight, Alice.")
    await reports(alice, bob, post, category="threat")
    await network.work()
    await moderator.open("/moderation")
    found = re.search(r'href="(/moderation/cases/\d+)"', moderator.html)
    assert found
    return found[1]


@pytest.fixture
async def owner(network: Network) -> Visitor:
    return await member(network, "olga", role="owner")


async def _later(network: Network, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """So many days pass, and the rounds are made."""
    then = clock.now() + timedelta(days=days)
    monkeypatch.setattr(clock, "now", lambda: then)
    async with network.db.transaction() as conn:
        await holds.purge_ended(conn)
        await holds.erase_ended(conn)
    await network.work()


async def _kept(network: Network) -> tuple[int, int]:
    """How many snapshots there are, and how many seals with something in them."""
    async with network.db.reading() as conn:
        snapshots = await conn.value("SELECT count(*) FROM snapshots")
        return snapshots, await conn.value("SELECT count(*) FROM legal_holds WHERE sealed <> ''")


async def test_what_is_preserved_outlives_the_account_and_is_opened_by_an_owner_who_says_why(
    case: str, moderator: Visitor, owner: Visitor, bob: Person, network: Network
) -> None:
    await moderator.open(f"{case}/hold")
    await moderator.send(f"{case}/hold", 422, kind="order", reason=" ", authority="Tribunal")
    assert "Tribunal" in moderator.html and 'id="e-reason"' in moderator.html
    await moderator.send(f"{case}/hold", 422, kind="order", reason="Asked for.", days="4000")
    await moderator.send(
        f"{case}/hold", kind="order", reason="Asked for.", authority="Tribunal", reference="12/2026", days=""
    )
    assert "Tribunal" in moderator.html and "bob@" not in moderator.html
    found = re.search(r"/moderation/cases/\d+/police\?hold=(\d+)", moderator.html)
    assert found
    opening = f"{case}/holds/{found[1]}"
    assert opening not in moderator.html  # what is sealed is for the owners
    assert (await moderator.http.post(opening, data={"why": "Curious"})).status_code == 403
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(bob.id))
    await network.work()
    await owner.open(f"{case}/hold")
    await owner.send(opening, 422, why=" ")
    await owner.send(opening, why="The judge asked again.")
    assert "bob@" in owner.html and "I am coming for you tonight" in owner.html
    await owner.open(case)
    assert "The judge asked again." in owner.html
    async with network.db.transaction() as conn:
        assert await moderation.verify(conn) == []


async def test_a_hold_ends_by_itself_and_so_does_what_it_kept(
    case: str, moderator: Visitor, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    await moderator.open(f"{case}/hold")
    await moderator.send(f"{case}/hold", kind="child", reason="Reported to the authority.", days="300")
    await decides(await _staff(network), {"id": case.rsplit("/", 1)[1]}, "remove")
    await _later(network, monkeypatch, 200)
    assert await _kept(network) == (1, 1)
    await _later(network, monkeypatch, 101)
    assert await _kept(network) == (0, 0)
    async with network.db.transaction() as conn:
        assert await moderation.verify(conn) == []
        assert await conn.value("SELECT count(*) FROM posts") == 0


async def test_what_was_removed_is_erased_when_nothing_needs_it_but_not_what_was_given_back(
    alice: Person, bob: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = await _staff(network)
    for words in ("removed", "given back"):
        await reports(alice, bob, await bob.says(words))
        (found,) = await staff.get("/api/palabre/v1/cases")
        case = await decides(staff, found, "remove")
    (decision,) = case["decisions"]
    await staff.post(f"/api/palabre/v1/cases/{case['id']}/decisions/{decision['id']}/undo", reason="We were wrong.")
    await _later(network, monkeypatch, 182)
    assert await _kept(network) == (2, 0)
    await _later(network, monkeypatch, 2)
    assert await _kept(network) == (0, 0)
    async with network.db.transaction() as conn:
        assert [row["text"] for row in await conn.rows("SELECT text FROM posts")] == ["given back"]
        assert await moderation.verify(conn) == []


async def test_an_open_case_keeps_what_its_author_deletes(
    alice: Person, bob: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await bob.says("I never said that")
    await reports(alice, bob, post)
    await deletes(network, bob, post)
    await _later(network, monkeypatch, 1_000)
    assert await _kept(network) == (1, 0)


async def _staff(network: Network) -> Person:
    return await network.person("cleo", role="moderator", scopes=STAFF_SCOPES)


async def test_five_clicks_lead_to_a_pack_for_the_police(
    case: str, moderator: Visitor, alice: Person, network: Network
) -> None:
    await moderator.open(case)
    assert f'href="{case}/hold"' in moderator.html
    await moderator.open(f"{case}/hold")
    await moderator.send(f"{case}/hold", kind="life", reason="He threatens to come tonight.")
    assert moderator.path == f"{case}/police"
    await moderator.send(f"{case}/police", 422, to=" ")
    await moderator.send(f"{case}/police", to="Police of Lyon, 04 00 00 00 00")
    pack = zipfile.ZipFile(io.BytesIO(moderator.page.content))
    texts = {name: pack.read(name).decode() for name in pack.namelist()}
    sums = dict(reversed(line.split("  ", 1)) for line in texts["SHA256SUMS"].splitlines())
    assert {name: hashlib.sha256(text.encode()).hexdigest() for name, text in texts.items() if name in sums} == sums
    assert sums.keys() == texts.keys() - {"SHA256SUMS"}
    assert "I am coming for you tonight, Alice." in texts["report.html"] and "bob@" in texts["report.html"]
    assert "https://talk.example/@bob/" in texts["report.html"]
    assert not any(str(alice.id) in texts[name] for name in texts if name.endswith((".json", ".html")))
    await moderator.open(case)
    assert "made a pack for the police: Police of Lyon" in moderator.html


async def test_tools_preserve_too(case: str, bob: Person, network: Network) -> None:
    staff = await _staff(network)
    olga = await network.person("olga", role="owner", scopes=STAFF_SCOPES)
    path = f"/api/palabre/v1/cases/{case.rsplit('/', 1)[1]}/holds"
    await staff.post(path, 422, kind="because", reason="Asked for.")
    await staff.post(path, 422, kind="child", reason="Asked for.", days=0)
    await bob.post(path, 403, kind="child", reason="Asked for.")
    made = await staff.post(path, kind="child", reason="Asked for.", days=30)
    assert await staff.get(path) == await staff.get("/api/palabre/v1/holds") == [made]
    await staff.post(f"{path}/{made['id']}/open", 403, why="Curious.")
    assert (await staff.request("POST", f"{path}/{made['id']}/police", json={"to": "Me"})).status_code == 403
    await olga.post(f"{path}/{made['id']}/open", 422)
    opened = await olga.post(f"{path}/{made['id']}/open", why="The judge asked.")
    assert opened["sealed"]["account"]["username"] == "bob" and "@" in opened["sealed"]["connections"]["email"]
    given = await olga.request("POST", f"{path}/{made['id']}/police", json={"to": "Police of Lyon"})
    assert "sealed.json" in zipfile.ZipFile(io.BytesIO(given.content)).namelist()
