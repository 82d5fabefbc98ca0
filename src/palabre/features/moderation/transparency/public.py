"""The public log: what everybody may know of each decision. Entries are written once, as the log is sealed.

Nothing in it names anybody: no text of members or moderators, no ids of accounts, posts or cases; the hour is the finest time.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from palabre.base import signing
from palabre.base.db import Conn
from palabre.features.moderation.actions import ACTIONS
from palabre.features.moderation.canonical import canonical
from palabre.features.moderation.log import Entry, Head, Seal
from palabre.features.moderation.transparency import store
from palabre.features.moderation.transparency.entry import PublicEntry
from palabre.features.moderation.transparency.scan import clean
from palabre.features.moderation.transparency.tally import about_decision

#: What happened to a decision later -> the fields of the log's entry that everybody may read, where they are there.
_LATER: dict[str, tuple[str, ...]] = {
    "undone": (),
    "expired": (),
    "overturned": (),
    "appealed": ("side",),
    "appeal_decided": ("outcome",),
    "appeal_withdrawn": (),
    "sent_to_jury": (),
    "jury_called": (),
    "jury_closed": ("outcome", "votes"),
    "panel_closed": ("outcome", "votes"),
    "reviewed": ("same_action", "same_direction"),
}
_SEEN = ("reviewed", "review_lapsed")
PAGE = 100
_WORD = re.compile(r"[a-z][a-z_]{0,39}")


async def publish(conn: Conn, seal: Seal, heads: list[Head], signer: signing.Signer) -> None:
    """Done with each new seal: what it covers and everybody may know is written into the public log."""
    logs = await store.logs(conn, [head.case_id for head in heads])
    for head in heads:
        entries = logs.get(head.case_id, [])[: head.entries]
        if blind(entries):
            continue
        first = 0 if any(entry.kind == "review_drawn" for entry in entries) else head.before
        for seq, one in derive(head.case_id, entries, seal.seq, signer):
            if seq > first:
                month, text = one.at.date().replace(day=1), canonical(one.entry)
                await store.insert_public(conn, month, one.id, one.at, one.seal, head.case_id, seq, one.refers_to, text)


def blind(entries: Sequence[Entry]) -> bool:
    """Whether somebody is to judge this case again without knowing how it was decided: until then nothing of it is
    published. The entry that ends this is sealed too, and brings the rest.
    """
    waiting = {entry.data["decision_id"] for entry in entries if entry.kind == "review_drawn"}
    return bool(waiting - {entry.data["decision_id"] for entry in entries if entry.kind in _SEEN})


def derive(case_id: int, log: Sequence[Entry], seal: int, signer: signing.Signer) -> list[tuple[int, PublicEntry]]:
    """(number of the entry in the case's log, what is published of it): always the same from the same log."""
    found: list[tuple[int, PublicEntry]] = []
    decisions: dict[Any, str] = {}
    opened: datetime | None = None
    last: str | None = None
    for entry in log:
        public_id = signer.pseudonym("public log", case_id, entry.seq)
        hour = entry.at.replace(minute=0, second=0, microsecond=0)
        if entry.kind == "reopened" or opened is None:
            opened = entry.at
        if entry.kind == "decided":
            known = {"kind": "decided", **_decision(entry), "hours": _hours(opened, entry.at)}
            decisions[entry.data.get("decision")] = last = public_id
            found.append((entry.seq, PublicEntry(public_id, hour, seal, None, known)))
        elif entry.kind in _LATER:
            about = decisions.get(about_decision(entry.data), last)
            known = {"kind": entry.kind} | {
                name: entry.data[name] for name in _LATER[entry.kind] if _harmless(entry.data.get(name))
            }
            found.append((entry.seq, PublicEntry(public_id, hour, seal, about, known)))
    return found


def _decision(entry: Entry) -> dict[str, Any]:
    data = entry.data
    action = str(data.get("action", ""))
    until, law = data.get("expires_at"), str(data.get("law") or "")
    return {
        "action": action,
        "scope": ACTIONS[action].subject if action in ACTIONS else "account",
        "posts": len(data.get("post_ids") or []),
        "duration_hours": _hours(entry.at, datetime.fromisoformat(until)) if isinstance(until, str) else None,
        "rules": [str(rule_id) for rule_id in data.get("rule_ids") or []],
        "rules_version": data.get("policy_version", 0),
        "law": law if clean(law) else "",
        "law_withheld": not clean(law),
        "sources": list(data.get("sources") or ["member"]),
        "detected": data.get("detected", "people"),
        "decided_by": data.get("decided_by", "moderator"),
    }


def _harmless(value: object) -> bool:
    """Words of a fixed list, numbers and counts of such; never free text."""
    if isinstance(value, dict):
        return all(_harmless(key) and isinstance(count, int) for key, count in value.items())
    return isinstance(value, bool | int) or (isinstance(value, str) and bool(_WORD.fullmatch(value)))


def _hours(start: datetime, end: datetime) -> float:
    return round((end - start).total_seconds() / 3600, 1)


async def months(conn: Conn) -> list[date]:
    """The months there are entries of, the newest first."""
    return [row["month"] for row in await store.public_months(conn)]


async def entries_of(conn: Conn, month: date, before: str | None = None, limit: int = PAGE) -> list[PublicEntry]:
    """The newest first. `before`: go on after this one."""
    return [_entry(row) for row in await store.public_of_month(conn, month, before, limit)]


async def latest(conn: Conn, limit: int = 50) -> list[PublicEntry]:
    return [_entry(row) for row in await store.public_latest(conn, limit)]


def _entry(row: Any) -> PublicEntry:
    return PublicEntry(row["id"], row["at"], row["seal"], row["refers_to"], msgspec.json.decode(row["entry"]))
