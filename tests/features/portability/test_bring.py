"""What Alice finds after her archive was taken: every kind of post, and what could not come along."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from palabre.features import portability
from palabre.features.portability.imports import Why, open_archive
from palabre.features.portability.report import PARTS, Report
from tests.support.archives import Packer, write_mastodon
from tests.support.network import Network
from tests.support.people import Person, said

ACTOR = "https://old.example/users/alice"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Old:
    """An archive written by hand."""

    def __init__(self, path: Path) -> None:
        self.path, self.items = path, list[dict[str, Any]]()
        self.files: dict[str, bytes | str] = {}

    def says(self, words: str, at: str = "2020-05-01T10:00:00Z", **more: Any) -> str:
        uri = f"{ACTOR}/statuses/{len(self.items) + 1}"
        note = {
            "id": uri,
            "type": "Note",
            "published": at,
            "content": f"<p>{words}</p>",
            "to": [PUBLIC],
            "cc": [],
        } | more
        self.items.append({"id": uri + "/activity", "type": "Create", "published": at, "object": note})
        return uri

    def boosts(self, url: str, at: str = "2020-05-02T10:00:00Z") -> None:
        activity = {"id": f"{ACTOR}/boosts/{len(self.items)}", "type": "Announce", "published": at, "to": [PUBLIC]}
        self.items.append(activity | {"object": url})

    def write(self) -> Path:
        pack = Packer(self.path, "zip")
        actor = {"id": ACTOR, "preferredUsername": "alice", "followers": f"{ACTOR}/followers", "summary": "<p>Hi</p>"}
        pack.add("actor.json", json.dumps(actor))
        pack.add("outbox.json", json.dumps({"orderedItems": self.items}))
        for name, data in self.files.items():
            pack.add(name, data)
        pack.close()
        return self.path


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Old]:
    yield Old(tmp_path / "archive.zip")


async def _bring(network: Network, person: Person, path: Path, *parts: str) -> Report:
    with open_archive(path) as archive:
        report = await portability.bring(network.db, int(person.id), archive, parts=parts or PARTS)
    await network.work()
    return report


async def _posts(person: Person, of: Person | None = None) -> list[Any]:
    return list(await person.get(f"/api/v1/accounts/{(of or person).id}/statuses", limit=40))


async def test_an_edit_a_warning_and_a_language_stay(network: Network, alice: Person, old: Old) -> None:
    old.says("Fixed", updated="2020-05-03T08:00:00Z", summary="food", contentMap={"fr": "<p>Fixed</p>"}, sensitive=True)
    await _bring(network, alice, old.write())
    [post] = await _posts(alice)
    assert (post["created_at"], post["edited_at"]) == ("2020-05-01T10:00:00.000Z", "2020-05-03T08:00:00.000Z")
    assert (post["spoiler_text"], post["sensitive"], post["language"]) == ("food", True, "fr")


async def test_a_thread_of_one_second_keeps_its_order(network: Network, alice: Person, old: Old) -> None:
    first = old.says("0")
    for number in range(1, 12):
        first = old.says(str(number), inReplyTo=first)
    await _bring(network, alice, old.write())
    posts = (await _posts(alice))[::-1]
    assert [said(post) for post in posts] == [str(number) for number in range(12)]
    assert [post["in_reply_to_id"] for post in posts[1:]] == [post["id"] for post in posts[:-1]]
    context = await alice.get(f"/api/v1/statuses/{posts[0]['id']}/context")
    assert len(context["descendants"]) == 11


async def test_what_has_no_place_here_becomes_words(network: Network, alice: Person, old: Old) -> None:
    choices = [{"type": "Note", "name": name, "replies": {"totalItems": 2}} for name in ("Tea", "Coffee")]
    old.says("Which?", type="Question", oneOf=choices)
    old.says("I disagree", at="2020-05-02T10:00:00Z", inReplyTo="https://far.example/@eve/7")
    await _bring(network, alice, old.write())
    answer, poll = await _posts(alice)
    assert "Tea (2)" in said(poll)
    assert answer["in_reply_to_id"] is None
    assert "https://far.example/@eve/7" in said(answer)


async def test_what_was_private_stays_private(network: Network, alice: Person, bob: Person, old: Old) -> None:
    old.says("Among friends", to=[f"{ACTOR}/followers"])
    secret = old.says("Just you", to=["https://far.example/users/bob"], at="2020-05-02T10:00:00Z")
    report = await _bring(network, alice, old.write())
    assert report.taken["posts"] == 2
    assert await _posts(bob, alice) == []
    assert {post["visibility"] for post in await _posts(alice)} <= {"private", "direct"}
    async with network.db.reading() as conn:
        post_id = await conn.value("SELECT post_id FROM imported_posts WHERE source_key = $1", secret)
    await bob.get(f"/api/v1/statuses/{post_id}", expect=404)
    assert said(await alice.get(f"/api/v1/statuses/{post_id}")) == "Just you"


async def test_long_posts_come_whole_and_endless_ones_do_not(network: Network, alice: Person, old: Old) -> None:
    old.says("x" * 9_000)
    endless = old.says("y" * 20_000)
    report = await _bring(network, alice, old.write())
    assert [len(said(post)) for post in await _posts(alice)] == [9_000]
    assert [(each.what, each.why) for each in report.skipped] == [(endless, Why.TOO_LONG)]


async def test_a_film_is_left_out_and_its_words_taken(network: Network, alice: Person, old: Old) -> None:
    for name, kind in (("film.mp4", "video/mp4"), ("torn.jpeg", "image/jpeg")):
        path = f"media_attachments/files/1/original/{name}"
        old.files[path] = b"\0" * 100
        old.says(
            name,
            attachment=[{"type": "Document", "mediaType": kind, "url": "/" + path}],
            at=f"202{len(name)}-01-01T00:00:00Z"[:20],
        )
    report = await _bring(network, alice, old.write())
    assert {said(post) for post in await _posts(alice)} == {"film.mp4", "torn.jpeg"}
    assert {each.why for each in report.skipped} == {Why.NO_VIDEO, Why.BAD_PICTURE}


async def test_marks_and_people_that_are_here_are_found(
    network: Network, alice: Person, bob: Person, dan: Person, old: Old
) -> None:
    theirs = await bob.says("Hello from Bob")
    mine = old.says("Worth repeating")
    old.boosts(mine)
    old.boosts("https://far.example/users/eve/statuses/1")
    old.files["likes.json"] = json.dumps({"orderedItems": [theirs["url"], "https://far.example/@eve/2"]})
    old.files["bookmarks.json"] = json.dumps({"orderedItems": [theirs["uri"]]})
    old.files["following_accounts.csv"] = "Account address,Show boosts\nbob@talk.example,false\neve@far.example,true\n"
    old.files["blocked_accounts.csv"] = "dan@talk.example\n"
    report = await _bring(network, alice, old.write())
    assert {part: report.taken[part] for part in ("posts", "boosts", "favourites", "bookmarks", "follows", "blocks")} == {
        "posts": 1, "boosts": 1, "favourites": 1, "bookmarks": 1, "follows": 1, "blocks": 1
    }  # fmt: skip
    assert {each.what for each in report.skipped if each.why == Why.NOT_HERE} == {
        "https://far.example/users/eve/statuses/1", "https://far.example/@eve/2", "follow eve@far.example"
    }  # fmt: skip
    post = await alice.get(f"/api/v1/statuses/{theirs['id']}")
    assert post["favourited"] and post["bookmarked"]
    [tie] = await alice.get("/api/v1/accounts/relationships", **{"id[]": bob.id})
    assert tie["following"] and not tie["showing_reblogs"]
    assert await bob.get("/api/v1/notifications") == []
    assert await dan.get("/api/v1/notifications") == []
    boost = (await _posts(alice))[0]
    assert boost["created_at"].startswith("2020-05-02") and said(boost) == "Worth repeating"

    again = await _bring(network, alice, old.path)
    assert (again.already["posts"], again.already["boosts"], again.taken["posts"]) == (1, 1, 0)


async def test_what_was_deleted_here_does_not_come_back(network: Network, alice: Person, old: Old) -> None:
    first = old.says("Root")
    await _bring(network, alice, old.write())
    [root] = await _posts(alice)
    await alice.delete(f"/api/v1/statuses/{root['id']}")
    await network.work()
    old.says("An answer to it", inReplyTo=first, at="2020-05-02T10:00:00Z")
    report = await _bring(network, alice, old.write())
    assert report.taken["posts"] == 1
    [answer] = await _posts(alice)
    assert said(answer).startswith("An answer to it") and answer["in_reply_to_id"] is None


async def test_odd_archives_are_accounted_for_to_the_last_item(network: Network, alice: Person, tmp_path: Path) -> None:
    expected = write_mastodon(tmp_path / "odd.zip", posts=60)
    report = await _bring(network, alice, tmp_path / "odd.zip")
    assert report.taken["posts"] + sum(each.why == Why.TOO_LONG for each in report.skipped) == len(expected.posts)
    assert expected.left_out <= {each.what for each in report.skipped}
    assert report.taken["profile"] == 1


async def test_nothing_is_left_of_imports_when_the_account_goes(network: Network, alice: Person, old: Old) -> None:
    from palabre.features import accounts

    old.says("Soon gone")
    await _bring(network, alice, old.write())
    async with network.db.transaction() as conn:
        await accounts.remove(conn, int(alice.id))
    await network.work()
    async with network.db.reading() as conn:
        for table in portability.TABLES:
            assert await conn.value(f"SELECT count(*) FROM {table}") == 0
