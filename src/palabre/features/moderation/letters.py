"""Letters: what a decision, or its undoing, says to the people concerned. Composed from the record when read."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.duties import duty
from palabre.base.errors import NotFound
from palabre.features import accounts
from palabre.features.accounts import AccountView
from palabre.features.accounts.events import AccountDeleted
from palabre.features.instance import Rule
from palabre.features.moderation import store
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.snapshot import Snapshot


class Letter(msgspec.Struct, frozen=True):
    """`kind`: written to the author of what was reported, or to a reporter. `undoing`: the decision was taken back.

    `words` is an English source string: translate it, then fill in `%(acct)s` from `params`.
    `reason`: the moderators' own words, in whatever language they wrote. `kept`: the posts it is about, as they were.
    """

    id: int
    case_id: int
    decision_id: int
    kind: str
    action: str
    warning: str
    undoing: bool
    words: str
    params: dict[str, str]
    reason: str
    rules: list[Rule]
    about: AccountView
    kept: list[Snapshot]
    created_at: datetime
    read_at: datetime | None


async def letters(conn: Conn, account_id: int, limit: int = 50) -> list[Letter]:
    """An account's letters, newest first."""
    return await _compose(conn, await store.letters(conn, account_id, None, limit))


async def letter(conn: Conn, account_id: int, letter_id: int) -> Letter:
    """One of an account's letters. Raises NotFound."""
    found = await _compose(conn, await store.letters(conn, account_id, letter_id, 1))
    if not found:
        raise NotFound
    return found[0]


@duty
async def forget_letters(conn: Conn, event: AccountDeleted) -> None:
    """Nobody reads these letters any more; the decisions they tell of are kept."""
    await store.forget_letters(conn, event.account_id)


async def mark_read(conn: Conn, account_id: int, letter_ids: Sequence[int]) -> None:
    await store.mark_read(conn, account_id, letter_ids, clock.now())


async def count_unread(conn: Conn, account_id: int) -> int:
    return await store.count_unread(conn, account_id)


async def _compose(conn: Conn, rows: list[Row]) -> list[Letter]:
    about = await accounts.look(conn, {row["about_id"] for row in rows})
    cited = {
        row["id"]: Rule(row["id"], row["text"], row["hint"])
        for row in await store.rules_cited(conn, list({rule_id for row in rows for rule_id in row["rule_ids"]}))
    }
    kept = [Snapshot(row) for row in await store.snapshots(conn, list({row["case_id"] for row in rows}))]
    return [
        Letter(
            id=row["id"],
            case_id=row["case_id"],
            decision_id=row["decision_id"],
            kind=row["kind"],
            action=row["action"],
            warning=ACTIONS[row["action"]].warning,
            undoing=row["undoing"],
            words=_words(row),
            params={"acct": about[row["about_id"]].public.acct},
            reason=_reason(row),
            rules=[cited[rule_id] for rule_id in row["rule_ids"] if rule_id in cited],
            about=about[row["about_id"]],
            kept=[one for one in kept if one.case_id == row["case_id"] and _concerns(row, one)],
            created_at=row["created_at"],
            read_at=row["read_at"],
        )
        for row in rows
    ]


def _words(row: Row) -> str:
    action = ACTIONS[row["action"]]
    if row["kind"] == "author":
        return (action.undone_to_author if row["undoing"] else action.to_author) or ""
    return action.undone_to_reporter if row["undoing"] else action.to_reporter


def _reason(row: Row) -> str:
    if row["undoing"]:
        return str(row["undone_reason"] or "")
    return str(row["answer"] or row["reason"]) if row["kind"] == "reporter" else str(row["reason"])


def _concerns(row: Row, kept: Snapshot) -> bool:
    """Authors read their own posts again that the decision is about; reporters know what they reported."""
    return row["kind"] == "author" and kept.post_id in row["post_ids"]
