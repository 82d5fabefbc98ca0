"""What a moderator set up for himself: saved filters, shortcuts, and when to be told to take a break."""

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.accounts import Caller
from palabre.features.moderation import rules as core
from palabre.features.moderation.triage import rules, store
from palabre.features.moderation.triage.rules import Filter


class Desk(msgspec.Struct, frozen=True):
    """`break_after`: decisions in a row; 0: never say so. `in_a_row`: how many it has been by now."""

    break_after: int = 40
    shortcuts: bool = True
    in_a_row: int = 0

    @property
    def tired(self) -> bool:
        return 0 < self.break_after <= self.in_a_row


class SavedFilter(msgspec.Struct, frozen=True):
    id: int
    name: str
    wanted: Filter


async def desk(conn: Conn, by: Caller) -> Desk:
    core.check_staff(by)
    row = await store.desk(conn, by.id)
    known = Desk(row["break_after"], row["shortcuts"]) if row else Desk()
    if not known.break_after:
        return known
    times = await store.last_decisions(conn, by.id, rules.MOST_IN_A_ROW)
    return msgspec.structs.replace(known, in_a_row=rules.in_a_row(times, clock.now()))


async def set_desk(conn: Conn, by: Caller, break_after: int, shortcuts: bool) -> None:
    core.check_staff(by)
    if not 0 <= break_after <= rules.MOST_IN_A_ROW:
        raise Refused(f"must be between 0 and {rules.MOST_IN_A_ROW}", field="break_after", code="inclusion")
    await store.set_desk(conn, by.id, break_after, shortcuts)


async def filters(conn: Conn, by: Caller) -> list[SavedFilter]:
    core.check_staff(by)
    return [
        SavedFilter(row["id"], row["name"], msgspec.convert(row["wanted"], Filter))
        for row in await store.filters(conn, by.id)
    ]


async def save_filter(conn: Conn, by: Caller, name: str, wanted: Filter) -> int:
    core.check_staff(by)
    name = rules.check_name(name)
    if len(await filters(conn, by)) >= rules.MOST_FILTERS:
        raise Refused(f"can be at most {rules.MOST_FILTERS}", field="name", code="too_many")
    filter_id = ids.new()
    await store.insert_filter(conn, by.id, filter_id, name, msgspec.to_builtins(wanted))
    return filter_id


async def delete_filter(conn: Conn, by: Caller, filter_id: int) -> None:
    core.check_staff(by)
    await store.delete_filter(conn, by.id, filter_id)
