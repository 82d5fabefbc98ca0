"""Alice brings her Mastodon archive, Bob his from X, while the network runs; both imports are killed and begun again."""

import io
import json
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from palabre.base import text
from tests.support.archives import Expected, write_mastodon, write_twitter
from tests.support.import_run import Running, running_network, until

pytestmark = pytest.mark.journey
VISIBILITIES = {"followers": "private"}


@pytest.fixture(scope="module")
def network() -> Iterator[Running]:
    with running_network() as running:
        yield running


@pytest.fixture(scope="module")
def carol(network: Running) -> str:
    return network.member("carol")


def _followed_by(network: Running, token: str, carol: str) -> str:
    """Carol follows, and asks to know of every post; the account's id."""
    account_id = network.get(token, "/api/v1/accounts/verify_credentials")["id"]
    answer = network.ask(carol, "POST", f"/api/v1/accounts/{account_id}/follow", json={"notify": True})
    assert answer.json()["following"]
    return str(account_id)


def _bring_killed_midway(network: Running, name: str, token: str, archive: Path) -> dict[str, Any]:
    """The report of the second go."""

    def count() -> int:
        return int(network.get(token, "/api/v1/accounts/verify_credentials")["statuses_count"])

    first = network.start("import", name, str(archive))
    until(lambda: count() > 400 or first.poll() is not None)
    os.killpg(first.pid, signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL, "it was over before it could be killed"
    report: dict[str, Any] = json.loads(network.palabre("import", name, str(archive), "--profile", "--json"))
    return report


def _all_posts(network: Running, token: str, account_id: str) -> list[Any]:
    found: list[Any] = []
    while page := network.get(
        token,
        f"/api/v1/accounts/{account_id}/statuses",
        limit=40,
        **({"max_id": found[-1]["id"]} if found else {}),
    ):
        found += page
    return found


def _by_second(posts: list[Any]) -> dict[datetime, Any]:
    by_second = {_written_at(post): post for post in posts}
    assert len(by_second) == len(posts), "something is there twice"
    return by_second


def _written_at(post: Any) -> datetime:
    return datetime.fromisoformat(post["created_at"]).replace(microsecond=0)


def _words(written: str) -> str:
    return " ".join(written.split())


def _compare(found: dict[datetime, Any], expected: Expected, seen: set[str]) -> None:
    wanted = {key: post for key, post in expected.posts.items() if post.visibility in seen}
    assert found.keys() == {post.at.astimezone(UTC) for post in wanted.values()}
    for post in wanted.values():
        here = found[post.at]
        assert _words(text.plain(here["content"])) == _words(post.text)
        assert here["visibility"] == VISIBILITIES.get(post.visibility, post.visibility)
        assert here["spoiler_text"] == (post.spoiler or "")
        if post.reply_key in wanted:
            assert here["in_reply_to_id"] == found[expected.posts[post.reply_key].at]["id"]


def test_alice_brings_her_mastodon_archive(network: Running, carol: str, tmp_path: Path) -> None:
    alice = network.member("alice")
    account_id = _followed_by(network, alice, carol)
    archive = tmp_path / "archive.zip"
    expected = write_mastodon(archive, posts=3000, pictures=0.03, odd=False)
    report = _bring_killed_midway(network, "alice", alice, archive)
    assert report["taken"]["posts"] == 3000
    assert report["taken"]["pictures"] == sum(post.media for post in expected.posts.values())
    assert {each["why"] for each in report["skipped"]} == {"It is not on this network."}
    network.wait_for_workers()

    own = _all_posts(network, alice, account_id)
    assert [post["id"] for post in own] == [p["id"] for p in sorted(own, key=lambda p: p["created_at"], reverse=True)]
    found = _by_second(own)
    shown = {"public", "unlisted", "followers", *(post["visibility"] for post in own)}
    _compare(found, expected, shown)
    pictured = [post for post in expected.posts.values() if post.visibility in shown and post.media]
    for post in pictured:
        assert len(found[post.at]["media_attachments"]) == post.media
    _check_picture(network, next(found[post.at] for post in pictured if post.visibility == "public"))

    strangers = _by_second(_all_posts(network, "", account_id))
    _compare(strangers, expected, {"public", "unlisted"})
    _check_nothing_told(network, alice, carol)

    profile = network.get("", f"/api/v1/accounts/{account_id}")
    assert profile["display_name"] == "Alice 🌱 Ångström"
    assert [field["name"] for field in profile["fields"]] == ["Jardin", "Web"]
    assert "/media/avatars/" in profile["avatar"] or "avatars" in profile["avatar"]
    direct = sum(post.visibility == "direct" for post in expected.posts.values())
    assert profile["statuses_count"] == 3000 - direct

    public = max((post for post in expected.posts.values() if post.visibility == "public"), key=lambda post: post.at)
    hits = network.get(alice, "/api/v2/search", q=" ".join(public.text.split()[:6]), type="statuses")["statuses"]
    assert found[public.at]["id"] in [hit["id"] for hit in hits]

    again = json.loads(network.palabre("import", "alice", str(archive), "--json"))
    assert (again["taken"], again["already"]["posts"]) == ({}, 3000)
    assert len(_all_posts(network, alice, account_id)) == len(own)


def test_bob_brings_his_archive_from_x(network: Running, carol: str, tmp_path: Path) -> None:
    bob = network.member("bob")
    account_id = _followed_by(network, bob, carol)
    archive = tmp_path / "twitter-2026.zip"
    expected = write_twitter(archive, posts=3000, pictures=0.02, odd=False)
    report = _bring_killed_midway(network, "bob", bob, archive)
    assert report["taken"]["posts"] == 3000
    network.wait_for_workers()
    _compare(_by_second(_all_posts(network, "", account_id)), expected, {"public"})
    _check_nothing_told(network, bob, carol)
    whys = {each["why"] for each in report["skipped"]}
    assert {"Video and sound are not taken yet; the words are.", "These posts had been deleted."} <= whys


def test_what_is_no_archive_is_told_so(network: Running, tmp_path: Path) -> None:
    nothing = tmp_path / "holiday.zip"
    nothing.write_bytes(b"no archive at all")
    network.palabre("import", "carol", str(nothing), expect=1)
    write_mastodon(tmp_path / "small.zip", posts=3)
    network.palabre("import", "nobody", str(tmp_path / "small.zip"), expect=1)
    network.palabre("import", "carol", str(tmp_path / "small.zip"), "--only", "poems", expect=1)


def _check_picture(network: Running, post: Any) -> None:
    served = network.http.get(post["media_attachments"][0]["url"])
    assert served.status_code == 200
    assert b"Telephone" not in served.content
    with Image.open(io.BytesIO(served.content)) as image:
        assert not image.getexif()


def _check_nothing_told(network: Running, token: str, carol: str) -> None:
    assert [told["type"] for told in network.get(token, "/api/v1/notifications")] == ["follow"]
    assert network.get(carol, "/api/v1/notifications") == []
