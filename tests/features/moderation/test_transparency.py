"""What is published of moderation: counted from the log, telling of nobody, and the same whenever counted again."""

import csv
import io
import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from palabre import settings
from palabre.base import clock
from palabre.features import instance, moderation
from palabre.features.instance import Rule
from palabre.features.moderation import log, reports, transparency
from palabre.features.moderation.notices import senders
from palabre.features.moderation.reports import Complaint
from palabre.features.moderation.transparency.words import words
from palabre.settings import Settings
from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, caller, decides, only_case
from tests.support.order import reports as report
from tests.support.people import Person

_IDS = " UNION ".join(f"SELECT id FROM {table}" for table in ("cases", "accounts", "posts", "decisions", "reports"))


async def seal(network: Network) -> None:
    async with network.db.transaction() as conn:
        await log.seal(conn, transparency.publish)


def today() -> date:
    return clock.now().date()


def rows_of(files: dict[str, list[list[Any]]], name: str) -> list[dict[str, str]]:
    """A table as a reader of CSV sees it."""
    text = transparency.as_csv(files[name]).decode()
    assert "\r\n" in text
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def tables(network: Network) -> dict[str, list[list[Any]]]:
    async with network.db.reading() as conn:
        numbers = await transparency.count(conn, today(), today())
        return transparency.tables(numbers, await transparency.about(conn, numbers, words("en")))


@pytest.fixture
async def busy(network: Network, alice: Person, bob: Person, carol: Person, dan: Person) -> Person:
    """A removal for a rule, a suspension by law on an authority's order, a spam report dismissed, a removal taken back."""
    async with network.db.transaction() as conn:
        await instance.set_rules(conn, [Rule(0, "Be kind.")])
        (rule,) = (await instance.about(conn, fresh=True)).rules
    post = await alice.says("Alice says something rude")
    await report(bob, alice, post)
    await decides(carol, await only_case(carol), "remove", rule_ids=[str(rule.id)], reason="Alice, that was rude.")
    async with network.db.transaction() as conn:
        order = Complaint(int(dan.id), category="legal", source="order", comment="Court of X", notice_id=77)
        await reports.file(conn, order, None)
    await decides(carol, await only_case(carol), "suspend", law="Criminal code, section 130", reason="An order.")
    await report(bob, alice, category="spam")
    await decides(carol, await only_case(carol), "dismiss", reason="No advertising.")
    another = await alice.says("Quite harmless")
    await report(bob, alice, another)
    case = await only_case(carol)
    decided = await decides(carol, case, "remove", rule_ids=[str(rule.id)])
    decision = decided["decisions"][-1]["id"]
    undo = f"/api/palabre/v1/cases/{case['id']}/decisions/{decision}/undo"
    await carol.post(undo, reason="I was wrong.")
    return alice


async def test_the_public_log_tells_of_every_decision_and_of_nobody(
    network: Network, busy: Person, carol: Person
) -> None:
    await seal(network)
    async with network.db.reading() as conn:
        found = await transparency.latest(conn)
    kinds = sorted((one.entry["kind"], one.entry.get("action")) for one in found)
    assert kinds == [
        ("decided", "dismiss"),
        ("decided", "remove"),
        ("decided", "remove"),
        ("decided", "suspend"),
        ("undone", None),
    ]
    undone = next(one for one in found if one.entry["kind"] == "undone")
    about = next(one for one in found if one.id == undone.refers_to)
    assert about.entry["action"] == "remove"
    suspended = next(one for one in found if one.entry.get("action") == "suspend")
    assert suspended.entry["law"] == "Criminal code, section 130"
    assert suspended.entry["sources"] == ["order"]
    text = json.dumps([one.published() for one in found], default=str)
    async with network.db.reading() as conn:
        ids = {
            row["id"]
            for row in await conn.rows("SELECT id FROM cases UNION SELECT id FROM accounts UNION SELECT id FROM posts")
        }
        ids |= {row["id"] for row in await conn.rows("SELECT id FROM decisions UNION SELECT id FROM reports")}
    for secret in ("alice", "Alice", "bob", "carol", "dan", "rude", "wrong", "Court of X", *map(str, ids)):
        assert not re.search(rf"\b{secret}\b", text), secret


async def test_an_entry_is_published_once_and_never_again_otherwise(network: Network, busy: Person) -> None:
    await seal(network)
    async with network.db.reading() as conn:
        before = await transparency.latest(conn)
        assert await transparency.verify(conn, today(), today()) == []
    async with network.db.transaction() as conn:
        assert await log.seal(conn, transparency.publish) is None
        assert await transparency.latest(conn) == before
        await conn.execute("UPDATE public_log SET entry = replace(entry, 'suspend', 'warn')")
        assert any("not what the log says" in one for one in await transparency.verify(conn, today(), today()))


async def test_a_law_with_a_name_in_it_is_held_back(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await report(bob, alice)
    await decides(carol, await only_case(carol), "warn", law="Complaint of max@mustermann.example")
    await seal(network)
    async with network.db.reading() as conn:
        (one,) = await transparency.latest(conn)
    assert one.entry["law"] == "" and one.entry["law_withheld"] is True


async def test_the_tables_equal_a_recount_straight_from_the_entries(network: Network, busy: Person) -> None:
    files = await tables(network)
    async with network.db.reading() as conn:
        said = {
            (row["kind"], row["action"]): row["count"]
            for row in await conn.rows(
                """SELECT kind, data::jsonb ->> 'action' AS action, count(*) FROM case_events
                   WHERE kind IN ('decided', 'reported', 'undone') GROUP BY 1, 2"""
            )
        }
    assert said == {
        ("decided", "remove"): 2, ("decided", "suspend"): 1, ("decided", "dismiss"): 1,
        ("reported", None): 4, ("undone", None): 1,
    }  # fmt: skip
    own = rows_of(files, "6_own_initiative_TC.csv")
    (total,) = [row for row in own if row[TERMS] == "TOTAL"]
    assert total["Number of measures taken at the provider's own initiative"] == "2"
    assert total["Visibility restriction Removal"] == "2"
    (other,) = [row for row in own if row[TERMS] == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"]
    assert other["Visibility restriction Removal"] == "2"
    orders = {row["Category of illegal content"]: row for row in rows_of(files, "3_member_states_orders.csv")}
    received = "Number of orders to act against illegal content received"
    assert orders["TOTAL"][received] == orders["STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"][received] == "1"
    assert orders["STATEMENT_CATEGORY_VIOLENCE"][received] == "0"
    assert orders["TOTAL"]["Median time to give effect to the order to act against illegal content"] != ""
    (own_illegal,) = [
        row for row in rows_of(files, "5_own_initiative_illegal.csv") if row["Category of illegal content"] == "TOTAL"
    ]
    assert own_illegal["Number of measures taken at the provider's own initiative"] == "0", "it was an order"
    assert own_illegal["Reporting period"] == f"{today()}/{today()}"
    async with network.db.reading() as conn:
        files_as_sent = {name: transparency.as_csv(rows) for name, rows in files.items()}
        assert await transparency.verify(conn, today(), today(), files_as_sent) == []
        doctored = files_as_sent | {
            "6_own_initiative_TC.csv": files_as_sent["6_own_initiative_TC.csv"].replace(b",2,0,2,", b",1,0,1,", 1)
        }
        found = await transparency.verify(conn, today(), today(), doctored)
    assert found and found[0].startswith("6_own_initiative_TC.csv, line 2,")


TERMS = "Category of incompatibility with the provider's terms and conditions"


async def test_the_templates_are_those_of_the_regulation(network: Network) -> None:
    files = await tables(network)
    assert list(files) == [
        "1_report_identification.csv", "2_categories_names.csv", "3_member_states_orders.csv", "4_notices.csv",
        "5_own_initiative_illegal.csv", "6_own_initiative_TC.csv", "7_appeals_and_recidivism.csv",
        "8_automated_means.csv", "9_human_resources.csv", "10_AMAR.csv", "11_qualitative.csv",
    ]  # fmt: skip
    assert {name: len(rows) for name, rows in files.items() if name[0] in "34567"} == {
        "3_member_states_orders.csv": 92, "4_notices.csv": 92, "5_own_initiative_illegal.csv": 91,
        "6_own_initiative_TC.csv": 99, "7_appeals_and_recidivism.csv": 48,
    }  # fmt: skip
    assert all(len({len(row) for row in rows}) == 1 for rows in files.values()), "every line has every cell"
    assert len(files["11_qualitative.csv"]) == 7


async def test_notices_and_flaggers_are_counted_by_notice_and_item(
    network: Network, alice: Person, carol: Person
) -> None:
    posts = [await alice.says(f"Post {number}") for number in range(3)]
    async with network.db.transaction() as conn:
        for post in posts:
            await reports.file(
                conn, Complaint(int(alice.id), [int(post["id"])], category="child", source="flagger", notice_id=5), None
            )
        await reports.file(conn, Complaint(int(alice.id), category="legal", source="notice", notice_id=6), None)
    notices = {row["Category of illegal content"]: row for row in rows_of(await tables(network), "4_notices.csv")}
    total, minors = notices["TOTAL"], notices["KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL"]
    assert (total["Number of notices received"], total["Number of notices received from Trusted flaggers"]) == (
        "2",
        "1",
    )
    assert minors["Number of notices received"] == "1"
    assert minors["Number of specific items of information included in the total number of notices"] == "3"


async def test_appeals_juries_and_reviews_are_counted_by_the_names_of_their_entries(
    network: Network, busy: Person
) -> None:
    async with network.db.transaction() as conn:
        row = await conn.row("SELECT case_id, id FROM decisions WHERE action = 'suspend'")
        assert row
        case_id, decision = row["case_id"], row["id"]
        await log.append(conn, case_id, None, "appealed", {"appeal": 1, "decision": decision})
        await log.append(
            conn, case_id, None, "jury_closed", {"outcome": "overturn", "votes": {"overturn": 4, "uphold": 2}}
        )
        await log.append(
            conn, case_id, None, "appeal_decided", {"appeal": 1, "decision": decision, "outcome": "reversed"}
        )
        await log.append(conn, case_id, None, "reviewed", {"same_direction": False})
        numbers = await transparency.count(conn, today(), today())
        assert await transparency.verify(conn, today(), today()) == []
    about = numbers.complaints["account"]
    assert (about.received, about.reversed, about.upheld) == (1, 1, 0)
    assert numbers.juries == {"panels": 1, "votes": 6, "with_the_majority": 4}
    assert numbers.reviews == {"disagreed": 1}


async def test_a_half_year_that_is_over_is_reported_once(
    network: Network, busy: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await transparency.make_reports(network.db)
    async with network.db.reading() as conn:
        (running,) = await transparency.published(conn)
    assert running.numbers.starts <= today() <= running.numbers.ends
    later = clock.now() + timedelta(days=190)
    monkeypatch.setattr(clock, "now", lambda: later)
    await transparency.make_reports(network.db)
    await transparency.make_reports(network.db)
    async with network.db.transaction() as conn:
        new, old = await transparency.published(conn)
        assert old.made_at == later and sum(old.numbers.decisions.values()) == 4
        assert new.numbers.decisions == {}
        assert await transparency.verify(conn, old.numbers.starts, old.numbers.ends) == []
        await conn.execute(
            "UPDATE transparency_reports SET numbers = replace(numbers, '\"dismiss\":1', '\"dismiss\":9')"
        )
        found = await transparency.verify(conn, old.numbers.starts, old.numbers.ends)
    assert len(found) == 1 and found[0].startswith("decisions: the published report says")


async def test_statements_have_the_databases_shape_and_hold_no_personal_data(network: Network, busy: Person) -> None:
    async with network.db.transaction() as conn:
        made = await transparency.export(conn, today(), today())
        again = await transparency.export(conn, today(), today())
    assert made == again, "the pseudonyms stay"
    (rude,) = made.refused
    assert (rude.field, rude.why, rude.where) == ("incompatible_content_explanation", "holds a name", "at 0: Alice")
    assert len(made.statements) == 2
    suspension = next(one for one in made.statements if "decision_account" in one)
    assert suspension["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert suspension["source_type"] == "SOURCE_ARTICLE_16"
    for one in made.statements:
        for field, name in {
            "category": "STATEMENT_CATEGORIES", "decision_ground": "DECISION_GROUNDS", "source_type": "SOURCE_TYPES",
            "automated_decision": "AUTOMATED_DECISIONS", "content_type": "CONTENT_TYPES",
            "category_specification": "KEYWORDS", "decision_visibility": "DECISION_VISIBILITIES",
            "decision_account": "DECISION_ACCOUNTS",
        }.items():  # fmt: skip
            values = one.get(field, [])
            assert set([values] if isinstance(values, str) else values) <= ENUMS[name]
    async with network.db.transaction() as conn:
        words = {rude.puid: {rude.field: "The author was rude."}}
        reworded = await transparency.export(conn, today(), today(), words)
    assert len(reworded.statements) == 3 and reworded.refused == []
    assert moderation.ACTIONS


ENUMS = {
    "STATEMENT_CATEGORIES": {f"STATEMENT_CATEGORY_{name}" for name in ("ILLEGAL_OR_HARMFUL_SPEECH", "OTHER_VIOLATION_TC")},
    "DECISION_GROUNDS": {"DECISION_GROUND_ILLEGAL_CONTENT", "DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "SOURCE_TYPES": {
        "SOURCE_ARTICLE_16", "SOURCE_TRUSTED_FLAGGER", "SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY",
    },
    "AUTOMATED_DECISIONS": {"AUTOMATED_DECISION_FULLY", "AUTOMATED_DECISION_NOT_AUTOMATED"},
    "CONTENT_TYPES": {"CONTENT_TYPE_TEXT", "CONTENT_TYPE_IMAGE", "CONTENT_TYPE_OTHER"},
    "KEYWORDS": {"KEYWORD_OTHER"},
    "DECISION_VISIBILITIES": {"DECISION_VISIBILITY_CONTENT_REMOVED"},
    "DECISION_ACCOUNTS": {"DECISION_ACCOUNT_SUSPENDED"},
}  # fmt: skip


async def test_nothing_of_a_case_is_public_while_somebody_is_to_judge_it_blind(
    network: Network, alice: Person, bob: Person, carol: Person, configured: Settings
) -> None:
    settings.use(Settings(**(configured.model_dump() | {"review_share": 100})))
    second = await network.person("second", role="moderator", scopes=STAFF_SCOPES)
    await report(bob, alice)
    case = await only_case(carol)
    await decides(carol, case, "warn", reason="Be kind.")
    await network.work()
    await seal(network)
    async with network.db.reading() as conn:
        assert await transparency.latest(conn) == []
        assert await transparency.verify(conn, today(), today()) == []
    await second.post(f"/api/palabre/v1/reviews/{case['id']}", action="dismiss", reason="Harmless.")
    await seal(network)
    async with network.db.reading() as conn:
        assert sorted(one.entry["kind"] for one in await transparency.latest(conn)) == ["decided", "reviewed"]
        assert await transparency.verify(conn, today(), today()) == []


async def test_who_is_suspended_for_unfounded_reports_is_counted(
    network: Network, alice: Person, bob: Person, carol: Person
) -> None:
    await report(bob, alice)
    case = await only_case(carol)
    decided = await decides(carol, case, "dismiss", reason="Nothing.")
    await network.work()
    by, sender = await caller(network, carol), f"member:{bob.id}"
    async with network.db.transaction() as conn:
        await senders.mark_unfounded(conn, by, int(case["id"]), [int(one["id"]) for one in decided["reports"]])
        await senders.warn(conn, by, sender, "This was made up.")
        await senders.suspend(conn, by, sender, "Again.", 30)
    async with network.db.reading() as conn:
        assert (await transparency.count(conn, today(), today())).suspended == {"notices": 1}
        assert "misuse_suspended" in {one.kind for one in await log.entries(conn, int(case["id"]))}
