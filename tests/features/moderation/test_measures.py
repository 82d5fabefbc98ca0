"""Measures: notes, marks that stay, frozen accounts, and what ends by itself."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from palabre.base import clock
from palabre.features import moderation
from tests.support.network import Network
from tests.support.order import decides, letters, only_case, reports
from tests.support.people import Person, said

LABEL = "Disputed by the moderators: <see> the town’s own figures."


def later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    at = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: at)


async def taken_back(moderator: Person, case: Any, number: int = 0) -> None:
    path = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][number]['id']}/undo"
    await moderator.post(path, reason="We were wrong.")


async def test_a_note_stands_above_the_post_for_every_client_until_it_is_taken_back(
    alice: Person, bob: Person, carol: Person, dan: Person, network: Network
) -> None:
    post = await alice.says("The bridge costs nothing.")
    await reports(bob, alice, post)
    case = await only_case(carol)
    await decides(carol, case, "label", 422)
    await decides(carol, case, "label", 422, label="x" * 101)
    case = await decides(carol, case, "label", label=LABEL)
    seen = await dan.get(f"/api/v1/statuses/{post['id']}")
    assert "&lt;see&gt; the town’s own figures." in seen["content"] and seen["spoiler_text"] == ""
    await alice.put(f"/api/v1/statuses/{post['id']}", status="The bridge costs little.")
    seen = await dan.get(f"/api/v1/statuses/{post['id']}")
    assert "Disputed by the moderators" in seen["content"] and "costs little" in seen["content"]
    assert (await alice.get(f"/api/v1/statuses/{post['id']}/source"))["text"] == "The bridge costs little."
    await taken_back(carol, case)
    assert said(await dan.get(f"/api/v1/statuses/{post['id']}")) == "The bridge costs little."


async def test_of_two_notes_the_one_that_still_stands_is_shown(alice: Person, bob: Person, carol: Person) -> None:
    post = await alice.says("The bridge costs nothing.")
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "label", label="First note")
    await carol.post(f"/api/palabre/v1/cases/{case['id']}/reopen")
    case = await decides(carol, case, "label", label="Second note")
    assert "Second note" in (await bob.get(f"/api/v1/statuses/{post['id']}"))["content"]
    await taken_back(carol, case, 1)
    assert "First note" in (await bob.get(f"/api/v1/statuses/{post['id']}"))["content"]


async def test_an_author_cannot_uncover_what_moderators_covered(alice: Person, bob: Person, carol: Person) -> None:
    post = await alice.says("On the beach", sensitive=True)
    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "sensitive")
    path = f"/api/v1/statuses/{post['id']}"
    await alice.put(path, status="At the beach", sensitive=False)
    assert (await bob.get(path))["sensitive"]
    await taken_back(carol, case)
    assert not (await bob.get(path))["sensitive"], "her own last word"


async def test_a_frozen_member_reads_and_withdraws_and_publishes_nothing(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    hers, his = await alice.says("Mine"), await bob.says("His")
    await alice.post(f"/api/v1/statuses/{his['id']}/favourite")
    await reports(bob, alice, hers)
    await decides(carol, await only_case(carol), "freeze")
    assert (await carol.get(f"/api/v1/admin/accounts/{alice.id}"))["disabled"]
    refused = [
        ("POST", "/api/v1/statuses", {"status": "Still here"}),
        ("PUT", f"/api/v1/statuses/{hers['id']}", {"status": "Other"}),
        ("POST", f"/api/v1/statuses/{his['id']}/reblog", {}),
        ("POST", f"/api/v1/statuses/{his['id']}/favourite", {}),
        ("POST", f"/api/v1/accounts/{bob.id}/follow", {}),
        ("POST", "/api/v1/reports", {"account_id": bob.id}),
        ("PATCH", "/api/v1/accounts/update_credentials", {"note": "Read me here instead"}),
    ]
    for method, path, body in refused:
        answer = await alice.request(method, path, json=body)
        assert (answer.status_code, "frozen" in answer.json()["error"]) == (403, True), path
    upload = await alice.request("POST", "/api/v2/media", files={"file": ("x.png", b"x", "image/png")})
    assert upload.status_code == 403
    assert said(await alice.get(f"/api/v1/statuses/{hers['id']}")) == "Mine"
    assert len(await letters(alice)) == 1
    await alice.post(f"/api/v1/statuses/{his['id']}/unfavourite")
    await alice.post(f"/api/v1/accounts/{bob.id}/block")
    await alice.delete(f"/api/v1/statuses/{hers['id']}")


@pytest.mark.parametrize(("action", "standing"), [("limit", "limited"), ("freeze", "frozen"), ("suspend", "suspended")])
async def test_a_timed_measure_ends_by_itself_and_says_when(
    action: str,
    standing: str,
    alice: Person,
    bob: Person,
    carol: Person,
    network: Network,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def now_is() -> str:
        async with network.db.reading() as conn:
            return str(await conn.value("SELECT standing FROM accounts WHERE id = $1", int(alice.id)))

    await reports(bob, alice)
    case = await only_case(carol)
    for wrong in (0, -3, 1e9):
        await decides(carol, case, action, 422, hours=wrong)
    case = await decides(carol, case, action, hours=72)
    until = datetime.fromisoformat(case["decisions"][0]["expires_at"])
    assert until - datetime.fromisoformat(case["decisions"][0]["decided_at"]) == timedelta(hours=72)
    for hours, expected in ((71, standing), (2, "active")):
        later(monkeypatch, hours=hours)
        async with network.db.transaction() as conn:
            await moderation.end_expired(conn)
        assert await now_is() == expected
    ended, begun = await letters(alice)
    assert (ended["undoing"], begun["undoing"], ended["expires_at"]) == (True, False, None)
    assert datetime.fromisoformat(begun["expires_at"]) == until
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []


async def test_strikes_count_until_they_are_taken_back_or_too_old(
    alice: Person, bob: Person, carol: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def case_on(post: Any) -> Any:
        await reports(bob, alice, post)
        return await only_case(carol)

    case = await case_on(await alice.says("one"))
    assert (case["strikes"], case["proposed"]) == ([], {"action": "warn", "hours": None})
    first = await decides(carol, case, "warn")
    case = await case_on(await alice.says("two"))
    assert ([one["action"] for one in case["strikes"]], case["proposed"]) == (
        ["warn"],
        {"action": "limit", "hours": 48},
    )
    await decides(carol, case, "limit", hours=48)
    case = await case_on(await alice.says("three"))
    await decides(carol, case, "dismiss")
    later(monkeypatch, days=3)
    async with network.db.transaction() as conn:
        await moderation.end_expired(conn)
    case = await case_on(await alice.says("four"))
    assert [one["action"] for one in case["strikes"]] == ["warn", "limit"], "over by itself, and still a strike"
    assert case["proposed"] == {"action": "suspend", "hours": 168}
    await taken_back(carol, first)
    shown = await carol.get(f"/api/palabre/v1/cases/{case['id']}")
    assert [one["action"] for one in shown["strikes"]] == ["limit"], "what is taken back is no strike"
    later(monkeypatch, days=178)
    shown = await carol.get(f"/api/palabre/v1/cases/{case['id']}")
    assert (shown["strikes"], shown["proposed"]["action"]) == ([], "warn")
