"""Writing, editing and deleting posts through the client API, as Mastodon's clients do."""

import asyncio
from typing import Any

import pytest

from tests.support.images import upload
from tests.support.network import Network
from tests.support.people import Person, said


async def test_the_same_idempotency_key_publishes_once_even_at_the_same_moment(alice: Person) -> None:
    async def send() -> Any:
        headers = {"idempotency-key": "once"}
        return (await alice.request("POST", "/api/v1/statuses", json={"status": "one"}, headers=headers)).json()["id"]

    assert len({await made for made in asyncio.as_completed([send() for _ in range(6)])}) == 1
    assert (await alice.says("two"))["account"]["statuses_count"] == 2


async def test_a_key_may_be_used_again_once_its_post_is_deleted(alice: Person) -> None:
    headers = {"idempotency-key": "again"}
    first = (await alice.request("POST", "/api/v1/statuses", json={"status": "one"}, headers=headers)).json()
    await alice.delete(f"/api/v1/statuses/{first['id']}")
    second = (await alice.request("POST", "/api/v1/statuses", json={"status": "one"}, headers=headers)).json()
    assert second["id"] != first["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"status": ""},
        {"status": "x" * 1001},
        {"status": "x", "visibility": "sideways"},
        {"status": "x", "poll": {"options": ["a", "b"], "expires_in": 60}},
        {"status": "x", "scheduled_at": "2030-01-01T00:00:00Z"},
        {"status": "x", "quoted_status_id": "1"},
        {"status": "x", "media_ids": ["1"]},
        {"status": "x", "media_ids": ["one"]},
        {"status": "x", "media_ids": [str(2**70)]},
        {"status": ["x"]},
        {"status": {"a": 1}},
    ],
)
async def test_what_cannot_be_published_is_refused_and_leaves_nothing(alice: Person, body: dict[str, Any]) -> None:
    refused = await alice.post("/api/v1/statuses", expect=422, **body)
    assert refused["error"]
    assert await alice.get("/api/v1/timelines/public") == []


@pytest.mark.parametrize("parent", ["1", "none", str(2**80), "-1"])
async def test_nobody_can_answer_what_is_not_there(alice: Person, parent: str) -> None:
    await alice.post("/api/v1/statuses", expect=404, status="so?", in_reply_to_id=parent)


async def test_forms_as_clients_send_them(alice: Person) -> None:
    media = await upload(alice)
    form = {"status": "form", "media_ids[]": media["id"], "in_reply_to_id": "", "sensitive": "true", "language": "fr"}
    posted = (await alice.request("POST", "/api/v1/statuses", data=form)).json()
    assert posted["sensitive"] and posted["language"] == "fr" and posted["in_reply_to_id"] is None
    assert [found["id"] for found in posted["media_attachments"]] == [media["id"]]


async def test_a_language_that_cannot_be_one_is_left_out(alice: Person) -> None:
    assert (await alice.says("hi", language="not a language"))["language"] is None


async def test_several_posts_at_once(alice: Person, bob: Person) -> None:
    ids = [(await alice.says(text))["id"] for text in ("one", "two")]
    hidden = (await alice.says("three", visibility="private"))["id"]
    found = await bob.get("/api/v1/statuses", **{"id[]": [ids[1], hidden, "nonsense", ids[0]]})
    assert [post["id"] for post in found] == [ids[1], ids[0]]
    await bob.get("/api/v1/statuses", expect=422, **{"id[]": [str(number) for number in range(21)]})


async def test_an_edit_is_seen_and_what_was_said_before_is_kept(alice: Person, bob: Person) -> None:
    posted = await alice.says("#cats are fine", spoiler_text="animals")
    path = f"/api/v1/statuses/{posted['id']}"
    edited = await alice.put(path, status="#dogs are finer")
    assert said(edited) == "#dogs are finer" and edited["edited_at"] and edited["spoiler_text"] == ""
    history = await bob.get(f"{path}/history")
    assert [(said(version), version["spoiler_text"]) for version in history] == [
        ("#cats are fine", "animals"),
        ("#dogs are finer", ""),
    ]
    assert history[0]["created_at"] == posted["created_at"]
    assert history[1]["created_at"] == edited["edited_at"]
    assert await bob.get("/api/v1/timelines/tag/cats") == []
    assert [post["id"] for post in await bob.get("/api/v1/timelines/tag/dogs")] == [posted["id"]]
    source = await alice.get(f"{path}/source")
    assert source == {"id": posted["id"], "text": "#dogs are finer", "spoiler_text": ""}


async def test_an_edit_that_changes_nothing_leaves_no_trace(alice: Person) -> None:
    posted = await alice.says("same", language="en")
    path = f"/api/v1/statuses/{posted['id']}"
    assert (await alice.put(path, status="same"))["edited_at"] is None
    assert len(await alice.get(f"{path}/history")) == 1


async def test_pictures_can_be_exchanged_and_described_by_an_edit(alice: Person, bob: Person) -> None:
    old, new = await upload(alice), await upload(alice)
    posted = await alice.says("look", media_ids=[old["id"]])
    path = f"/api/v1/statuses/{posted['id']}"
    await alice.put(
        path,
        status="look",
        media_ids=[new["id"]],
        media_attributes=[{"id": new["id"], "description": "a square", "focus": "0.5,-0.5"}],
    )
    (shown,) = (await bob.get(path))["media_attachments"]
    assert (shown["id"], shown["description"]) == (new["id"], "a square")
    assert shown["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    first, _ = await bob.get(f"{path}/history")
    assert first["media_attachments"] == []
    assert (await bob.request("GET", old["url"])).status_code == 404
    assert [post["id"] for post in await bob.get("/api/v1/timelines/public", only_media="true")] == [posted["id"]]
    await alice.put(path, status="look away")
    assert await bob.get("/api/v1/timelines/public", only_media="true") == []


async def test_deleting_gives_back_text_and_pictures_for_writing_it_anew(alice: Person, stranger: Person) -> None:
    media = await upload(alice)
    posted = await alice.says("a *typo*", media_ids=[media["id"]])
    deleted = await alice.delete(f"/api/v1/statuses/{posted['id']}")
    assert deleted["text"] == "a *typo*"
    assert [found["id"] for found in deleted["media_attachments"]] == [media["id"]]
    await stranger.get(f"/api/v1/statuses/{posted['id']}", expect=404)
    await alice.delete(f"/api/v1/statuses/{posted['id']}", expect=404)
    assert (await stranger.request("GET", media["url"])).status_code == 404
    again = await alice.says("no typo", media_ids=[media["id"]])
    assert again["account"]["statuses_count"] == 1
    assert (await stranger.request("GET", media["url"])).status_code == 200


async def test_delete_media_erases_the_files(alice: Person, network: Network) -> None:
    from palabre.base import blobs

    media = await upload(alice)
    posted = await alice.says("gone soon", media_ids=[media["id"]])
    key = media["url"].partition("/media/")[2]
    assert await blobs.current().exists(key)
    await alice.delete(f"/api/v1/statuses/{posted['id']}", delete_media=True)
    await network.work()
    assert not await blobs.current().exists(key)
    await alice.get(f"/api/v1/media/{media['id']}", expect=404)


async def test_threads_hold_when_a_post_in_the_middle_is_deleted(
    alice: Person, bob: Person, network: Network, stranger: Person
) -> None:
    root = await alice.says("root")
    middle = await bob.says("middle", in_reply_to_id=root["id"])
    leaf = await alice.says("leaf", in_reply_to_id=middle["id"])
    below = await bob.says("below", in_reply_to_id=leaf["id"])
    assert (await stranger.get(f"/api/v1/statuses/{root['id']}"))["replies_count"] == 1
    context = await stranger.get(f"/api/v1/statuses/{leaf['id']}/context")
    assert [said(post) for post in context["ancestors"]] == ["root", "middle"]
    await bob.delete(f"/api/v1/statuses/{middle['id']}")
    for _ in range(2):  # before the duties are done, and after
        context = await stranger.get(f"/api/v1/statuses/{leaf['id']}/context")
        assert context["ancestors"] == []
        assert [post["id"] for post in context["descendants"]] == [below["id"]]
        await network.work()
    assert (await stranger.get(f"/api/v1/statuses/{leaf['id']}"))["in_reply_to_id"] is None
    assert (await stranger.get(f"/api/v1/statuses/{root['id']}"))["replies_count"] == 0
    assert (await stranger.get(f"/api/v1/statuses/{root['id']}/context"))["descendants"] == []
