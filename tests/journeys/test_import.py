"""Alice brings her Mastodon archive, Bob his from X, while the network runs; both imports are killed and begun again."""

import asyncio
import io
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from PIL import Image

from palabre.base import duties, text
from palabre.base.db import Database
from palabre.base.postgres import prepare
from tests.support.archives import Expected, write_mastodon, write_twitter
from tests.support.running import Running, until

pytestmark = pytest.mark.journey
VISIBILITIES = {"followers": "private"}


@pytest.fixture(scope="module")
def network() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="palabre-journey-") as folder:
        Path(folder).chmod(0o755)
        with Running(Path(folder) / "data") as network:
            yield network


@pytest.fixture(scope="module")
def carol(network: Running) -> Iterator[httpx.Client]:
    with network.http(network.sign_up("carol")) as carol:
        yield carol


@pytest.fixture(scope="module")
def stranger(network: Running) -> Iterator[httpx.Client]:
    with network.http() as stranger:
        yield stranger


def _get(http: httpx.Client, path: str, **params: Any) -> Any:
    answer = http.get(path, params=params)
    assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
    return answer.json()


def _bring(network: Running, name: str, archive: Path, *more: str, expect: int = 0) -> Any:
    """The report."""
    done = network.command("import", name, str(archive), *more, "--json", patience=300)
    assert done.returncode == expect, done.stderr
    return json.loads(done.stdout) if not expect else None


def _followed_by(http: httpx.Client, carol: httpx.Client) -> str:
    """Carol follows, and asks to know of every post; the account's id."""
    account_id = _get(http, "/api/v1/accounts/verify_credentials")["id"]
    assert carol.post(f"/api/v1/accounts/{account_id}/follow", json={"notify": True}).json()["following"]
    return str(account_id)


def _bring_killed_midway(network: Running, name: str, http: httpx.Client, archive: Path) -> Any:
    """The report of the second go."""

    def count() -> int:
        return int(_get(http, "/api/v1/accounts/verify_credentials")["statuses_count"])

    first = network.launch("import", name, str(archive))
    until(lambda: count() > 400 or first.poll() is not None, patience=120)
    first.kill()
    assert first.wait() < 0, "it was over before it could be killed"
    return _bring(network, name, archive, "--profile")


def _wait_for_workers(network: Running) -> None:
    """Until no duty is left to do."""

    async def waiting() -> int:
        db = Database(prepare(network.folder).dsn, most=1)
        try:
            async with db.reading() as conn:
                return (await duties.waiting(conn))[0]
        finally:
            await db.close()

    until(lambda: asyncio.run(waiting()) == 0, patience=120)


def _all_posts(http: httpx.Client, account_id: str) -> list[Any]:
    found: list[Any] = []
    while page := _get(
        http,
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


def test_alice_brings_her_mastodon_archive(
    network: Running, carol: httpx.Client, stranger: httpx.Client, tmp_path: Path
) -> None:
    alice = network.http(network.sign_up("alice"))
    account_id = _followed_by(alice, carol)
    archive = tmp_path / "archive.zip"
    expected = write_mastodon(archive, posts=1500, pictures=0.03, odd=False)
    report = _bring_killed_midway(network, "alice", alice, archive)
    assert report["taken"]["posts"] == 1500
    assert report["taken"]["pictures"] == sum(post.media for post in expected.posts.values())
    assert {each["why"] for each in report["skipped"]} == {"It is not on this network."}
    _wait_for_workers(network)

    own = _all_posts(alice, account_id)
    assert [post["id"] for post in own] == [p["id"] for p in sorted(own, key=lambda p: p["created_at"], reverse=True)]
    found = _by_second(own)
    shown = {"public", "unlisted", "followers", *(post["visibility"] for post in own)}
    _compare(found, expected, shown)
    pictured = [post for post in expected.posts.values() if post.visibility in shown and post.media]
    for post in pictured:
        assert len(found[post.at]["media_attachments"]) == post.media
    _check_picture(stranger, next(found[post.at] for post in pictured if post.visibility == "public"))

    strangers = _by_second(_all_posts(stranger, account_id))
    _compare(strangers, expected, {"public", "unlisted"})
    _check_nothing_told(alice, carol)

    profile = _get(stranger, f"/api/v1/accounts/{account_id}")
    assert profile["display_name"] == "Alice 🌱 Ångström"
    assert [field["name"] for field in profile["fields"]] == ["Jardin", "Web"]
    assert "/media/avatars/" in profile["avatar"] or "avatars" in profile["avatar"]
    direct = sum(post.visibility == "direct" for post in expected.posts.values())
    assert profile["statuses_count"] == 1500 - direct

    plain = [post for post in expected.posts.values() if post.visibility == "public" and "@" not in post.text]
    public = max(plain, key=lambda post: post.at)
    hits = _get(alice, "/api/v2/search", q=" ".join(public.text.split()[:6]), type="statuses")["statuses"]
    assert found[public.at]["id"] in [hit["id"] for hit in hits]

    again = _bring(network, "alice", archive)
    assert (again["taken"], again["already"]["posts"]) == ({}, 1500)
    assert len(_all_posts(alice, account_id)) == len(own)


def test_bob_brings_his_archive_from_x(
    network: Running, carol: httpx.Client, stranger: httpx.Client, tmp_path: Path
) -> None:
    bob = network.http(network.sign_up("bob"))
    account_id = _followed_by(bob, carol)
    archive = tmp_path / "twitter-2026.zip"
    expected = write_twitter(archive, posts=1500, pictures=0.02, odd=False)
    report = _bring_killed_midway(network, "bob", bob, archive)
    assert report["taken"]["posts"] == 1500
    _wait_for_workers(network)
    _compare(_by_second(_all_posts(stranger, account_id)), expected, {"public"})
    _check_nothing_told(bob, carol)
    whys = {each["why"] for each in report["skipped"]}
    assert {"Video and sound are not taken yet; the words are.", "These posts had been deleted."} <= whys


def test_what_is_no_archive_is_told_so(network: Running, carol: httpx.Client, tmp_path: Path) -> None:
    nothing = tmp_path / "holiday.zip"
    nothing.write_bytes(b"no archive at all")
    _bring(network, "carol", nothing, expect=1)
    write_mastodon(tmp_path / "small.zip", posts=3)
    _bring(network, "nobody", tmp_path / "small.zip", expect=1)
    _bring(network, "carol", tmp_path / "small.zip", "--only", "poems", expect=1)


def _check_picture(http: httpx.Client, post: Any) -> None:
    served = http.get(post["media_attachments"][0]["url"])
    assert served.status_code == 200
    assert b"Telephone" not in served.content
    with Image.open(io.BytesIO(served.content)) as image:
        assert not image.getexif()


def _check_nothing_told(http: httpx.Client, carol: httpx.Client) -> None:
    assert [told["type"] for told in _get(http, "/api/v1/notifications")] == ["follow"]
    assert _get(carol, "/api/v1/notifications") == []
