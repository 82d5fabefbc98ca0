"""Alice takes along everything that is hers, and arrives with it on another account."""

import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from palabre.base import blobs, clock
from palabre.features import accounts, portability
from palabre.features.portability import exports
from palabre.features.portability.exports import asking, making
from palabre.features.portability.imports import open_archive
from tests.support.images import upload
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person, said


async def _written(network: Network, who: Person, path: Path) -> zipfile.ZipFile:
    await network.work()
    await exports.write(network.db, int(who.id), path)
    return zipfile.ZipFile(path)


def _read(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(name))


async def _posts(person: Person) -> list[Any]:
    return list(await person.get(f"/api/v1/accounts/{person.id}/statuses", limit=40))


async def test_she_arrives_elsewhere_with_the_same_posts_dates_and_pictures(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    eve = await network.person("eve")
    await alice.patch("/api/v1/accounts/update_credentials", display_name="Alice 🌱", note="Bread & trains")
    picture = await upload(alice, description="A loaf", focus="0.5,-0.25")
    first = await alice.says(
        "Hello @bob: see https://bread.example/a?b=1&c=2 #Bread\n\nnew paragraph <b>&", language="en"
    )
    await alice.says("And a picture", in_reply_to_id=first["id"], media_ids=[picture["id"]], spoiler_text="food")
    await alice.says("Among friends", visibility="private")
    await alice.says("Quietly", visibility="unlisted")
    await alice.says("@bob only you", visibility="direct")
    fixed = await alice.says("Tpyo")
    await alice.put(f"/api/v1/statuses/{fixed['id']}", status="Typo")
    his = await bob.says("From Bob")
    for verb in ("favourite", "bookmark", "reblog"):
        await alice.post(f"/api/v1/statuses/{his['id']}/{verb}")
    await alice.follows(bob)
    path = tmp_path / "alice.zip"
    await _written(network, alice, path)

    with open_archive(path) as archive:
        report = await portability.bring(network.db, int(eve.id), archive, parts=portability.PARTS)
    await network.work()
    assert report.skipped == []
    assert dict(report.taken) == {
        "profile": 1, "posts": 6, "boosts": 1, "favourites": 1, "bookmarks": 1, "follows": 1, "pictures": 1,
    }  # fmt: skip
    hers, there = await _posts(alice), await _posts(eve)
    for before, after in zip(hers, there, strict=True):
        assert said(after).replace("bob@talk.example", "bob") == said(before)
        for name in ("created_at", "visibility", "spoiler_text", "sensitive", "language"):
            assert after[name] == before[name], name
        assert [one["description"] for one in after["media_attachments"]] == [
            one["description"] for one in before["media_attachments"]
        ]
    assert there[0]["reblog"]["id"] == his["id"]
    [shown] = [post for post in there if post["media_attachments"]]
    assert shown["media_attachments"][0]["meta"]["focus"] == {"x": 0.5, "y": -0.25}
    assert shown["in_reply_to_id"] in {post["id"] for post in there}
    assert (await eve.get("/api/v1/accounts/verify_credentials"))["display_name"] == "Alice 🌱"


async def test_it_is_in_the_format_of_mastodons_archives_and_readable_without_a_network(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    picture = await upload(alice, description="A loaf")
    post = await alice.says("With a picture", media_ids=[picture["id"]])
    await alice.follows(bob)
    archive = await _written(network, alice, tmp_path / "alice.zip")
    outbox = _read(archive, "outbox.json")
    [create] = outbox["orderedItems"]
    assert (outbox["type"], outbox["totalItems"], create["type"]) == ("OrderedCollection", 1, "Create")
    assert create["object"]["id"] == f"https://talk.example/users/alice/statuses/{post['id']}"
    [document] = create["object"]["attachment"]
    assert (document["mediaType"], document["name"]) == ("image/png", "A loaf")
    key = document["url"].removeprefix("media_attachments/")
    assert archive.read(document["url"]) == await blobs.current().read(key)
    assert _read(archive, "actor.json")["preferredUsername"] == "alice"
    assert archive.read("following_accounts.csv").decode().splitlines()[1] == "bob@talk.example,true,false,"
    index, page = archive.read("index.html").decode(), archive.read("posts/1.html").decode()
    assert 'href="posts/1.html"' in index
    assert f'src="../{document["url"]}"' in page and "With a picture" in page
    assert "<script" not in index + page


async def test_what_the_law_gives_a_right_to_is_in_it_and_what_others_said_is_not(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    bad = await bob.says("Something rude")
    picture = await upload(bob)
    await bob.says("With a picture", media_ids=[picture["id"]])
    await reports(alice, bob, bad, comment="He always does this")
    await decides(carol, await only_case(carol), "remove", reason="Against rule one")
    await network.work()
    archive = await _written(network, bob, tmp_path / "bob.zip")
    account = _read(archive, "palabre/account.json")
    assert account["email"] == "bob@mail.example" and account["sessions"]
    [letter] = _read(archive, "palabre/letters.json")
    assert "Against rule one" in letter["text"]
    [removed] = _read(archive, "palabre/posts.json")["removed_by_moderators"]
    assert removed["text"] == "Something rude"
    assert "Something rude" not in archive.read("outbox.json").decode()
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode(errors="replace")
    assert "He always does this" not in everything and "alice" not in everything
    hers = await _written(network, alice, tmp_path / "alice.zip")
    [report] = _read(hers, "palabre/reports.json")
    assert (report["about"], report["comment"]) == ("bob@talk.example", "He always does this")


async def test_what_she_may_not_see_any_more_is_not_listed(
    network: Network, alice: Person, bob: Person, tmp_path: Path
) -> None:
    his = await bob.says("From Bob")
    for verb in ("favourite", "bookmark", "reblog"):
        await alice.post(f"/api/v1/statuses/{his['id']}/{verb}")
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    archive = await _written(network, alice, tmp_path / "alice.zip")
    for name in ("likes.json", "bookmarks.json", "outbox.json"):
        assert _read(archive, name)["orderedItems"] == []


async def test_a_picture_that_is_gone_is_named_and_holds_nothing_up(
    network: Network, alice: Person, tmp_path: Path
) -> None:
    picture = await upload(alice)
    await alice.says("Here", media_ids=[picture["id"]])
    await blobs.current().delete([picture["url"].partition("/media/")[2]])
    archive = await _written(network, alice, tmp_path / "alice.zip")
    assert len(_read(archive, "palabre/missing.json")) == 1


async def test_many_posts_come_in_pages_and_progress_is_told(network: Network, alice: Person, tmp_path: Path) -> None:
    for number in range(205):
        await alice.says(f"Number {number}")
    told: list[tuple[int, int]] = []
    await exports.write(network.db, int(alice.id), tmp_path / "a.zip", lambda *far: told.append(far))
    archive = zipfile.ZipFile(tmp_path / "a.zip")
    assert [name for name in archive.namelist() if name.startswith("posts/")] == [f"posts/{n}.html" for n in (1, 2, 3)]
    assert "Number 204" in archive.read("posts/1.html").decode()
    assert told[0] == (0, 205) and told[-1] == (205, 205)
    assert told == sorted(told)
    assert len(_read(archive, "outbox.json")["orderedItems"]) == 205


async def _asks(network: Network, who: Person) -> None:
    async with network.db.transaction() as conn:
        await exports.ask(conn, int(who.id))


async def _export(network: Network, who: Person) -> Any:
    async with network.db.reading() as conn:
        return await exports.export_of(conn, int(who.id))


async def _kept() -> set[str]:
    return {entry.key async for entry in blobs.current().list("exports")}


async def test_a_maker_that_died_is_followed_by_another(
    network: Network, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alice.says("Hello")
    await _asks(network, alice)
    async with network.db.transaction() as conn:
        assert await exports.store.claim(conn, timedelta(0))  # and then: kill -9
    assert (await _export(network, alice)).state == "making"
    await exports.make_waiting(network.db)
    found = await _export(network, alice)
    assert (found.state, found.done, found.total) == ("ready", 1, 1)
    assert await _kept() == {found.key}


async def test_one_in_hand_is_left_to_its_maker(network: Network, alice: Person) -> None:
    await _asks(network, alice)
    async with network.db.transaction() as conn:
        assert await exports.store.claim(conn, making.LEASE)
    await exports.make_waiting(network.db)
    assert (await _export(network, alice)).state == "making"


async def test_one_that_fails_is_tried_again_and_then_given_up(
    network: Network, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise blobs.BlobError("away")

    monkeypatch.setattr(blobs.LocalBlobs, "put", away)
    monkeypatch.setattr(making, "back_off", lambda attempts: timedelta(0))
    await _asks(network, alice)
    await exports.make_waiting(network.db)
    assert (await _export(network, alice)).state == "failed"
    assert list(making.scratch().iterdir()) == []
    await _asks(network, alice)  # at once: it failed
    assert (await _export(network, alice)).state == "waiting"


async def test_it_is_kept_for_seven_days(network: Network, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await _asks(network, alice)
    await exports.make_waiting(network.db)
    assert len(await _kept()) == 1
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=8))
    async with network.db.transaction() as conn:
        await exports.remove_ended(conn)
    await network.work()
    assert await _kept() == set()
    assert (await _export(network, alice)).key is None


async def test_deleting_the_account_deletes_it(network: Network, alice: Person, bob: Person) -> None:
    await _asks(network, alice)
    await exports.make_waiting(network.db)
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(alice.id))
    await network.work()
    assert await _kept() == set()
    assert await _export(network, alice) is None


async def test_a_new_one_takes_the_place_of_the_old(network: Network, alice: Person) -> None:
    await _asks(network, alice)
    await exports.make_waiting(network.db)
    old = (await _export(network, alice)).key
    async with network.db.transaction() as conn:
        await exports.prepare(conn, int(alice.id))
    assert (await _export(network, alice)).key == old  # until the new one is there
    await exports.make_waiting(network.db)
    await network.work()
    new = (await _export(network, alice)).key
    assert new != old and await _kept() == {new}


async def test_what_nobody_knows_is_swept_away(
    network: Network, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _asks(network, alice)
    await exports.make_waiting(network.db)
    mine = (await _export(network, alice)).key
    await blobs.current().put(f"{asking.FOLDER}/lost.zip", b"x", "application/zip")
    monkeypatch.setattr(making, "_ABANDONED", -60.0)
    await exports.sweep(network.db)
    assert await _kept() == {mine}


@pytest.fixture(autouse=True)
def _no_leftovers(network: Network) -> Iterator[None]:
    yield
    assert list(making.scratch().iterdir()) == []
