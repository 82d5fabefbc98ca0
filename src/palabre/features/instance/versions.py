"""The rules and the terms as they stood: every version is kept, since decisions cite them and members accepted them."""

import difflib
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

import msgspec

from palabre.base import clock
from palabre.base.db import Conn, Row
from palabre.features.instance import store
from palabre.features.instance.shapes import Rule


class RuleVersion(msgspec.Struct, frozen=True):
    version: int
    since: datetime
    rules: tuple[Rule, ...]


class Terms(msgspec.Struct, frozen=True):
    """`summary`: what changed, in the owner's words. `since`: when it was written; it binds from `applies_at` on."""

    version: int
    text: str
    since: datetime
    applies_at: datetime
    summary: str = ""


class Change(NamedTuple):
    """A line that was kept, added or removed."""

    kind: Literal["kept", "added", "removed"]
    text: str


async def rule_versions(conn: Conn) -> list[RuleVersion]:
    """The newest first."""
    rows = await store.rule_versions(conn)
    return [
        RuleVersion(row["version"], row["created_at"], msgspec.convert(row["rules"], tuple[Rule, ...])) for row in rows
    ]


async def keep_rules(conn: Conn, by: int | None) -> None:
    """Write the rules down as a version of their own, if they differ from the last."""
    now = [{"id": row["id"], "text": row["text"], "hint": row["hint"]} for row in await store.rules(conn)]
    last = await store.newest_rule_version(conn)
    if (last["rules"] if last else []) != now:
        await store.add_rule_version(conn, now, by, clock.now())


async def terms(conn: Conn, version: int | None = None) -> Terms | None:
    """The terms in force, or those of a certain version."""
    row = await (store.terms_in_force(conn, clock.now()) if version is None else store.terms(conn, version))
    return _terms(row) if row else None


async def newest_terms(conn: Conn) -> Terms | None:
    """The last version written, which may only be announced as yet."""
    row = await store.newest_terms(conn)
    return _terms(row) if row else None


async def terms_versions(conn: Conn) -> list[Terms]:
    """The newest first."""
    return [_terms(row) for row in await store.all_terms(conn)]


async def add_terms(conn: Conn, text: str, summary: str, days: int) -> int:
    """A further version, binding in `days`; the first one binds at once. Its number."""
    at = clock.now()
    first = await store.newest_terms(conn) is None
    return await store.add_terms(conn, text, summary, at, at if first else at + timedelta(days=days))


def changes(before: str, after: str) -> list[Change]:
    """Line by line, what became of a text."""
    found: list[Change] = []
    old, new = before.splitlines(), after.splitlines()
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [Change("kept", line) for line in old[a:b]]
        else:
            found += [Change("removed", line) for line in old[a:b]]
            found += [Change("added", line) for line in new[c:d]]
    return found


def as_text(rules: tuple[Rule, ...]) -> str:
    """Rules as lines, for comparing versions."""
    return "\n".join(line for rule in rules for line in (rule.text, rule.hint) if line)


def _terms(row: Row) -> Terms:
    return Terms(row["version"], row["text"], row["created_at"], row["applies_at"], row["summary"])
