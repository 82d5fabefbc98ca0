"""Word of reports and decisions among people's notifications, said once however often the workers begin anew."""

from typing import Any

from palabre.features import moderation
from palabre.features.accounts.events import SignUpWaits
from palabre.features.moderation import telling
from tests.support.network import Network
from tests.support.order import decides, only_case, reports
from tests.support.people import Person


async def heard(who: Person) -> list[Any]:
    return [one for one in await who.get("/api/v1/notifications") if one["type"] != "mention"]


async def test_moderators_hear_of_a_report_and_those_concerned_of_the_decision(
    alice: Person, bob: Person, carol: Person, olga: Person, dan: Person, network: Network
) -> None:
    post = await alice.says("Not so kind")
    made = await reports(bob, alice, post, category="threat")
    await network.work()
    for one in (carol, olga):
        (notice,) = await heard(one)
        assert (notice["type"], notice["account"]["acct"]) == ("admin.report", "bob")
        assert (notice["report"]["id"], notice["report"]["action_taken"]) == (made["id"], False)
        assert notice["report"]["target_account"]["acct"] == "alice"
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    (warning,) = await heard(alice)
    assert warning["type"] == "moderation_warning"
    assert warning["moderation_warning"]["action"] == "delete_statuses"
    assert warning["moderation_warning"]["text"] == "We are kind to each other here."
    assert warning["moderation_warning"]["status_ids"] == [post["id"]]
    (answer,) = await heard(bob)
    assert (answer["type"], answer["report"]["action_taken"]) == ("admin.report", True)
    assert await heard(dan) == []
    await again(network, case)
    assert (len(await heard(alice)), len(await heard(bob)), len(await heard(carol))) == (1, 1, 1)


async def again(network: Network, case: Any) -> None:
    """As after a crash in the middle of it."""
    case_id, decision_id = int(case["id"]), int(case["decisions"][0]["id"])
    async with network.db.transaction() as conn:
        told = await conn.rows("SELECT account_id, id FROM letters")
        letters = [(row["account_id"], row["id"]) for row in told]
        await telling.tell_staff(conn, moderation.Reported(case_id, int(case["reports"][0]["id"])))
        await telling.tell_concerned(conn, moderation.Decided(case_id, decision_id, letters))


async def test_a_moderator_is_not_told_who_reported_him(
    bob: Person, carol: Person, olga: Person, network: Network
) -> None:
    await reports(bob, carol)
    await network.work()
    assert await heard(carol) == []
    assert len(await heard(olga)) == 1


async def test_moderators_hear_who_waits_to_be_let_in(dan: Person, carol: Person, network: Network) -> None:
    async with network.db.transaction() as conn:
        await telling.tell_of_sign_up(conn, SignUpWaits(int(dan.id)))
    assert [(one["type"], one["account"]["acct"]) for one in await heard(carol)] == [("admin.sign_up", "dan")]
