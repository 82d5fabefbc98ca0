"""What those tried who had a part in a case, or wanted to know more of it than is theirs: each once worked."""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from palabre import settings
from palabre.base import clock, mail
from palabre.base.db import CONFLICTS
from palabre.features import accounts, moderation, posts
from palabre.features.moderation import jury, log, transparency
from palabre.features.moderation.domains import csvs
from palabre.features.moderation.domains.rules import Measure
from palabre.features.moderation.jury.draw import Lot
from palabre.features.moderation.notices.rules import Line, Original, Sent
from tests.support.appealing import appeals
from tests.support.jury import WHY, allow, drawn, jurors, votes
from tests.support.network import Network
from tests.support.notices import notifies, url
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person
from tests.support.screening import enforces
from tests.support.visitor import Visitor


@pytest.fixture
async def mona(network: Network) -> Person:
    """A moderator about whom people complain."""
    return await network.person("mona", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
def all_judged_twice(configured: settings.Settings) -> Iterator[None]:
    settings.use(configured.model_copy(update={"review_share": 100}))
    yield
    settings.use(configured)


async def browser(who: Person) -> Visitor:
    """Somebody's browser, signed in."""
    visitor = Visitor(who.network)
    async with who.network.db.transaction() as conn:
        session = await accounts.start_session(conn, int(who.id))
    visitor.http.cookies.set("palabre_session", session)
    return visitor


# A case about oneself


async def test_a_moderator_does_not_learn_why_a_case_about_himself_is_where_it_is(
    bob: Person, carol: Person, mona: Person, network: Network
) -> None:
    await reports(bob, mona, await mona.says("Hm"))
    await network.work()
    path = f"/api/palabre/v1/cases/{(await only_case(carol))['id']}/signals"
    assert await carol.get(path)
    await mona.get(path, expect=403)


async def test_a_moderator_does_not_read_who_sent_a_notice_about_himself(
    stranger: Person, alice: Person, carol: Person, mona: Person, network: Network
) -> None:
    first, other = await mona.says("Hm"), await alice.says("Ho")
    await notifies(stranger, url(other), url(first), url(first) + "9", name="Nadia Whistle")
    await network.work()
    theirs, hers = await browser(carol), await browser(mona)
    await theirs.open("/moderation/notices")
    notice = next(part for part in theirs.html.split('"') if part.startswith("/moderation/notices/1"))
    assert "Nadia Whistle" in (await theirs.open(notice)).html
    assert "Nadia Whistle" not in (await hers.open("/moderation/notices")).html
    for page in ("", "/outcome.csv", "/original"):
        await hers.open(notice + page, 403)
    for deed, field in (("answer", "answer"), ("point", "url")):
        form = {field: url(other)}
        sent = await hers.http.post(f"{notice}/lines/3/{deed}", data=form, headers={"sec-fetch-site": "same-origin"})
        assert sent.status_code == 403
    cases = await mona.get("/api/palabre/v1/cases")
    assert "Nadia Whistle" not in (await hers.open(f"/moderation/cases/{cases[0]['id']}")).html


async def test_who_is_alone_answers_notices_about_himself(stranger: Person, carol: Person, network: Network) -> None:
    await notifies(stranger, url(await carol.says("Hm")), name="Nadia Whistle")
    await network.work()
    assert "Nadia Whistle" in (await (await browser(carol)).open("/moderation/notices")).html


# Who judges blind


async def test_a_blind_reviewer_reads_the_decision_in_no_pack_and_asks_no_jury(
    alice: Person, bob: Person, carol: Person, mona: Person, network: Network, all_judged_twice: None
) -> None:
    await reports(bob, alice, await alice.says("Hm"), category="spam")
    case = await decides(carol, await only_case(carol), "suspend")
    await network.work()
    blind, seeing = await browser(mona), await browser(carol)
    for page in ("pack", "pack.zip", "jury"):
        await seeing.open(f"/moderation/cases/{case['id']}/{page}")
        await blind.open(f"/moderation/cases/{case['id']}/{page}", 403)
    await mona.post(f"/api/palabre/v1/cases/{case['id']}/ask-jury", 403, rule_id="1")


# Who reported


async def test_the_pack_for_the_police_does_not_tell_who_reported_whatever_else_he_did(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    await reports(bob, alice, await alice.says("I am coming for you"), category="threat")
    case = await decides(carol, await only_case(carol), "dismiss")
    await network.work()
    appeal = await appeals(bob, case)
    await bob.post(f"/api/palabre/v1/appeals/{case['id']}/{appeal['id']}/withdraw")
    holds = f"/api/palabre/v1/cases/{case['id']}/holds"
    hold = await carol.post(holds, kind="life", reason="A life is in danger.")
    given = await carol.request("POST", f"{holds}/{hold['id']}/police", json={"to": "Police of Lyon"})
    pack = zipfile.ZipFile(io.BytesIO(given.content))
    assert '"appealed"' in pack.read("log.json").decode()
    for name in pack.namelist():
        assert bob.id not in pack.read(name).decode("utf-8", "replace"), name
    assert carol.id in pack.read("log.json").decode()


# Juries


async def test_nobody_asks_juries_until_one_says_what_he_wants_to_hear(
    alice: Person, bob: Person, carol: Person, network: Network
) -> None:
    from palabre.features import instance
    from palabre.features.instance import Rule

    allow()
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Be kind"), Rule(0, "No spam")])
        kind, spam = (await instance.about(conn, fresh=True)).rules
    pool = await jurors(network, 20)
    await reports(bob, alice, await alice.says("Hm"))
    path = f"/api/palabre/v1/cases/{(await only_case(carol))['id']}/ask-jury"
    panel = (await carol.post(path, rule_id=str(kind.id)))["panel"]
    await network.work()
    for one in await drawn(pool, int(panel)):
        await votes(one, int(panel), "uphold", reason=WHY)
    await network.work()
    await carol.post(path, 422, rule_id=str(kind.id))
    await carol.post(path, rule_id=str(spam.id))


async def test_who_leaves_while_he_votes_has_voted(alice: Person, bob: Person, carol: Person, network: Network) -> None:
    """Else his seat would be drawn anew, and seven ballots be cast for six seats."""
    from tests.support.jury import call

    allow()
    pool = await jurors(network, 20)
    await reports(bob, alice, await alice.says("Hm"))
    panel = await call(network, await decides(carol, await only_case(carol), "remove"))
    assert panel
    juror = (await drawn(pool, panel))[0]
    async with network.db.transaction() as conn:
        await jury.vote(conn, int(juror.id), panel, "uphold", WHY)
        leaving = asyncio.create_task(juror.post("/api/palabre/v1/jury/leave"))
        async with network.db.reading() as watching:
            async with asyncio.timeout(60):
                while not await watching.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    await watching.ping()
    await leaving
    await network.work()
    async with network.db.reading() as reading:
        assert await reading.value("SELECT count(*) FROM jury_seats WHERE panel_id = $1", panel) == 6
        assert await reading.value("SELECT state FROM jury_seats WHERE account_id = $1", int(juror.id)) == "voted"


# The log


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE decisions SET decided_at = decided_at - interval '1 day'",
        "UPDATE decisions SET undone_at = undone_at - interval '1 day'",
        "UPDATE decisions SET account_id = account_id + 1",
        "UPDATE reports SET due_at = due_at + interval '1 day'",
        "UPDATE reports SET created_at = created_at + interval '1 day'",
        "UPDATE reports SET account_id = account_id + 1",
    ],
)
async def test_times_cannot_be_put_right_so_that_deadlines_were_met(
    alice: Person, bob: Person, carol: Person, network: Network, tampering: str
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "remove")
    path = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/undo"
    await carol.post(path, reason="We were wrong.")
    async with network.db.transaction() as conn:
        assert await moderation.verify(conn) == []
        await conn.execute("SET LOCAL session_replication_role = replica")
        assert await conn.execute(tampering) == 1
        await conn.execute("SET LOCAL session_replication_role = origin")
        assert ["was changed" in fault.what for fault in await moderation.verify(conn)] == [True]


# Mail


def test_a_subject_of_several_lines_is_one_header() -> None:
    """A network, or a rule, may be called so; mail that can't be written would be tried again and again."""
    letter = mail.Letter("to@mail.example", "The rule “x\r\nBcc: all@mail.example” is off", "Text")
    message = mail.Smtp("smtp://localhost", "Us <us@mail.example>")._message(letter)
    assert message["Subject"] == "The rule “x Bcc: all@mail.example” is off" and message["Bcc"] is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE public_log SET entry = replace(entry, 'remove', 'warn') WHERE entry LIKE '%remove%'",
        "UPDATE public_log SET at = at - interval '1 day' WHERE refers_to IS NULL",
        "DELETE FROM public_log WHERE refers_to IS NULL",
        "UPDATE public_log SET refers_to = NULL WHERE refers_to IS NOT NULL",
        "INSERT INTO public_log SELECT month, 'made-up', at, seal, case_id, 1, NULL, entry FROM public_log LIMIT 1",
    ],
)
async def test_the_public_log_cannot_be_touched_up(
    alice: Person, bob: Person, carol: Person, network: Network, tampering: str
) -> None:
    await reports(bob, alice, await alice.says("Hm"))
    case = await decides(carol, await only_case(carol), "remove")
    path = f"/api/palabre/v1/cases/{case['id']}/decisions/{case['decisions'][0]['id']}/undo"
    await carol.post(path, reason="We were wrong.")
    async with network.db.transaction() as conn:
        await log.seal(conn, transparency.publish)
        assert await moderation.verify(conn) == []
        assert await conn.execute(tampering) == 1
        assert ["public log" in fault.what for fault in await moderation.verify(conn)] == [True]


# Held posts


async def test_what_is_overdue_of_a_frozen_member_waits_until_he_is_back(
    alice: Person, bob: Person, carol: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enforces(network, carol)
    earlier = await alice.says("Hm")
    await alice.says("The elephant")
    await network.work()
    path = f"/api/v1/admin/accounts/{alice.id}"
    await carol.post(f"{path}/action", type="disable", text="Enough.")
    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    for seen in ([earlier["id"]], 2):
        async with network.db.transaction() as conn:
            await moderation.screening.release_overdue(conn)
        found = [one["id"] for one in await bob.get(f"/api/v1/accounts/{alice.id}/statuses")]
        assert found == seen or len(found) == seen
        await carol.post(f"{path}/enable")


# At the same moment


async def test_of_two_moderators_one_decides(
    alice: Person, bob: Person, carol: Person, mona: Person, network: Network
) -> None:
    for number in range(4):
        await reports(bob, alice, await alice.says(f"Hm {number}"))
        path = f"/api/palabre/v1/cases/{(await only_case(carol))['id']}/decide"
        body = {"reason": "Because.", "terms": True}
        answers = await asyncio.gather(
            carol.request("POST", path, json={"action": "remove", **body}),
            mona.request("POST", path, json={"action": "dismiss", **body}),
        )
        assert sorted(one.status_code for one in answers) == [200, 422]
    await network.work()
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
        assert await conn.value("SELECT count(*) FROM decisions") == 4


async def test_taking_back_expiry_appeal_and_deletion_at_once_leave_one_end_and_true_counts(
    alice: Person, bob: Person, carol: Person, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[str] = []
    for number in range(6):
        post = await alice.says(f"Hm {number}")
        await reports(bob, alice, post)
        case = await decides(carol, await only_case(carol), "remove", hours=1)
        decision = case["decisions"][0]["id"]
        undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{decision}/undo"
        later = clock.now() + timedelta(hours=2)
        monkeypatch.setattr(clock, "now", lambda later=later: later)

        async def expire() -> None:
            try:
                async with network.db.transaction() as conn:
                    await moderation.end_expired(conn)
            except CONFLICTS:
                pass  # the next round does it

        async def remove(post_id: int = int(post["id"])) -> None:
            async with network.db.transaction() as conn:
                await posts.remove(conn, int(alice.id), post_id)

        body = {"case_id": case["id"], "decision_id": decision, "words": "No!"}
        deeds: list[Any] = [
            carol.request("POST", undo, json={"reason": "We were wrong."}),
            expire(),
            alice.request("POST", "/api/palabre/v1/appeals", json=body),
        ]
        await asyncio.gather(*deeds, *([remove()] if number % 2 else []))
        async with network.db.reading() as conn:
            ends.append(str(await conn.value("SELECT ended FROM decisions WHERE id = $1", int(decision))))
    await network.work()
    assert set(ends) <= {"undone", "expired", "None"}
    async with network.db.reading() as conn:
        assert await moderation.verify(conn) == []
        shown = await conn.value(
            "SELECT count(*) FROM posts WHERE author_id = $1 AND withheld_at IS NULL", int(alice.id)
        )
    assert (await bob.get(f"/api/v1/accounts/{alice.id}"))["statuses_count"] == shown


async def test_a_list_that_comes_in_twice_at_the_same_moment_is_filed_once(alice: Person, network: Network) -> None:
    post = await alice.says("Hm")
    sent = Sent("host", [Line(url(post))], name="Host", original=Original("list.txt", b"the same"))

    async def arrives() -> bool:
        async with network.db.transaction() as conn:
            return (await moderation.notices.receive(conn, sent)).again

    assert sorted(await asyncio.gather(arrives(), arrives(), arrives())) == [False, True, True]
    async with network.db.reading() as conn:
        assert await conn.value("SELECT count(*) FROM reports") == 1


async def test_who_reports_while_a_case_is_decided_is_answered_all_the_same(
    alice: Person, bob: Person, dan: Person, carol: Person, network: Network
) -> None:
    for number in range(4):
        post = await alice.says(f"Hm {number}")
        await reports(bob, alice, post)
        case = await only_case(carol)
        body = {"action": "dismiss", "reason": "Because.", "terms": True}
        await asyncio.gather(
            carol.request("POST", f"/api/palabre/v1/cases/{case['id']}/decide", json=body),
            dan.request("POST", "/api/v1/reports", json={"account_id": alice.id, "status_ids": [post["id"]]}),
        )
        for waiting in await carol.get("/api/palabre/v1/cases"):
            await decides(carol, waiting, "dismiss")
    await network.work()
    assert len(await dan.get("/api/palabre/v1/letters")) == 4


# Sheets


def test_a_comment_on_a_domain_is_no_formula_and_comes_back_as_it_was() -> None:
    measure = Measure(severity="suspend", public_comment='=HYPERLINK("https://evil.example")')
    written = csvs.write([("bad.example", measure)])
    assert "\"'=HYPERLINK" in written
    assert csvs.read(written, "suspend")[-1].measure.public_comment == measure.public_comment


# Lots


def test_accounts_without_ties_do_not_fill_a_jury() -> None:
    """A brigade's made-up accounts belong to no camp, and were put to all of them by lot."""
    pool = {f"made-up{n}": 0 for n in range(500)} | {f"a{n}": 1 for n in range(20)} | {f"b{n}": 2 for n in range(20)}
    for number in range(20):
        drawn: list[str] = []
        lot = Lot(bytes([number]) * 32, 1, pool, 6, 4)
        while len(drawn) < 6 and (juror := lot.draw(drawn, drawn, ())):
            drawn.append(juror)
        assert len(drawn) == 6 and sum(juror.startswith("made-up") for juror in drawn) == 3


async def test_a_frozen_moderator_is_no_moderator(network: Network, alice: Person, bob: Person) -> None:
    carol = await network.person("carol", role="moderator", scopes=STAFF_SCOPES)
    olga = await network.person("olga", role="owner", scopes=STAFF_SCOPES)
    await reports(alice, bob, await bob.says("Not so kind"))
    await reports(alice, carol, await carol.says("Nor is this"))
    await carol.get("/api/palabre/v1/cases")
    (about_carol, _) = await olga.get("/api/palabre/v1/cases")
    await decides(olga, about_carol, "freeze")
    for path in ("/api/palabre/v1/cases", "/api/v1/admin/reports", "/api/v1/admin/accounts"):
        await carol.get(path, expect=403)
