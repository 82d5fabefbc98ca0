"""Letters: what a decision, or its undoing, says to the people concerned. Composed from the record when read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.base.duties import duty
from palabre.base.errors import NotFound
from palabre.features import accounts, instance
from palabre.features.accounts import AccountView, tokens
from palabre.features.accounts.events import AccountDeleted
from palabre.features.instance import Rule
from palabre.features.moderation import statement, store
from palabre.features.moderation.actions import ACTIONS, N_, Action
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.snapshot import Snapshot
from palabre.features.moderation.statement import APPEAL, Body, Statement

_ABOUT_APPEALS = {
    "appeal": N_("Your appeal was heard by somebody else than before: the decision stands."),
    "question": N_("Whoever judges your appeal asks you something. Please answer on the page of your appeals."),
}


class Letter(msgspec.Struct, frozen=True):
    """`kind`: written to the author of what was reported, to a reporter, or about an appeal: to answer one that was
    turned down, to ask something. `undoing`: the decision was taken back.

    `words` is an English source string: translate it, then fill in `%(acct)s` from `params`.
    `reason`: the moderators' own words, in whatever language they wrote. `kept`: the posts it is about, as they were: authors
    read their own again, reporters know what they reported. `statement`: the reasons in full, to the author of a decision that
    was taken. `expires_at`: when it ends by itself.
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
    appeal_until: datetime
    statement: Statement | None
    expires_at: datetime | None
    out_of_court: list[Body] = []
    to_id: int = 0


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


async def open_link(conn: Conn, account_id: int, letter_id: int) -> str:
    """The path of a page that shows this letter to whoever has the address; the one before opens it no more."""
    secret = tokens.make(account_id)
    await store.keep_secret(conn, account_id, letter_id, tokens.digest(secret), clock.now() + APPEAL)
    return f"/statement/{secret}"


async def by_secret(conn: Conn, secret: str) -> tuple[int, Letter]:
    """Whose letter a secret link opens, and the letter. Raises NotFound for one that is unknown or too old."""
    account_id = tokens.account_of(secret)
    found = account_id and await store.letter_by_secret(conn, account_id, tokens.digest(secret), clock.now())
    if not account_id or not found:
        raise NotFound
    return account_id, await letter(conn, account_id, found)


async def preview(conn: Conn, decision: Decision) -> tuple[Letter | None, Letter]:
    """The letters that a decision would send: to the author, if to him at all, and to those who reported."""
    written = [
        {"letter_id": 0, "kind": kind, "undoing": False, "created_at": decision.decided_at, "read_at": None}
        for kind in ("author", "reporter")
    ]
    author, reporter = await _write(conn, [(one, decision) for one in written])
    return author if ACTIONS[decision.action].to_author else None, reporter


async def _compose(conn: Conn, rows: list[Row]) -> list[Letter]:
    return await _write(conn, [(dict(row), Decision.of(row)) for row in rows])


async def _write(conn: Conn, wanted: Sequence[tuple[Mapping[str, Any], Decision]]) -> list[Letter]:
    about = await accounts.look(conn, {decision.account_id for _, decision in wanted})
    cited = await _cited(conn, [decision for _, decision in wanted])
    kept = [Snapshot(row) for row in await store.snapshots(conn, list({decision.case_id for _, decision in wanted}))]
    bodies = [Body(one.name, one.url) for one in (await instance.about(conn)).out_of_court]
    return [_letter(row, decision, about[decision.account_id], cited, kept, bodies) for row, decision in wanted]


async def _cited(conn: Conn, decisions: Sequence[Decision]) -> dict[int, str]:
    """For decisions from before rules were quoted in them."""
    rule_ids = {rule_id for one in decisions if not one.rule_texts for rule_id in one.rule_ids}
    return {row["id"]: row["text"] for row in await store.rules_cited(conn, list(rule_ids))}


def _letter(
    row: Mapping[str, Any],
    decision: Decision,
    about: AccountView,
    cited: Mapping[int, str],
    kept: Sequence[Snapshot],
    bodies: Sequence[Body],
) -> Letter:
    to_author, undoing = row["kind"] == "author", row["undoing"]
    texts = decision.rule_texts or [cited[rule_id] for rule_id in decision.rule_ids if rule_id in cited]
    mine = [one for one in kept if to_author and one.case_id == decision.case_id and one.post_id in decision.post_ids]
    return Letter(
        id=row["letter_id"],
        case_id=decision.case_id,
        decision_id=decision.id,
        kind=row["kind"],
        action=decision.action,
        warning=ACTIONS[decision.action].warning,
        undoing=undoing,
        words=_ABOUT_APPEALS.get(row["kind"]) or _words(ACTIONS[decision.action], to_author, undoing),
        params={"acct": about.public.acct},
        reason=row["reply"] or "" if row["kind"] == "appeal" else _reason(decision, to_author, undoing, row["kind"]),
        rules=[Rule(rule_id, text) for rule_id, text in zip(decision.rule_ids, texts, strict=False)],
        about=about,
        kept=mine,
        created_at=row["created_at"],
        read_at=row["read_at"],
        appeal_until=decision.decided_at + APPEAL,
        statement=statement.compose(decision, texts, mine, bodies) if to_author and not undoing else None,
        expires_at=None if undoing else decision.expires_at,
        out_of_court=list(bodies),
        to_id=row.get("to_id", 0),
    )


def _words(action: Action, to_author: bool, undoing: bool) -> str:
    if to_author:
        return (action.undone_to_author if undoing else action.to_author) or ""
    return action.undone_to_reporter if undoing else action.to_reporter


def _reason(decision: Decision, to_author: bool, undoing: bool, kind: str) -> str:
    if kind == "question":
        return ""
    if undoing:
        return decision.undone_reason or ""
    return decision.reason if to_author else decision.answer or decision.reason
