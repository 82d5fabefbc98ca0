"""What everybody may know of the community, and how its owner changes it."""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre import settings
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.base.live import say
from palabre.features.instance import store

TOPIC = "instance"
_STRICTER = ("open", "approval", "invite", "closed")
_KEEP = 2.0  # seconds that a process may show an older answer


class Rule(msgspec.Struct, frozen=True):
    id: int
    text: str
    hint: str = ""


class Instance(msgspec.Struct, frozen=True):
    """`registration`: open, approval, invite or closed, as it is now; `chosen`: as the owner wants it. `brake`: approval or
    closed while the moderators are away. `terms_version` 0: no terms written yet. `privacy`: the notice in Markdown; empty:
    the one built in.
    """

    name: str = "Palabre"
    description: str = "A place to talk."
    languages: tuple[str, ...] = ("en", "fr")
    registration: str = "approval"
    chosen: str = "approval"
    brake: str = ""
    contact_email: str = ""
    contact_account_id: int | None = None
    set_up: bool = False
    privacy: str = ""
    rules: tuple[Rule, ...] = ()
    terms_version: int = 0


_cached: tuple[float, Instance] | None = None


async def about(conn: Conn, *, fresh: bool = False) -> Instance:
    """The community's public face; at most two seconds old unless `fresh`."""
    global _cached
    if fresh or _cached is None or time.monotonic() - _cached[0] > _KEEP:
        _cached = (time.monotonic(), await _load(conn))
    return _cached[1]


def forget() -> None:
    """Drop this process's cached answer."""
    global _cached
    _cached = None


async def _load(conn: Conn) -> Instance:
    values: dict[str, Any] = await store.settings(conn)
    forced = settings.current().registration
    chosen = values["chosen"] = forced or values.get("registration", "approval")
    values["registration"] = max(chosen, values.get("brake") or chosen, key=_STRICTER.index)
    rules = tuple(Rule(row["id"], row["text"], row["hint"]) for row in await store.rules(conn))
    version = await store.terms_version(conn)
    return msgspec.convert({**values, "rules": rules, "terms_version": version}, Instance)


async def configure(conn: Conn, by: int, **changes: object) -> None:
    """Change name, description, languages, registration, contact_email, contact_account_id, privacy or set_up.

    Raises Refused for a value that doesn't fit.
    """
    problems = {"name": (1, 100), "description": (0, 5_000), "privacy": (0, 50_000)}
    for field, (least, most) in problems.items():
        if field in changes and not least <= len(str(changes[field]).strip()) <= most:
            raise Refused(f"must have between {least} and {most} characters", field=field)
    if changes.get("registration", "open") not in _STRICTER:
        raise Refused("must be open, approval, invite or closed", field="registration")
    for name, value in changes.items():
        await store.put(conn, name, value, by)
    _changed(conn)


async def brake(conn: Conn, mode: str) -> bool:
    """While the moderators are away: approval or closed; empty: no longer. Whether that is news."""
    news = await store.change(conn, "brake", mode)
    _changed(conn)
    return news


async def set_rules(conn: Conn, rules: Sequence[Rule]) -> None:
    """Replace the list of rules. Those with a known id keep it (old decisions cite them); the missing are retired."""
    if len(rules) > 50 or any(not rule.text.strip() or len(rule.text) > 1_000 for rule in rules):
        raise Refused("at most 50 rules of 1 to 1,000 characters", field="rules")
    await store.replace_rules(conn, [(rule.id, rule.text.strip(), rule.hint.strip()) for rule in rules])
    _changed(conn)


async def set_terms(conn: Conn, text: str) -> int:
    """A new version of the terms; its number. Earlier ones are kept, since members accepted them."""
    version = await store.add_terms(conn, text)
    _changed(conn)
    return version


async def terms_text(conn: Conn, version: int | None = None) -> str:
    return await store.terms_text(conn, version)


class Terms(msgspec.Struct, frozen=True):
    version: int
    text: str
    since: datetime


async def terms(conn: Conn, version: int | None = None) -> Terms | None:
    """The terms in force, or those of an earlier version."""
    row = await store.terms(conn, version)
    return Terms(row["version"], row["text"], row["created_at"]) if row else None


async def is_set_up(conn: Conn) -> bool:
    return (await about(conn)).set_up


def _changed(conn: Conn) -> None:
    forget()
    conn.after_commit(forget)
    say(conn, TOPIC)
