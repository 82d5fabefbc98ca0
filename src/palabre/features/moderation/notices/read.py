"""A notice as it stands: each line with what it points to, its case and its answer."""

from datetime import date, datetime

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.errors import Forbidden, NotFound
from palabre.base.paging import Page
from palabre.features import accounts
from palabre.features.accounts import AccountView, Caller
from palabre.features.moderation import store as core
from palabre.features.moderation.actions import ACTIONS, N_
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.notices import store
from palabre.features.moderation.notices.secret import by_secret
from palabre.features.moderation.rules import check_staff

#: Why a line was not brought before the moderators, in words for its sender.
PROBLEMS = {
    "malformed": N_("This is no address that can be read."),
    "elsewhere": N_("This address belongs to another network. We have no power over what is published there."),
    "not_found": N_("Nothing is to be found at this address."),
    "deleted": N_("This was deleted by its author before your notice arrived, and no copy was kept."),
    "hidden": N_("This is not shown to anybody any more."),
    "own": N_("This is your own. You can delete it yourself."),
    "refused": N_("This could not be taken up as it stands. A moderator will look at it if you write to us."),
}
UNTOUCHED = N_("We looked at this and found no reason to act.")


class Item(msgspec.Struct, frozen=True):
    """One line. `state`: waiting, received, looking, decided, undone or answered (without a case).

    `words`: the answer as an English source string to translate, then fill in from `params`; `reason`: the moderators'
    own words.
    """

    line: int
    url: str
    comment: str
    state: str
    problem: str
    remarks: list[str]
    account: AccountView | None
    post_id: int | None
    case_id: int | None
    decision: Decision | None
    words: str
    params: dict[str, str]
    reason: str
    answered_at: datetime | None

    @property
    def answered(self) -> bool:
        return self.state in ("decided", "undone", "answered")


class Notice(msgspec.Struct, frozen=True):
    id: int
    secret: str
    source: str
    sender: str
    notifier_id: int | None
    member_id: int | None
    name: str
    email: str
    locale: str
    category: str
    law: str
    explanation: str
    reference: str
    issued_on: date | None
    items: int
    unanswered: int
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    told_at: datetime | None
    lines: list[Item] = []

    @classmethod
    def of(cls, row: Row, lines: list[Item] | None = None) -> "Notice":
        names = [name for name in cls.__struct_fields__ if name != "lines"]
        return cls(**{name: row[name] for name in names}, lines=lines or [])


async def status(conn: Conn, secret: str) -> Notice:
    """What the sender reads under his secret link. Raises NotFound."""
    row = await by_secret(conn, secret)
    return Notice.of(row, await lines(conn, row["id"]))


async def notice(conn: Conn, by: Caller, notice_id: int) -> Notice:
    """For the staff. Raises NotFound; Forbidden where it is about the moderator himself."""
    row = await for_staff(conn, by, notice_id)
    return Notice.of(row, await lines(conn, notice_id))


async def whole(conn: Conn, notice_id: int) -> Notice:
    """For the network itself: mail, the command line."""
    row = await store.notice(conn, notice_id)
    if row is None:
        raise NotFound
    return Notice.of(row, await lines(conn, notice_id))


async def waiting(conn: Conn, by: Caller, source: str | None = None, limit: int = 200) -> list[Notice]:
    """Those still to be answered, overdue ones first, then those due soonest."""
    check_staff(by)
    rows = await store.open_notices(conn, source, limit, not_about=await _kept_from(conn, by))
    return [Notice.of(row) for row in rows]


async def closed(conn: Conn, by: Caller, page: Page, source: str | None = None) -> list[Notice]:
    """Those answered, the latest first."""
    check_staff(by)
    rows = await store.closed_notices(conn, source, page, not_about=await _kept_from(conn, by))
    return page.newest_first([Notice.of(row) for row in rows])


async def named(conn: Conn, by: Caller, notice_ids: set[int]) -> dict[int, Notice]:
    """Several at once, without their lines: for saying where a report came from."""
    check_staff(by)
    rows = await store.named(conn, sorted(notice_ids), not_about=await _kept_from(conn, by))
    return {row["id"]: Notice.of(row) for row in rows}


async def original(conn: Conn, by: Caller, notice_id: int) -> tuple[str, bytes]:
    """The file's name and content as they came in. Raises NotFound where it did not come as a file."""
    await for_staff(conn, by, notice_id)
    row = await store.file(conn, notice_id)
    if row is None:
        raise NotFound
    return row["name"], row["content"]


async def for_staff(conn: Conn, by: Caller, notice_id: int) -> Row:
    """Its row. Raises NotFound; Forbidden for who is no moderator, or whom it is about."""
    check_staff(by)
    row = await store.notice(conn, notice_id)
    if row is None:
        raise NotFound
    if not await store.named(conn, [notice_id], not_about=await _kept_from(conn, by)):
        raise Forbidden("This notice is about you: the other moderators have it", code="own_case")
    return row


async def _kept_from(conn: Conn, by: Caller) -> int:
    """About whom notices are kept from this moderator: himself, as long as there is another one to answer them."""
    return by.id if set(await core.staff(conn)) - {by.id} else 0


async def file(conn: Conn, notice_id: int) -> tuple[str, bytes] | None:
    """For the network itself: as `original`."""
    row = await store.file(conn, notice_id)
    return (row["name"], row["content"]) if row else None


async def has_original(conn: Conn, notice_id: int) -> bool:
    return await store.has_file(conn, notice_id)


async def lines(conn: Conn, notice_id: int) -> list[Item]:
    rows = await store.items(conn, notice_id)
    case_ids = sorted({row["case_id"] for row in rows if row["case_id"]})
    decisions = {row["id"]: Decision.of(row) for row in await core.decisions(conn, case_ids)}
    assigned = await store.assigned_cases(conn, case_ids)
    people = await accounts.look(conn, {row["account_id"] for row in rows if row["account_id"]})
    return [
        _item(
            row, decisions.get(row["decision_id"] or 0), people.get(row["account_id"] or 0), row["case_id"] in assigned
        )
        for row in rows
    ]


def _item(row: Row, decision: Decision | None, account: AccountView | None, looking: bool) -> Item:
    words, reason = _answer(row, decision)
    return Item(
        line=row["line"],
        url=row["url"],
        comment=row["comment"],
        state=_state(row, decision, looking),
        problem=row["problem"],
        remarks=row["remarks"],
        account=account,
        post_id=row["post_id"],
        case_id=row["case_id"],
        decision=decision,
        words=words,
        params={"acct": account.public.acct if account else "?"},
        reason=reason,
        answered_at=row["answered_at"],
    )


def _state(row: Row, decision: Decision | None, looking: bool) -> str:
    if row["state"] == "answered":
        return "answered" if decision is None else "decided" if decision.stands else "undone"
    if row["state"] == "filed":
        return "looking" if looking else "received"
    return "waiting"


def _answer(row: Row, decision: Decision | None) -> tuple[str, str]:
    if row["answer"]:
        return "", row["answer"]
    if decision is None:
        return PROBLEMS.get(row["problem"], ""), ""
    action = ACTIONS[decision.action]
    if not decision.stands:
        return action.undone_to_reporter, decision.undone_reason or ""
    if action.subject == "posts" and row["post_id"] not in decision.post_ids:
        return UNTOUCHED, decision.answer or decision.reason
    return action.to_reporter, decision.answer or decision.reason
