"""What everybody may know of the community, and how its owner changes it."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import msgspec

from palabre import settings
from palabre.base import clock, events
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.base.live import live, say
from palabre.features.instance import store, versions
from palabre.features.instance.events import TermsAnnounced
from palabre.features.instance.shapes import Contacts, End, Instance, Rule

TOPIC = "instance"
TERMS_NOTICE = 14  # days
_STRICTER = ("open", "approval", "invite", "closed")
_KEEP = 2.0  # seconds that a process may show an older answer


_cached: tuple[float, Instance] | None = None


async def about(conn: Conn, *, fresh: bool = False) -> Instance:
    """The community's public face; at most two seconds old unless `fresh`, should news of a change get lost."""
    global _cached
    if fresh or _cached is None or time.monotonic() - _cached[0] > _KEEP:
        _cached = (time.monotonic(), await _load(conn))
    return _cached[1]


def forget() -> None:
    """Drop this process's cached answer."""
    global _cached
    _cached = None


async def keep_fresh() -> None:
    """For as long as the process runs: forget the answer when another process changes something."""
    async with live.listen(TOPIC, backlog=1) as news:
        while True:
            await news.get()
            forget()
            await asyncio.sleep(0)


async def _load(conn: Conn) -> Instance:
    values: dict[str, Any] = await store.settings(conn)
    values["end"] = values.get("end") or None
    forced = settings.current().registration
    chosen = values["chosen"] = forced or values.get("registration", "approval")
    held_back = values.get("brake") or chosen, "closed" if values["end"] else chosen
    values["registration"] = max(chosen, *held_back, key=_STRICTER.index)
    rules = tuple(Rule(row["id"], row["text"], row["hint"]) for row in await store.rules(conn))
    in_force, newest = await store.terms_in_force(conn, clock.now()), await store.newest_terms(conn)
    more: dict[str, Any] = {
        "rules": rules,
        "rules_version": await store.rules_version(conn),
        "terms_version": newest["version"] if newest else 0,
        "terms_in_force": in_force["version"] if in_force else 0,
        "terms_from": newest["applies_at"] if newest else None,
        "terms_summary": newest["summary"] if newest else "",
    }
    return msgspec.convert(values | more, Instance)


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


async def set_end(conn: Conn, end: End | None) -> None:
    """Say when the community closes for good; nobody joins it from now on. None: it goes on after all."""
    await store.change(conn, "end", msgspec.to_builtins(end) if end else {})
    _changed(conn)


async def set_rules(conn: Conn, rules: Sequence[Rule], by: int | None = None) -> None:
    """Replace the list of rules: a new version. Those with a known id keep it; the missing are retired."""
    if len(rules) > 50 or any(not rule.text.strip() or len(rule.text) > 1_000 for rule in rules):
        raise Refused("at most 50 rules of 1 to 1,000 characters", field="rules")
    await store.replace_rules(conn, [(rule.id, rule.text.strip(), rule.hint.strip()) for rule in rules])
    await versions.keep_rules(conn, by)
    _changed(conn)


async def set_contacts(conn: Conn, by: int, contacts: Contacts) -> None:
    """Replace the contact points. Raises Refused for what doesn't fit."""
    longest = max(
        len(text) for text in (contacts.operator, contacts.representative, *(b.name for b in contacts.out_of_court))
    )
    if longest > 2_000:
        raise Refused("is too long", field="operator", code="too_long")
    for body in contacts.out_of_court:
        if body.url and not body.url.startswith(("https://", "http://")):
            raise Refused("must be a web address", field="out_of_court", code="url")
    await store.put(conn, "contacts", msgspec.to_builtins(contacts), by)
    _changed(conn)


async def set_terms(conn: Conn, text: str, summary: str = "", days: int = TERMS_NOTICE) -> int:
    """A new version of the terms; its number. It is announced, and binds in `days`; the first one binds at once.

    Earlier ones are kept, since members accepted them.
    """
    if not 0 <= days <= 365:
        raise Refused("must be between 0 and 365", field="terms_days", code="inclusion")
    version = await versions.add_terms(conn, text, summary, days)
    if version > 1:
        await events.record(conn, TermsAnnounced(version))
    _changed(conn)
    return version


async def is_set_up(conn: Conn) -> bool:
    return (await about(conn)).set_up


def _changed(conn: Conn) -> None:
    forget()
    conn.after_commit(forget)
    say(conn, TOPIC)
