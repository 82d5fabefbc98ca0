"""A reversal gives back everything, wherever it could be seen before."""

import io
from datetime import timedelta
from typing import Any

from PIL import Image

from palabre.features.posts import media
from tests.support.appealing import appeals, judges
from tests.support.network import Network
from tests.support.order import decides, only_case, reports
from tests.support.people import Person, said

TEXT = "The mayor is wrong about the #well"


async def _seen(network: Network, post: Any, alice: Person, bob: Person, dan: Person) -> dict[str, Any]:
    """Every place in which Alice's post can be met."""
    await network.work()
    path = f"/api/v1/statuses/{post['id']}"
    file = await network.stranger().request(
        "GET", post["media_attachments"][0]["url"].removeprefix("https://talk.example")
    )
    context = await dan.get(f"{path}/context")
    account = await dan.get(f"/api/v1/accounts/{alice.id}")
    lists = {
        "home": ("/api/v1/timelines/home", {}),
        "local": ("/api/v1/timelines/public", {"local": True}),
        "hashtag": ("/api/v1/timelines/tag/well", {}),
        "bookmarks": ("/api/v1/bookmarks", {}),
        "favourites": ("/api/v1/favourites", {}),
        "profile": (f"/api/v1/accounts/{alice.id}/statuses", {}),
        "pinned": (f"/api/v1/accounts/{alice.id}/statuses", {"pinned": True}),
        "booster": (f"/api/v1/accounts/{bob.id}/statuses", {}),
        "media": (f"/api/v1/accounts/{alice.id}/statuses", {"only_media": True}),
    }
    found: dict[str, Any] = {
        name: [said(one) for one in await dan.get(where, **params)] for name, (where, params) in lists.items()
    }
    searched = await dan.get("/api/v2/search", q="mayor")
    mentioned = await bob.get("/api/v1/notifications", types=["mention"])
    return found | {
        "post": await dan.get(path),
        "answers": [said(one) for one in context["descendants"]],
        "file": file.status_code,
        "search": [said(one) for one in searched["statuses"]],
        "author": (account["statuses_count"], account["last_status_at"]),
        "boosters": [one["acct"] for one in await dan.get(f"{path}/reblogged_by")],
        "favourers": [one["acct"] for one in await dan.get(f"{path}/favourited_by")],
        "thread": [said(one) for one in context["ancestors"]],
        "told": [said(one["status"]) for one in mentioned],
        "her marks": [one["type"] for one in await alice.get("/api/v1/notifications", types=["favourite", "reblog"])],
        "hashtag's use": (await dan.get("/api/v1/tags/well"))["history"],
    }


async def test_after_an_overturned_removal_everything_is_as_before(
    network: Network, alice: Person, bob: Person, carol: Person, mona: Person, dan: Person
) -> None:
    await dan.follows(alice)
    await dan.follows(bob)
    await dan.home()
    question = await bob.says("What of the well?")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    media_id = await media.upload(network.db, int(alice.id), media.Upload(picture.getvalue(), "image/png"))
    post = await alice.says(f"{TEXT} @bob", in_reply_to_id=question["id"], media_ids=[str(media_id)])
    path = f"/api/v1/statuses/{post['id']}"
    await bob.says("How so?", in_reply_to_id=post["id"])
    await alice.post(f"{path}/pin")
    for who, verb in ((bob, "reblog"), (bob, "favourite"), (dan, "favourite"), (dan, "bookmark")):
        await who.post(f"{path}/{verb}")
    before = await _seen(network, post, alice, bob, dan)
    assert all(before.values()), before
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    await dan.get(path, expect=404)
    assert (await dan.get("/api/v2/search", q="mayor"))["statuses"] == []
    appeal = await appeals(alice, case)
    await judges(mona, appeal, "overturned")
    after = await _seen(network, post, alice, bob, dan)
    for name, value in before.items():
        assert after[name] == value, name


async def test_who_came_while_it_was_gone_finds_it_at_home_too(
    network: Network, alice: Person, bob: Person, carol: Person, mona: Person, dan: Person
) -> None:
    erin = await network.person("erin")
    await dan.follows(alice)
    await dan.home()
    await erin.home()
    post = await alice.says("About the well")
    await network.work()
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    await erin.follows(alice)
    async with network.db.transaction() as conn:  # Dan was away for so long that his home is built anew
        await conn.execute("UPDATE home_readers SET last_read_at = now() - $1::interval", timedelta(days=30))
    await network.work()
    assert await dan.home() == await erin.home() == []
    await judges(mona, await appeals(alice, case), "overturned")
    await network.work()
    assert await dan.home() == await erin.home() == ["About the well"]


async def test_a_lifted_suspension_gives_back_the_account_whole(
    network: Network, alice: Person, bob: Person, carol: Person, mona: Person, dan: Person
) -> None:
    await dan.follows(alice)
    await alice.follows(dan)
    post = await alice.says(TEXT)
    await network.work()

    async def seen() -> Any:
        await network.work()
        account = await dan.get(f"/api/v1/accounts/{alice.id}")
        return (
            {name: account[name] for name in ("acct", "statuses_count", "followers_count", "following_count")},
            [one["acct"] for one in (await dan.get("/api/v2/search", q="alice"))["accounts"]],
            [said(one) for one in (await dan.get("/api/v2/search", q="mayor"))["statuses"]],
            await dan.home(),
            [one["acct"] for one in await dan.get(f"/api/v1/accounts/{dan.id}/followers")],
        )

    before = await seen()
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "suspend")
    await network.work()
    assert await dan.home() == []
    await alice.get("/api/v1/accounts/verify_credentials", expect=401)
    appeal = await appeals(bob, case)
    await judges(mona, appeal, "replaced", action="warn", terms=True)
    assert await seen() == before
    await alice.get("/api/v1/accounts/verify_credentials")
