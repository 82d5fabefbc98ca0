"""Measures in and out as files. What comes in makes measures stricter, never looser; every line is accounted for."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from palabre.base.db import Conn
from palabre.features.accounts import Caller
from palabre.features.moderation.domains import csvs, rules, store
from palabre.features.moderation.domains.csvs import Line
from palabre.features.moderation.domains.measures import Standing, actor, change, every
from palabre.features.moderation.domains.rules import Measure

#: What became of a line: put into force; made stricter; as strict already. The rest are the problems of `csvs.Line`.
TAKEN = ("added", "stricter", "unchanged")


class Outcome(msgspec.Struct, frozen=True):
    number: int
    written: str
    domain: str
    outcome: str


class Import(msgspec.Struct, frozen=True):
    lines: list[Outcome]

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(line.outcome for line in self.lines)


async def import_file(conn: Conn, by: Caller | None, text: str, severity: str = "suspend") -> Import:
    """`severity`: where a line says none. Raises Refused for what can't be a list."""
    actor_id, lines = actor(by), csvs.read(text, severity)
    rows = await store.measures_named(conn, [line.domain for line in lines if line.domain])
    standing = {row["domain"]: Standing.of(row).measure for row in rows}
    return Import([await _take(conn, actor_id, line, standing.get(line.domain)) for line in lines])


async def export_file(conn: Conn, by: Caller | None) -> str:
    """All that stands, as CSV; private comments stay here."""
    actor(by)
    return csvs.write((one.domain, one.measure) for one in await every(conn))


async def _take(conn: Conn, actor_id: int | None, line: Line, standing: Measure | None) -> Outcome:
    if line.problem:
        return Outcome(line.number, line.written, line.domain, line.problem)
    wanted = rules.at_least(standing, line.measure) if standing else line.measure
    if wanted == standing:
        return Outcome(line.number, line.written, line.domain, "unchanged")
    await change(conn, actor_id, line.domain, "set", wanted, None)
    return Outcome(line.number, line.written, line.domain, "stricter" if standing else "added")
