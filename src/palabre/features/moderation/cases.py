"""What moderators read and keep in order: a case with all that belongs to it, who has it, notes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from palabre.base import erase, events
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.errors import Forbidden, NotFound
from palabre.base.paging import Page
from palabre.features import accounts
from palabre.features.accounts import AccountView, Caller
from palabre.features.instance import Rule
from palabre.features.moderation import log, reports, rules, store
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.events import CaseChanged
from palabre.features.moderation.log import Entry
from palabre.features.moderation.reports import Report
from palabre.features.moderation.snapshot import Snapshot
from palabre.features.moderation.strikes import Step, Strike, proposed, strikes
from palabre.features.posts import PostView

NOBODY = 0
#: What the log of a case may tell somebody who judges it without knowing how it was decided.
_BEFORE_DECIDING = ("opened", "reported", "raised", "recategorised")


class Summary(msgspec.Struct, frozen=True):
    """A case in the queue."""

    id: int
    state: str
    account: AccountView
    categories: list[str]
    reports: int
    excerpt: str
    sources: list[str]
    severity: int
    lane: str
    due_at: datetime | None
    assigned_to: AccountView | None
    opened_at: datetime
    decided_at: datetime | None


class Case(msgspec.Struct, frozen=True):
    """A case and all that belongs to it. `people`: everybody named in it, by id. `past`: earlier decisions on the account;
    `strikes`: those that count; `proposed`: what the ladder says next. `blind`: the reader is to judge it again; it looks
    as if nobody had decided it yet.
    """

    summary: Summary
    reports: list[Report]
    snapshots: list[Snapshot]
    events: list[Entry]
    decisions: list[Decision]
    past: list[Decision]
    people: dict[int, AccountView]
    may_decide: bool
    strikes: list[Strike]
    proposed: Step | None
    blind: bool = False


async def summaries(conn: Conn, rows: Sequence[Row]) -> list[Summary]:
    people = await _people(conn, rows)
    return [_summary(row, people) for row in rows]


async def counts(conn: Conn, by: Caller) -> dict[str, int]:
    """How many cases wait, and how many of them are this moderator's; no more than a thousand are counted."""
    rules.check_staff(by)
    return {"waiting": await store.count_open(conn, None), "mine": await store.count_open(conn, by.id)}


async def case(conn: Conn, by: Caller, case_id: int) -> Case:
    """Raises NotFound; Forbidden for a case about the moderator himself."""
    row = await for_staff(conn, by, case_id)
    if case_id in await store.to_review(conn, by.id):
        return await _blinded(conn, row)
    told = [Report.of(one) for one in await store.reports_in(conn, case_id)]
    entries = await log.entries(conn, case_id)
    decisions = [Decision.of(one) for one in await store.decisions(conn, [case_id])]
    past = [Decision.of(one) for one in await store.decisions_about(conn, row["account_id"])]
    counting = await strikes(conn, row["account_id"])
    named = {one.reporter_id for one in told if one.reporter_id} | {one.actor_id for one in entries if one.actor_id}
    people = await _people(conn, [row], named | {one.moderator_id for one in past})
    return Case(
        summary=_summary(row, people),
        reports=told,
        snapshots=[Snapshot(one) for one in await store.snapshots(conn, [case_id])],
        events=entries,
        decisions=decisions,
        past=[one for one in past if one.case_id != case_id],
        people=people,
        may_decide=row["state"] == "open"
        and by.id not in {one.reporter_id for one in told}
        and by.id not in {one["moderator_id"] for one in await store.appealed(conn, case_id)},
        strikes=counting,
        proposed=proposed(len(counting)),
    )


async def _blinded(conn: Conn, row: Row) -> Case:
    """As it was before anybody decided it: what was reported, by whom, and what was on record by then."""
    decided = [Decision.of(one) for one in await store.decisions(conn, [row["id"]])]
    first = min((one.decided_at for one in decided), default=None)
    told = [Report.of(one) for one in await store.reports_in(conn, row["id"])]
    kept = [Snapshot(one) for one in await store.snapshots(conn, [row["id"]])]
    past = [Decision.of(one) for one in await store.decisions_about(conn, row["account_id"])]
    people = await _people(conn, [row], {one.reporter_id for one in told if one.reporter_id})
    if kept:
        people[row["account_id"]] = kept[0].author  # whose standing may tell by now how it was decided
    earlier = [one for one in await strikes(conn, row["account_id"]) if first is not None and one.decided_at < first]
    undecided = _summary(row, people)
    return Case(
        summary=msgspec.structs.replace(undecided, state="open", assigned_to=None, decided_at=None, due_at=None),
        reports=[msgspec.structs.replace(one, decided_at=None, assigned_to=None) for one in told],
        snapshots=kept,
        events=[one for one in await log.entries(conn, row["id"]) if one.kind in _BEFORE_DECIDING],
        decisions=[],
        past=[one for one in past if one.case_id != row["id"] and first is not None and one.decided_at < first],
        people=people,
        strikes=earlier,
        proposed=proposed(len(earlier)),
        may_decide=False,
        blind=True,
    )


async def find_reports(
    conn: Conn,
    by: Caller,
    page: Page,
    *,
    resolved: bool = False,
    reporter_id: int | None = None,
    account_id: int | None = None,
) -> list[Report]:
    """Single reports, newest first, for clients that know no cases."""
    rules.check_staff(by)
    rows = await store.reports(
        conn,
        page,
        resolved=resolved,
        reporter_id=reporter_id,
        account_id=account_id,
        not_about=by.id,
        hidden=await store.to_review(conn, by.id),
    )
    return page.newest_first([Report.of(row) for row in rows])


async def find_report(conn: Conn, by: Caller, report_id: int) -> Report:
    rules.check_staff(by)
    row = await store.report(conn, report_id)
    if row is None:
        raise NotFound
    if row["account_id"] == by.id:
        raise Forbidden
    await check_not_blind(conn, by, row["case_id"])
    return Report.of(row)


async def assign(conn: Conn, by: Caller, case_id: int, to: int | None) -> None:
    """Give a case to a moderator; None: hand it back."""
    await in_hand(conn, by, case_id)
    if to is not None and await store.role(conn, to) == "member":
        raise NotFound
    await store.lock_case(conn, case_id)
    await store.update_case(conn, case_id, assigned_to=to, leased_until=None)
    await log.append(conn, case_id, by.id, "assigned" if to else "unassigned", {"to": to})


async def note(conn: Conn, by: Caller, case_id: int, words: str) -> None:
    """A note for the other moderators."""
    await in_hand(conn, by, case_id)
    await log.append(conn, case_id, by.id, "noted", {"words": rules.check_words("note", clean(words))})


async def recategorise(conn: Conn, by: Caller, report_id: int, category: str, rule_ids: list[int]) -> None:
    """Put a report right that was filed under the wrong heading."""
    report = await find_report(conn, by, report_id)
    rules.check_category(category)
    await reports.check_rules(conn, rule_ids)
    await store.lock_case(conn, report.case_id)
    await store.update_report(conn, report.case_id, report_id, category, rule_ids)
    await reports.sum_up(conn, report.case_id)
    noted = {"report": report_id, "category": category, "rule_ids": rule_ids}
    await log.append(conn, report.case_id, by.id, "recategorised", noted)
    await events.record(conn, CaseChanged(report.case_id))


async def reopen(conn: Conn, by: Caller, case_id: int) -> None:
    """Open a decided case for another decision; the one before stands until it is undone."""
    await in_hand(conn, by, case_id)
    row = await store.lock_case(conn, case_id)
    if row is None or row["state"] == "open":
        return
    rules.check_not_open(None, await store.appealed(conn, case_id))
    await open_again(conn, row, by.id)


async def open_again(conn: Conn, case: Row, actor_id: int | None) -> None:
    """`actor_id` None: the network itself."""
    subjects = sorted({one["post_id"] for one in await store.snapshots(conn, [case["id"]])})
    await store.claim_subjects(conn, case["account_id"], subjects, case["id"])
    await store.update_case(conn, case["id"], state="open", decided_at=None, erased_at=None)
    await log.append(conn, case["id"], actor_id, "reopened", {})
    await events.record(conn, CaseChanged(case["id"]))


async def check_file(conn: Conn, by: Caller, case_id: int, key: str) -> None:
    """Whether a moderator may see this kept file. Raises NotFound."""
    await for_staff(conn, by, case_id)
    if not await erase.is_held(conn, case_id, key):
        raise NotFound


async def in_hand(conn: Conn, by: Caller, case_id: int) -> Row:
    """As `for_staff`, for what would tell a blind reviewer how the case was decided: Forbidden for him."""
    row = await for_staff(conn, by, case_id)
    await check_not_blind(conn, by, case_id)
    return row


async def check_not_blind(conn: Conn, by: Caller, case_id: int) -> None:
    """Raises Forbidden for who is to judge the case again without seeing how it was decided."""
    if case_id in await store.to_review(conn, by.id):
        raise Forbidden("You are to judge this case again first, without seeing how it was decided", code="blind")


async def for_staff(conn: Conn, by: Caller, case_id: int) -> Row:
    """The case's row. Raises NotFound; Forbidden for who is no moderator, or the one it is about."""
    rules.check_staff(by)
    row = await store.case(conn, case_id)
    if row is None:
        raise NotFound
    if row["account_id"] == by.id:
        raise Forbidden("This case is about you: the other moderators have it", code="own_case")
    return row


async def _people(conn: Conn, rows: Iterable[Row], more: Iterable[int] = ()) -> dict[int, AccountView]:
    named = {row[name] for row in rows for name in ("account_id", "assigned_to") if row[name]}
    return await accounts.look(conn, named | set(more))


def _summary(row: Row, people: dict[int, AccountView]) -> Summary:
    return Summary(
        id=row["id"],
        state=row["state"],
        account=people[row["account_id"]],
        categories=row["categories"],
        reports=row["reports"],
        excerpt=row["excerpt"],
        sources=row["sources"],
        severity=row["severity"],
        lane=row["lane"],
        due_at=row["due_at"],
        assigned_to=people.get(row["assigned_to"] or 0),
        opened_at=row["opened_at"],
        decided_at=row["decided_at"],
    )


async def kept_in(conn: Conn, case_ids: Iterable[int]) -> dict[tuple[int, int], PostView]:
    """(case id, post id) -> the post as it was when last reported there. For the staff alone."""
    found = [Snapshot(row) for row in await store.snapshots(conn, list(case_ids))]
    return {(one.case_id, one.post_id): one.post for one in found if one.post and one.post_id}


async def deciders(conn: Conn, case_ids: Iterable[int]) -> dict[int, int]:
    """Case id -> who decided it last, where that decision stands."""
    rows = await store.decisions(conn, list(case_ids))
    return {row["case_id"]: row["moderator_id"] for row in rows if row["undone_at"] is None}


async def laws_cited(conn: Conn, by: Caller) -> list[str]:
    """The provisions that decisions here relied on, the most cited first."""
    rules.check_staff(by)
    return await store.laws_cited(conn, 30)


async def cited(conn: Conn, rule_ids: Iterable[int]) -> list[Rule]:
    """Rules, retired ones too: old reports and decisions cite them."""
    rows = await store.rules_cited(conn, list(rule_ids))
    return [Rule(row["id"], row["text"], row["hint"]) for row in rows]
