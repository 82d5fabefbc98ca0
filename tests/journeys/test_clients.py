"""Real clients, unmodified: Mastodon.py and toot, each let in by its member on the page for that."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from mastodon import Mastodon, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

from tests.support.app_user import Browser
from tests.support.images import png
from tests.support.people import said
from tests.support.running import Running, until

pytestmark = pytest.mark.journey
SCOPES = ["read", "write", "follow", "push"]
RETURN = "http://127.0.0.1:9/back"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("clients") / "data") as network:
        for name in ("alice", "bob"):
            network.sign_up(name)
        yield network


@pytest.fixture(scope="module")
def alice(running: Running) -> Any:
    return _client(running, "alice")


@pytest.fixture(scope="module")
def bob(running: Running) -> Any:
    return _client(running, "bob")


def _client(network: Running, name: str) -> Any:
    """Mastodon.py, registered and let in as any application is."""
    browser = Browser(network)
    browser.sign_in(name, f"the password of {name}")
    client_id, secret = Mastodon.create_app("Walk", scopes=SCOPES, redirect_uris=RETURN, api_base_url=network.url)
    client = Mastodon(client_id, secret, api_base_url=network.url)
    url = client.auth_request_url(scopes=SCOPES, redirect_uris=RETURN, allow_http=True)
    client.log_in(code=browser.let_in(url), redirect_uri=RETURN, scopes=SCOPES, allow_http=True)
    return client


def test_a_client_is_let_in_and_put_out(running: Running) -> None:
    client = _client(running, "alice")
    assert client.app_verify_credentials().name == "Walk"
    me = client.me()
    assert (me.username, me.acct) == ("alice", "alice")
    client.revoke_access_token(allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        Mastodon(access_token="gone", api_base_url=running.url).me()


def test_what_a_client_asks_first(alice: Any) -> None:
    assert alice.instance_v2().configuration.statuses.max_characters == 1000
    assert alice.instance_v1().uri and alice.instance_rules() is not None
    assert alice.preferences()["posting:default:visibility"] == "public"
    assert alice.custom_emojis() == [] and alice.announcements() == []
    assert alice.instance_nodeinfo().software.name == "palabre"


def test_posts_with_pictures_threads_edits_and_deletion(alice: Any, bob: Any) -> None:
    media = alice.media_post(png(), mime_type="image/png", description="A square", focus=(0.5, -0.5))
    post = alice.status_post("A square #shapes", media_ids=[media], language="en", spoiler_text="geometry")
    assert post.media_attachments[0].description == "A square" and post.spoiler_text == "geometry"
    reply = bob.status_reply(post, "Nice corners")
    assert [one.id for one in alice.status_context(post).descendants] == [reply.id]
    edited = alice.status_update(post, "A circle #shapes", media_ids=[media])
    assert edited.edited_at and len(alice.status_history(post)) == 2
    assert alice.status_source(post).text == "A circle #shapes"
    assert [one.id for one in bob.timeline_hashtag("shapes")] == [post.id]
    alice.status_delete(post)
    with pytest.raises(MastodonNotFoundError):
        bob.status(post)
    once = [alice.status_post("Only once", idempotency_key="key").id for _ in range(2)]
    assert once[0] == once[1]


def test_boosts_favourites_bookmarks_and_pins(alice: Any, bob: Any) -> None:
    post = alice.status_post("Worth keeping")
    assert bob.status_favourite(post).favourited and bob.status_bookmark(post).bookmarked
    assert bob.status_reblog(post).reblog.id == post.id
    assert alice.status_pin(post).pinned
    assert bob.favourites()[0].id == bob.bookmarks()[0].id == post.id
    assert [one.acct for one in alice.status_favourited_by(post)] == ["bob"]
    assert [one.acct for one in alice.status_reblogged_by(post)] == ["bob"]
    assert [one.id for one in bob.account_statuses(alice.me(), pinned=True)] == [post.id]
    assert not bob.status_unfavourite(post).favourited and not bob.status_unbookmark(post).bookmarked
    assert bob.status_unreblog(post).reblogs_count == 0
    assert not alice.status_unpin(post).pinned


def test_following_muting_blocking_reporting(alice: Any, bob: Any) -> None:
    me, other = alice.me(), bob.me()
    assert alice.account_follow(other).following
    assert [one.acct for one in bob.account_followers(other)] == ["alice"]
    assert alice.account_mute(other, notifications=False).muting and [one.acct for one in alice.mutes()] == ["bob"]
    assert not alice.account_unmute(other).muting
    assert alice.account_block(other).blocking and [one.acct for one in alice.blocks()] == ["bob"]
    assert not alice.account_unblock(other).blocking
    assert alice.account_relationships([other])[0].following is False
    post = bob.status_post("Buy now")
    assert alice.report(other, status_ids=[post], comment="Spam", category="spam").category == "spam"
    alice.account_update_credentials(locked=True)
    assert bob.account_follow(me).requested
    assert [one.acct for one in alice.follow_requests()] == ["bob"]
    alice.follow_request_authorize(other)
    assert bob.account_relationships([me])[0].following
    alice.account_update_credentials(locked=False, display_name="Alice A.", note="Gardens")
    assert bob.account(me).display_name == "Alice A."
    assert [one.acct for one in bob.account_search("alice")] == ["alice"]


def test_notifications_of_both_kinds(alice: Any, bob: Any) -> None:
    post = alice.status_post("Tell me")
    bob.status_favourite(post)
    bob.status_reply(post, "Told you")
    both = {"favourite", "mention"}
    until(lambda: both <= {one.type for one in alice.notifications() if (one.status and one.status.in_reply_to_id == post.id)
                           or (one.status and one.status.id == post.id)})  # fmt: skip
    first = alice.notifications(limit=1)[0]
    assert alice.notifications(types=["mention"])[0].account.acct == "bob"
    assert alice.notifications_unread_count().count >= 2
    groups = alice.grouped_notifications()
    assert groups.notification_groups and groups.accounts
    alice.notifications_dismiss(first)
    assert first.id not in {one.id for one in alice.notifications()}
    alice.markers_set("home", post.id)
    assert str(alice.markers_get("home")["home"].last_read_id) == str(post.id)
    alice.notifications_clear()
    assert alice.notifications() == []


def test_search_finds_people_posts_and_hashtags(alice: Any, bob: Any) -> None:
    post = alice.status_post("Une forêt d'épicéas #boréale", language="fr")
    found = until(lambda: (result := bob.search_v2("epiceas")).statuses and result)
    assert [one.id for one in found.statuses] == [post.id]
    assert [one.acct for one in bob.search_v2("alice", result_type="accounts").accounts] == ["alice"]
    assert "boréale" in {one.name.lower() for one in bob.search_v2("bor", result_type="hashtags").hashtags}


def test_timelines_page_by_page(alice: Any, bob: Any) -> None:
    bob.account_follow(alice.me())
    posted = [alice.status_post(f"page {number}").id for number in range(12)]
    until(lambda: bob.timeline_home(limit=1)[0].id == posted[-1])
    for ask in (bob.timeline_home, bob.timeline_local, lambda **page: bob.account_statuses(alice.me(), **page)):
        seen, page = [], ask(limit=5)
        while page and len(seen) < 12:
            seen += [one.id for one in page]
            page = bob.fetch_next(page)
        assert seen[:12] == posted[::-1]
        newer = bob.fetch_previous(ask(limit=5, max_id=posted[-1]))
        assert [one.id for one in newer] == [posted[-1]]


class Heard(StreamListener):
    def __init__(self) -> None:
        self.posts: list[str] = []
        self.notifications: list[str] = []
        self.deleted: list[str] = []

    def on_update(self, status: Any) -> None:
        self.posts.append(said(status))

    def on_notification(self, notification: Any) -> None:
        self.notifications.append(notification.type)

    def on_delete(self, status_id: Any) -> None:
        self.deleted.append(str(status_id))


def test_streaming(alice: Any, bob: Any) -> None:
    bob.account_follow(alice.me())
    assert bob.stream_healthy()
    heard = Heard()
    stream = bob.stream_user(heard, run_async=True)
    try:
        number = iter(range(1_000))
        until(lambda: _says(alice, f"@bob are you there? {next(number)}") and heard.posts)  # until the stream listens
        post = until(lambda: heard.notifications) and alice.status_post("Soon gone")
        until(lambda: "Soon gone" in heard.posts)
        alice.status_delete(post)
        until(lambda: str(post.id) in heard.deleted)
        assert len(heard.posts) == len(set(heard.posts)) and set(heard.notifications) == {"mention"}
    finally:
        stream.close()


def _says(client: Any, text: str) -> bool:
    """Give the stream a moment to tell of it."""
    client.status_post(text)
    threading.Event().wait(0.2)
    return True


# toot, a command


@pytest.fixture(scope="module")
def toot(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Logged in as a person does it: the command shows an address, its page a code, which is given to the command."""
    home = tmp_path_factory.mktemp("toot")
    program = Path(sys.executable).with_name("toot")
    environment = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "PATH": os.environ["PATH"],
        "BROWSER": "true",
        "LANG": "C.UTF-8",
    }
    browser = Browser(running)
    browser.sign_in("alice", "the password of alice")
    login = subprocess.Popen(
        [program, "login", "-i", running.url], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert login.stdin and login.stdout
    url = next(line.strip() for line in login.stdout if line.startswith(f"{running.url}/oauth/authorize"))
    rest, _ = login.communicate(f"n\n{browser.let_in(url)}\n", timeout=30)
    assert "Successfully logged in" in rest

    def run(*words: str) -> str:
        done = subprocess.run(
            [program, "--no-color", *words], env=environment, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"toot {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    return run


def test_toot_posts_reads_and_reacts(toot: Callable[..., str], bob: Any, tmp_path: Path) -> None:
    assert "@alice" in toot("whoami") and "alice@127.0.0.1" in toot("auth")
    picture = tmp_path / "square.png"
    picture.write_bytes(png())
    assert "http" in toot("upload", str(picture), "--description", "A square")
    post = json.loads(
        toot("post", "Written by toot #terminal", "--media", str(picture), "--description", "A square", "--json")
    )
    assert post["media_attachments"][0]["description"] == "A square"
    reply = bob.status_reply(bob.status(post["id"]), "Read by bob")
    assert "Written by toot" in toot("timelines", "home", "--no-pager") and "Written by toot" in toot(
        "timelines", "public", "--no-pager", "--local"
    )
    assert "Written by toot" in toot("timelines", "tag", "--no-pager", "terminal") and "Written by toot" in toot(
        "timelines", "account", "--no-pager", "alice"
    )
    thread = toot("thread", post["id"])
    assert "Written by toot" in thread and "Read by bob" in thread
    until(lambda: "bob" in toot("notifications"))
    for word in ("favourite", "reblog", "bookmark", "unfavourite", "unreblog", "unbookmark"):
        assert "✓" in toot(word, str(reply.id))
    for word in ("pin", "unpin"):
        assert "✓" in toot(word, post["id"])
    for word in ("follow", "mute", "unmute", "unfollow", "block", "unblock"):
        assert "✓" in toot(word, "bob")
    assert "bob" in toot("search", "bob") and "bob" in toot("whois", "bob")
    assert "Palabre" in toot("instance")
    toot("delete", post["id"])
    assert "Written by toot" not in toot("timelines", "home", "--no-pager")
