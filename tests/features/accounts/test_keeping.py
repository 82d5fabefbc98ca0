"""What members change of their own: sessions, password, address, profile; and how they leave."""

from collections.abc import Callable
from typing import Any

import pytest

from palabre.base import blobs
from palabre.base.errors import NotFound, Refused
from palabre.features import accounts, graph
from palabre.features import posts as posting
from tests.support.network import Network
from tests.support.people import Person
from tests.support.post_box import PostBox

Joins = Callable[..., Any]


async def _recognised(network: Network, token: str) -> bool:
    async with network.db.reading() as conn:
        return await accounts.recognise(conn, token) is not None


async def test_sessions_are_listed_and_ended(network: Network, joins: Joins, alice: Person) -> None:
    frank = await joins("frank")
    here = await accounts.sign_in(network.db, "frank", "green garden", ip="192.0.2.7", user_agent="Firefox")
    there = await accounts.sign_in(network.db, "frank", "green garden", ip="not an address")
    async with network.db.transaction() as conn:
        found = await accounts.sessions(conn, frank)
        assert {(session.app, session.ip, session.user_agent) for session in found} == {
            (None, "192.0.2.7", "Firefox"),
            (None, "", ""),
        }
        with pytest.raises(NotFound):
            await accounts.end_session(conn, int(alice.id), found[0].id)
        caller = await accounts.recognise(conn, here)
        assert caller
        await accounts.end_other_sessions(conn, frank, caller.token_id)
    assert await _recognised(network, here)
    assert not await _recognised(network, there)


async def test_a_new_password_signs_out_elsewhere(network: Network, joins: Joins) -> None:
    frank = await joins("frank")
    elsewhere = await accounts.sign_in(network.db, "frank", "green garden")
    with pytest.raises(Refused):
        await accounts.change_password(network.db, frank, "wrong", "blue garden")
    await accounts.change_password(network.db, frank, "green garden", "blue garden")
    assert not await _recognised(network, elsewhere)
    await accounts.sign_in(network.db, "frank", "blue garden")


async def test_a_forgotten_password_is_reset_by_mail(network: Network, post_box: PostBox, joins: Joins) -> None:
    frank = await joins("frank")
    await network.work()
    async with network.db.transaction() as conn:
        await accounts.confirm(conn, post_box.secret("frank@mail.example"))
        await accounts.ask_reset(conn, "nobody@mail.example")
        await accounts.ask_reset(conn, "Frank@mail.example")
    await network.work()
    assert not post_box.to("nobody@mail.example")
    secret = post_box.secret("frank@mail.example")
    assert await accounts.reset_password(network.db, secret, "blue garden") == frank
    await accounts.sign_in(network.db, "frank", "blue garden")
    with pytest.raises(Refused, match="used"):
        await accounts.reset_password(network.db, secret, "red garden")


async def test_another_address_is_used_once_confirmed(network: Network, post_box: PostBox, joins: Joins) -> None:
    frank = await joins("frank")
    await network.work()
    async with network.db.transaction() as conn:
        await accounts.confirm(conn, post_box.secret("frank@mail.example"))
    assert not await accounts.change_email(network.db, frank, "green garden", "f@mail.example")
    await network.work()
    assert "being changed" in post_box.to("frank@mail.example")[-1].subject
    await accounts.sign_in(network.db, "frank@mail.example", "green garden")
    async with network.db.transaction() as conn:
        await accounts.confirm(conn, post_box.secret("f@mail.example"))
    await accounts.sign_in(network.db, "f@mail.example", "green garden")
    with pytest.raises(Refused):
        await accounts.sign_in(network.db, "frank@mail.example", "green garden")


async def test_letters_are_in_the_language_of_their_reader(network: Network, post_box: PostBox, joins: Joins) -> None:
    await joins("frank", locale="fr")
    await network.work()
    (letter,) = post_box.to("frank@mail.example")
    assert letter.subject == "Confirmez votre adresse pour talk.example"
    assert letter.text.startswith("Bonjour frank,")


async def test_a_profile_shows_links_and_mentions(network: Network, alice: Person, stranger: Person) -> None:
    async with network.db.transaction() as conn:
        await accounts.create(conn, "bob")
        changes = accounts.Profile(
            display_name=" Alice\nA. ",
            note="I paint with @bob #art",
            fields=[("Home", "https://alice.example"), ("", "")],
        )
        await accounts.edit_profile(conn, int(alice.id), changes)
    shown = await stranger.get(f"/api/v1/accounts/{alice.id}")
    assert shown["display_name"] == "Alice A."
    assert 'href="https://talk.example/@bob"' in shown["note"]
    assert 'href="https://talk.example/tags/art"' in shown["note"]
    assert [field["name"] for field in shown["fields"]] == ["Home"]
    assert 'rel="me nofollow noopener"' in shown["fields"][0]["value"]


@pytest.mark.parametrize(
    "changes",
    [{"display_name": "x" * 101}, {"note": "x" * 501}, {"fields": [("a", "b")] * 5}, {"fields": [("", "b")]}],
)
async def test_a_profile_too_long_is_refused(network: Network, alice: Person, changes: dict[str, Any]) -> None:
    async with network.db.transaction() as conn:
        with pytest.raises(Refused):
            await accounts.edit_profile(conn, int(alice.id), accounts.Profile(**changes))


async def test_preferences_are_kept_and_checked(network: Network, alice: Person) -> None:
    async with network.db.transaction() as conn:
        await accounts.set_preferences(conn, int(alice.id), visibility="private", language="")
        with pytest.raises(Refused):
            await accounts.set_preferences(conn, int(alice.id), theme="pink")
        assert (await accounts.set_preferences(conn, int(alice.id))).visibility == "private"
    assert (await alice.says("hello"))["visibility"] == "private"


async def test_who_leaves_is_gone_at_once_and_erased_soon(
    network: Network, joins: Joins, alice: Person, stranger: Person
) -> None:
    frank = await joins("frank")
    await accounts.sign_in(network.db, "frank", "green garden")
    async with network.db.transaction() as conn:
        token = await accounts.grant(conn, frank, ("read", "write"), client_id="tests")
    writer = Person(network, "frank", frank, token)
    async with network.db.transaction() as conn:
        await graph.follow(conn, frank, int(alice.id))
        await graph.follow(conn, int(alice.id), frank)
    posts = [await writer.says(f"post {number}") for number in range(60)]
    hers = await alice.says("hers")
    async with network.db.transaction() as conn:
        await posting.favourite(conn, frank, int(hers["id"]))
    with pytest.raises(Refused):
        await accounts.delete_account(network.db, frank, "wrong")
    await accounts.delete_account(network.db, frank, "green garden")
    assert not await _recognised(network, token)
    await stranger.get(f"/api/v1/statuses/{posts[0]['id']}", expect=404)
    await stranger.get(f"/api/v1/accounts/{frank}", expect=404)
    await network.work()
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM posts WHERE author_id = $1", frank) == 0
        assert await conn.value("SELECT count(*) FROM favourites WHERE account_id = $1", frank) == 0
        assert await conn.value("SELECT display_name || note FROM accounts WHERE id = $1", frank) == ""
    assert (await stranger.get(f"/api/v1/statuses/{hers['id']}"))["favourites_count"] == 0
    assert (await stranger.get(f"/api/v1/accounts/{alice.id}"))["followers_count"] == 0
    assert await alice.get("/api/v1/notifications") == []
    with pytest.raises(Refused, match="taken"):
        await joins("frank", email="other@mail.example")


async def test_who_is_suspended_is_not_seen_until_restored(network: Network, alice: Person, stranger: Person) -> None:
    post = await alice.says("hello")
    async with network.db.transaction() as conn:
        assert await accounts.set_standing(conn, int(alice.id), "suspended")
        assert not await accounts.set_standing(conn, int(alice.id), "suspended")
    await stranger.get(f"/api/v1/statuses/{post['id']}", expect=404)
    await alice.get("/api/v1/timelines/home", expect=401)
    async with network.db.transaction() as conn:
        await accounts.set_standing(conn, int(alice.id), "active")
    await stranger.get(f"/api/v1/statuses/{post['id']}")


async def test_pictures_are_redrawn_and_the_old_ones_erased(network: Network, alice: Person) -> None:
    for colour in ((200, 0, 0), (0, 0, 200)):
        picture = await accounts.prepare_picture(int(alice.id), "avatar", _png(colour))
        async with network.db.transaction() as conn:
            await accounts.edit_profile(conn, int(alice.id), accounts.Profile(pictures=[picture]))
    await network.work()
    left = [entry.key async for entry in blobs.current().list("avatars/")]
    assert left == [picture.key]


def _png(colour: tuple[int, int, int]) -> bytes:
    import io

    from PIL import Image

    into = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(into, "PNG")
    return into.getvalue()
