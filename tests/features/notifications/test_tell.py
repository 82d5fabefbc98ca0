"""Who is told, and who isn't."""

from tests.support.network import Network
from tests.support.people import Person

from palabre.features import graph, notifications, posts
from palabre.features.notifications.tell import Batch, tell_boosters, tell_of_post
from palabre.features.posts import Draft
from palabre.features.posts.events import PostPublished


async def _told(network: Network, person: Person) -> list[str]:
    async with network.db.reading() as conn:
        rows = await conn.rows("SELECT type FROM notifications WHERE account_id = $1 ORDER BY id", int(person.id))
    return [row["type"] for row in rows]


async def test_a_duty_done_twice_tells_once(network: Network, alice: Person, bob: Person) -> None:
    posted = await alice.says("@bob hello")
    await network.work()
    async with network.db.transaction() as conn:
        await tell_of_post(conn, PostPublished(int(posted["id"]), int(alice.id)))
        await tell_boosters(conn, Batch(int(posted["id"]), int(alice.id)))
    assert await _told(network, bob) == ["mention"]


async def test_posts_brought_along_tell_nobody(network: Network, alice: Person, bob: Person) -> None:
    async with network.db.transaction() as conn:
        await graph.follow(conn, int(bob.id), int(alice.id), notify=True)
        await posts.publish(conn, int(alice.id), Draft("@bob long ago", quiet=True))
    await network.work()
    assert await _told(network, bob) == []


async def test_what_was_undone_before_the_duty_ran_is_not_told(network: Network, alice: Person, bob: Person) -> None:
    await bob.follows(alice)
    await bob.post(f"/api/v1/accounts/{alice.id}/unfollow")
    await network.work()
    assert await _told(network, alice) == []


async def test_the_silenced_reach_only_their_followers(
    network: Network, alice: Person, bob: Person, dan: Person
) -> None:
    await bob.follows(dan)
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE accounts SET standing = 'limited' WHERE id = $1", int(dan.id))
    await dan.says("@alice @bob psst")
    await network.work()
    assert await _told(network, alice) == []
    assert await _told(network, bob) == ["follow", "mention"][1:]


async def test_moderators_reach_even_those_who_blocked_them(network: Network, alice: Person, carol: Person) -> None:
    details = {"id": "1", "action": "none", "text": "Please be kind", "created_at": "2026-05-01T00:00:00.000Z"}
    async with network.db.transaction() as conn:
        await graph.block(conn, int(alice.id), int(carol.id))
        for about in (1, 2, 2):
            await notifications.notify(
                conn, int(alice.id), "moderation_warning", int(alice.id), about_id=about, details=details
            )
    told = await alice.get("/api/v1/notifications")
    assert [entry["moderation_warning"]["text"] for entry in told] == ["Please be kind", "Please be kind"]
    groups = await alice.get("/api/v2/notifications")
    assert len(groups["notification_groups"]) == 2


async def test_a_report_shows_moderators_whom_it_is_about(
    network: Network, alice: Person, dan: Person, carol: Person
) -> None:
    report = {
        "id": "9",
        "action_taken": False,
        "action_taken_at": None,
        "category": "spam",
        "comment": "",
        "forwarded": False,
        "created_at": "2026-05-01T00:00:00.000Z",
        "status_ids": [],
        "rule_ids": [],
        "target_account_id": dan.id,
    }
    async with network.db.transaction() as conn:
        await notifications.notify(conn, int(carol.id), "admin.report", int(alice.id), about_id=9, details=report)
    [told] = await carol.get("/api/v1/notifications")
    assert told["report"]["target_account"]["acct"] == "dan"
    assert told["account"]["acct"] == "alice"
