"""Journey 3: a wrongful removal is told with its reasons, appealed against, turned down, and overturned by six members;
everything is back, everyone is told, and who decided had no way to decide again: not by API, not by pages, not by SQL.
"""

import asyncpg
import pytest

from palabre.features import accounts, moderation
from palabre.features.moderation.jury import verify
from tests.support.appealing import appeals, judges
from tests.support.jury import allow, drawn, jurors, votes
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, letters, only_case, reports
from tests.support.people import Person, said
from tests.support.visitor import Visitor

pytestmark = pytest.mark.journey


async def _in_a_browser(network: Network, who: Person) -> Visitor:
    visitor = Visitor(network)
    async with network.db.transaction() as conn:
        visitor.http.cookies.set("palabre_session", await accounts.start_session(conn, int(who.id)))
    return visitor


async def test_a_wrongful_removal(network: Network, alice: Person, bob: Person, dan: Person) -> None:
    carol, mona = [await network.person(name, role="moderator", scopes=STAFF_SCOPES) for name in ("carol", "mona")]
    allow()
    willing = await jurors(network, 8)
    await dan.follows(alice)
    post = await alice.says("The mayor is wrong about the well")
    await dan.post(f"/api/v1/statuses/{post['id']}/favourite")
    await bob.says("How so?", in_reply_to_id=post["id"])
    await network.work()
    before = await dan.get(f"/api/v1/statuses/{post['id']}")
    assert await dan.home() == ["The mayor is wrong about the well"]

    await reports(bob, alice, post)
    case = await decides(carol, await only_case(carol), "remove", reason="It offends the mayor.")
    await network.work()
    assert [one["reason"] for one in await letters(alice)] == ["It offends the mayor."]
    assert await dan.home() == []

    first = await appeals(alice, case, words="I quoted the minutes.")
    path, decision = f"/api/palabre/v1/cases/{case['id']}", case["decisions"][0]["id"]
    for outcome in ("upheld", "overturned"):
        await judges(carol, first, outcome, 403)
    await decides(carol, case, "remove", 403)
    await carol.post(f"{path}/reopen", 422)
    await carol.post(f"{path}/decisions/{decision}/undo", 422, reason="Oh well.")
    page = await _in_a_browser(network, carol)
    await page.open(f"/moderation/cases/{case['id']}/appeals/{first['id']}")
    judge = f"/moderation/cases/{case['id']}/appeals/{first['id']}/judge"
    assert f'action="{judge}"' not in page.html
    sent = await page.http.post(
        judge, data={"outcome": "upheld", "reason": "No."}, headers={"sec-fetch-site": "same-origin"}
    )
    assert sent.status_code == 403
    for sql in (
        f"UPDATE appeals SET state = 'decided', outcome = 'upheld', judge_id = {carol.id}",
        f"UPDATE decisions SET moderator_id = {mona.id}",
        f"UPDATE appeals SET moderator_id = {mona.id}",
        f"UPDATE decisions SET ended = 'overturned', undone_by = {carol.id}, overturned_on = {first['id']}, undone_at = now()",
    ):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with network.db.transaction() as conn:
                await conn.execute(sql)

    await judges(mona, first, "upheld", reason="The rule is clear.")
    second = await alice.post(
        f"/api/palabre/v1/appeals/{first['case_id']}/{first['id']}/jury", words="Read page four of the minutes."
    )
    assert second["state"] == "jury"
    for moderator in (carol, mona):
        await judges(moderator, second, "upheld", 422)
    await network.work()
    (panel,) = await alice.get("/api/palabre/v1/jury/panels")
    sitting = await drawn(willing, int(panel["id"]))
    assert len(sitting) == 6
    for place, juror in enumerate(sitting):
        await votes(juror, int(panel["id"]), "uphold" if place == 2 else "overturn", reason="Page four says so.")
    await network.work()
    assert verify(await alice.get(f"/api/palabre/v1/jury/panels/{panel['id']}")) == [], "anybody can draw again"

    assert await dan.get(f"/api/v1/statuses/{post['id']}") == before
    assert [said(one) for one in (await dan.get(f"/api/v1/statuses/{post['id']}/context"))["descendants"]] == [
        "How so?"
    ]
    assert await dan.home() == ["The mayor is wrong about the well"]
    for who in (alice, bob):
        assert "Page four says so." in (await letters(who))[0]["reason"]
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
