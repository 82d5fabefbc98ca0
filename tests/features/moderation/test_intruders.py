"""What those tried who had a part in a case, or wanted to know more of it than is theirs: each once worked."""

import io
import zipfile
from collections.abc import Iterator

import pytest

from palabre import settings
from palabre.base import mail
from palabre.features import accounts, moderation
from palabre.features.moderation import jury
from tests.support.appealing import appeals
from tests.support.jury import WHY, allow, drawn, jurors, votes
from tests.support.network import Network
from tests.support.notices import notifies, url
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person
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
    import asyncio

    async with network.db.transaction() as conn:
        await jury.vote(conn, int(juror.id), panel, "uphold", WHY)
        leaving = asyncio.create_task(juror.post("/api/palabre/v1/jury/leave"))
        async with network.db.reading() as watching:
            while not await watching.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                pass
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
