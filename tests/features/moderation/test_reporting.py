"""A report becomes a case that nothing is lost from."""

import asyncio
import io

from PIL import Image

from palabre.base import blobs, erase
from palabre.features import accounts, posts
from palabre.features.posts import Revision, media
from tests.support.network import Network
from tests.support.order import decides, deletes, letters, only_case, reports
from tests.support.people import Person, said


async def test_a_deleted_post_is_still_read_as_it_was(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    asked = await bob.says("Why so loud?")
    answered = await alice.says("Shut up, all of you", in_reply_to_id=asked["id"], spoiler_text="rude")
    await reports(bob, alice, answered, comment="Insulting", category="other")
    await deletes(network, alice, answered)
    case = await only_case(carol)
    (kept,) = case["snapshots"]
    assert kept["text"] == "Shut up, all of you"
    assert said(kept["post"]) == "Shut up, all of you"
    assert kept["post"]["spoiler_text"] == "rude"
    assert kept["account"]["acct"] == "alice"
    assert [said(parent) for parent in kept["context"]] == ["Why so loud?"]
    assert case["reports"][0]["comment"] == "Insulting"
    await decides(carol, case, "warn")
    assert [one["kind"] for one in await letters(alice)] == ["author"]
    assert [one["kind"] for one in await letters(bob)] == ["reporter"]


async def test_pictures_outlive_their_post_for_the_moderators_alone(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "PNG")
    media_id = await media.upload(network.db, int(alice.id), media.Upload(picture.getvalue(), "image/png"))
    post = await alice.says("Look", media_ids=[str(media_id)])
    await reports(bob, alice, post)
    key = post["media_attachments"][0]["url"].partition("/media/")[2]
    await deletes(network, alice, post)
    assert await blobs.current().exists(key)
    async with network.db.reading() as conn:
        assert not await media.may_serve(conn, key)
    case = await only_case(carol)
    path = f"/api/palabre/v1/cases/{case['id']}/files/{key}"
    shown = await carol.request("GET", path)
    assert shown.status_code == 200
    assert shown.content == await blobs.current().read(key)
    await bob.get(path, expect=403)
    for who, status in ((carol, 200), (bob, 403)):
        page = f"/moderation/cases/{case['id']}/files/{key}"
        async with network.db.transaction() as conn:
            session = await accounts.start_session(conn, int(who.id))
        answer = await network.stranger().request("GET", page, headers={"cookie": f"palabre_session={session}"})
        assert answer.status_code == status
    await decides(carol, case, "warn")
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE file_holds SET until = now() - interval '1 second'")
        await erase.release_ended(conn)
    await network.work()
    assert not await blobs.current().exists(key)


async def test_files_of_a_living_post_stay_when_the_case_needs_them_no_more(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(picture, "PNG")
    media_id = await media.upload(network.db, int(alice.id), media.Upload(picture.getvalue(), "image/png"))
    post = await alice.says("Look", media_ids=[str(media_id)])
    await reports(bob, alice, post)
    await decides(carol, await only_case(carol), "dismiss")
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE file_holds SET until = now() - interval '1 second'")
        await erase.release_ended(conn)
    await network.work()
    assert await blobs.current().exists(post["media_attachments"][0]["url"].partition("/media/")[2])


async def test_what_an_edit_took_back_is_kept_and_a_second_report_keeps_the_new_words(
    alice: Person, bob: Person, carol: Person, dan: Person, network: Network
) -> None:
    post = await alice.says("You are a fool")
    await reports(bob, alice, post)
    async with network.db.transaction() as conn:
        await posts.edit(conn, int(alice.id), int(post["id"]), Revision("You are a friend"))
    await reports(dan, alice, post)
    await reports(dan, alice, post, comment="And again")
    case = await only_case(carol)
    assert [kept["text"] for kept in case["snapshots"]] == ["You are a fool", "You are a friend"]
    assert case["reports_count"] == 3


async def test_five_reports_at_once_make_one_case(alice: Person, carol: Person, network: Network) -> None:
    post = await alice.says("Buy my pills")
    neighbours = [await network.person(f"neighbour{number}") for number in range(5)]
    await asyncio.gather(*(reports(one, alice, post, category="spam") for one in neighbours))
    case = await only_case(carol)
    assert case["reports_count"] == len(case["reports"]) == 5
    assert len(case["snapshots"]) == 1
    assert case["categories"] == ["spam"]


async def test_reports_on_the_account_and_on_a_post_are_cases_of_their_own(
    alice: Person, bob: Person, dan: Person, carol: Person
) -> None:
    post = await alice.says("Hm")
    await reports(bob, alice, post)
    await reports(bob, alice)
    await reports(dan, alice)
    assert [one["reports_count"] for one in await carol.get("/api/palabre/v1/cases")] == [2, 1]


async def test_a_report_after_the_decision_opens_another_case(
    alice: Person, bob: Person, dan: Person, carol: Person
) -> None:
    post = await alice.says("Hm")
    await reports(bob, alice, post)
    first = await only_case(carol)
    await decides(carol, first, "dismiss")
    await reports(dan, alice, post)
    assert (await only_case(carol))["id"] != first["id"]


async def test_only_what_one_may_see_and_only_its_author_can_be_reported(
    alice: Person, bob: Person, dan: Person
) -> None:
    secret = await alice.says("@bob between us", visibility="direct")
    await reports(dan, alice, secret, expect=404)
    await reports(bob, alice, secret)
    mine = await bob.says("Mine")
    await reports(dan, alice, mine, expect=422)
    await reports(dan, alice, {"id": "1"}, expect=404)
    await reports(dan, dan, expect=422)
    await reports(dan, alice, comment="x" * 1_001, expect=422)
    await reports(dan, alice, category="nonsense", expect=422)
    await reports(dan, alice, rule_ids=["7"], expect=422)
    await dan.post("/api/v1/reports", 422)
    await dan.post("/api/v1/reports", 422, account_id="99999999999999999999999")


async def test_a_block_shields_nobody_from_being_reported(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    post = await alice.says("Everybody can read this")
    async with network.db.transaction() as conn:
        await conn.execute("INSERT INTO blocks VALUES ($1, $2, 1)", int(alice.id), int(bob.id))
    await reports(bob, alice, post)
    assert (await only_case(carol))["snapshots"][0]["text"] == "Everybody can read this"
