"""Reports through Mastodon's own doors: as a member's client and a moderator's tool use them."""

import re

import pytest

from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, reports
from tests.support.people import Person, said


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


async def test_a_moderators_tool_works_through_a_report(alice: Person, bob: Person, carol: Person) -> None:
    post = await alice.says("Not so kind")
    made = await reports(bob, alice, post, comment="Look at this", category="spam", forward=True)
    assert (made["action_taken"], made["category"], made["forwarded"]) == (False, "spam", True)
    assert (made["status_ids"], made["target_account"]["acct"]) == ([post["id"]], "alice")
    (listed,) = await carol.get("/api/v1/admin/reports")
    assert (listed["id"], listed["account"]["username"]) == (made["id"], "bob")
    assert listed["target_account"]["email"] == "alice@mail.example"
    assert [said(status) for status in listed["statuses"]] == ["Not so kind"]
    path = f"/api/v1/admin/reports/{made['id']}"
    taken = await carol.post(f"{path}/assign_to_self")
    assert taken["assigned_account"]["username"] == "carol"
    assert (await carol.post(f"{path}/unassign"))["assigned_account"] is None
    assert (await carol.put(path, category="other"))["category"] == "other"
    await carol.put(path, 422, category="nonsense")
    resolved = await carol.post(f"{path}/resolve")
    assert (resolved["action_taken"], resolved["action_taken_by_account"]["username"]) == (True, "carol")
    assert await carol.get("/api/v1/admin/reports") == []
    assert [one["id"] for one in await carol.get("/api/v1/admin/reports", resolved="true")] == [made["id"]]
    assert not (await carol.post(f"{path}/reopen"))["action_taken"]


async def test_reports_are_found_by_reporter_and_by_whom_they_are_about(
    alice: Person, bob: Person, dan: Person, carol: Person
) -> None:
    first, second = await reports(bob, alice), await reports(dan, bob)
    assert [one["id"] for one in await carol.get("/api/v1/admin/reports")] == [second["id"], first["id"]]
    for wanted in ({"account_id": bob.id}, {"target_account_id": alice.id}, {"max_id": second["id"]}):
        assert [one["id"] for one in await carol.get("/api/v1/admin/reports", **wanted)] == [first["id"]]


async def test_an_action_on_a_report_decides_its_case(
    alice: Person, bob: Person, carol: Person, stranger: Person
) -> None:
    post = await alice.says("Not so kind")
    made = await reports(bob, alice, post)
    path = f"/api/v1/admin/accounts/{alice.id}/action"
    await carol.post(path, 422, type="suspend", report_id=made["id"])
    await carol.post(path, 422, type="scold", report_id=made["id"], text="Stop.")
    await carol.post(f"/api/v1/admin/accounts/{bob.id}/action", 422, report_id=made["id"], text="Stop.")
    await carol.post(path, type="suspend", report_id=made["id"], text="Stop.")
    assert (await carol.get(f"/api/v1/admin/reports/{made['id']}"))["action_taken"]
    await stranger.get(f"/api/v1/statuses/{post['id']}", expect=404)


async def test_accounts_are_listed_by_state(alice: Person, bob: Person, carol: Person) -> None:
    await carol.post(f"/api/v1/admin/accounts/{alice.id}/action", type="silence", text="Hush.")

    async def names(path: str = "/api/v1/admin/accounts", **wanted: str) -> list[str]:
        return [one["username"] for one in await carol.get(path, **wanted)]

    assert await names(silenced="true") == ["alice"]
    assert await names(staff="true") == ["carol"]
    assert await names(username="bo") == ["bob"]
    assert await names(email="bob@") == ["bob"]
    assert await names("/api/v2/admin/accounts", status="active", origin="local") == ["carol", "bob"]
    assert await names(remote="true") == []
    assert (await carol.get(f"/api/v1/admin/accounts/{alice.id}"))["silenced"]
    await carol.get("/api/v1/admin/accounts/12", expect=404)


async def test_who_waits_is_let_in_or_turned_away(network: Network, bob: Person, dan: Person, carol: Person) -> None:
    async with network.db.transaction() as conn:
        await conn.execute("UPDATE members SET approved_at = NULL WHERE account_id <> $1", int(carol.id))
    assert [one["username"] for one in await carol.get("/api/v1/admin/accounts", pending="true")] == ["dan", "bob"]
    assert (await carol.post(f"/api/v1/admin/accounts/{bob.id}/approve"))["approved"]
    await carol.post(f"/api/v1/admin/accounts/{dan.id}/reject")
    await network.work()
    assert await carol.get("/api/v1/admin/accounts", pending="true") == []


@pytest.mark.parametrize("role", ["member", "moderator"])
async def test_what_is_the_staffs_needs_both_the_role_and_the_scope(network: Network, bob: Person, role: str) -> None:
    """A member with every scope, and a moderator whose token has none for it: both are refused everywhere."""
    from palabre.entrypoints.client_api import ROUTES

    scopes = STAFF_SCOPES if role == "member" else ("read", "write")
    mallory = await network.person("mallory", role=role, scopes=scopes)
    made = await reports(mallory, bob)
    staffs = [route for route in ROUTES if route.scope.startswith("admin:")]
    assert len(staffs) > 20
    for route in staffs:
        wanted = bob.id if "accounts" in route.path else made["id"]
        path = route.path.replace("{id}", wanted).replace("{key...}", "posts/x.png")
        path = re.sub(r"\{\w+_id\}", "1", path)
        body = {"json": {"action": "warn", "reason": "x", "type": "none", "text": "x"}} if route.method != "GET" else {}
        answer = await mallory.request(route.method, path, **body)
        assert answer.status_code == 403, f"{route.method} {path}: {answer.status_code}"
