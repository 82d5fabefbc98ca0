"""Making, changing, trying and switching rules; for the staff."""

from typing import Any

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import reports
from palabre.features.moderation.rules import check_staff
from palabre.features.moderation.screening import hits, loaded, match, rules, store, trial
from palabre.features.moderation.screening.match import Text
from palabre.features.moderation.screening.model import Content, Hit, Record, Rule, Switch, Version, readable
from palabre.features.posts.gate import Writing


async def all_rules(conn: Conn, by: Caller) -> list[Rule]:
    """Every rule with its record; those that are off come last."""
    check_staff(by)
    rows = await store.rules(conn, rules.MOST_RULES)
    records = await store.records(conn, [row["id"] for row in rows])
    found = []
    for row in rows:
        tried = trial.of(await store.trial(conn, row["id"], row["version"]))
        found.append(Rule.of(row, _record(records.get(row["id"])), tried))
    return found


async def rule(conn: Conn, by: Caller, rule_id: int) -> Rule:
    """Raises NotFound."""
    check_staff(by)
    row = await store.rule(conn, rule_id)
    if row is None:
        raise NotFound
    record = (await store.records(conn, [rule_id])).get(rule_id)
    return Rule.of(row, _record(record), trial.of(await store.trial(conn, rule_id, row["version"])))


def _record(row: object) -> Record:
    return Record(row["hits"], row["confirmed"], row["rejected"]) if row else Record()  # type: ignore[index]


async def create(conn: Conn, by: Caller, content: Content) -> int:
    """A draft; its id. Raises Refused."""
    await _check(conn, by, content)
    if await store.count(conn) >= rules.MOST_RULES:
        raise Refused(f"can be at most {rules.MOST_RULES}", field="title", code="too_many")
    rule_id, at = ids.new(), clock.now()
    await store.insert_rule(conn, rule_id, at)
    await store.insert_version(conn, rule_id, 1, content, by.id, at)
    return rule_id


async def change(conn: Conn, by: Caller, rule_id: int, content: Content) -> None:
    """A new version, which is to be tried and put in force; the one that is in force stays so until then."""
    await _check(conn, by, content)
    row = await store.rule(conn, rule_id, lock=True)
    if row is None:
        raise NotFound
    if readable(row["content"]) == content:
        return
    await store.insert_version(conn, rule_id, row["version"] + 1, content, by.id, clock.now())
    await store.update_rule(conn, rule_id, version=row["version"] + 1)


async def _check(conn: Conn, by: Caller, content: Content) -> None:
    check_staff(by)
    rules.check(content)
    await reports.check_rules(conn, content.rule_ids)


async def activate(conn: Conn, by: Caller, rule_id: int) -> None:
    """Put the newest version in force. Raises Refused if it was not tried."""
    await store.rule(conn, rule_id, lock=True)
    found = await rule(conn, by, rule_id)
    rules.check_active(found)
    await store.update_rule(conn, rule_id, disarmed_at=None, trouble="")
    await hits.switch(conn, rule_id, found.version, "active", by.id)


async def turn_off(conn: Conn, by: Caller, rule_id: int) -> None:
    check_staff(by)
    row = await store.rule(conn, rule_id, lock=True)
    if row is None:
        raise NotFound
    if row["state"] == "active":
        await hits.switch(conn, rule_id, row["active_version"], "off", by.id)


async def versions(conn: Conn, by: Caller, rule_id: int) -> list[Version]:
    """What it said, newest first."""
    check_staff(by)
    return [
        Version(row["version"], readable(row["content"]), row["changed_by"], row["changed_at"])
        for row in await store.versions(conn, rule_id)
    ]


async def switches(conn: Conn, by: Caller, rule_id: int) -> list[Switch]:
    """Who put it in force or off, newest first."""
    check_staff(by)
    return [
        Switch(row["version"], row["state"], row["changed_by"], row["changed_at"])
        for row in await store.switches(conn, rule_id)
    ]


async def hits_of(conn: Conn, by: Caller, rule_id: int, before: int = ids.LARGEST, limit: int = 40) -> list[Hit]:
    """What it hit, newest first."""
    check_staff(by)
    return [
        Hit(**{name: row[name] for name in Hit.__struct_fields__})
        for row in await store.hits(conn, rule_id, before, limit)
    ]


def try_text(by: Caller, content: Content, text: str) -> dict[str, Any]:
    """Which of the rule's conditions on the words some text would meet, and by what."""
    check_staff(by)
    rules.check(content)
    writing = Writing(by.id, text, "public", None, (), 0, False, clock.now())
    return match.seen(match.ready(0, 0, content), Text(writing))


async def announced(conn: Conn) -> list[Content]:
    """The rules in force, for everybody to read of."""
    return [one.content for one in await loaded.active(conn)]
