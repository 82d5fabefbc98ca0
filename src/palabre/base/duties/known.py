"""What can be put off: functions marked as duties or errands, by name."""

import typing
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from palabre.base.db import Conn, Database, Row

P = TypeVar("P")


@dataclass(frozen=True)
class Duty(Generic[P]):
    """A function that can be put off: called directly it just runs. `errand`: it talks to the outside."""

    name: str
    run: Callable[[Any, P], Awaitable[None]]
    payload: type[P]
    errand: bool

    async def __call__(self, conn: Any, payload: P) -> None:
        await self.run(conn, payload)


class Unknown(Exception):
    """Left by another version of Palabre."""


_known: dict[str, Duty[Any]] = {}
_current: ContextVar[int] = ContextVar("duty")


def current_id() -> int | None:
    """Of the duty that is being done: the same each time it is tried, also on a host that took over. What an errand sends
    carries it, so that whoever gets it twice can tell. None outside of duties."""
    return _current.get(None)


def duty(function: Callable[[Conn, P], Awaitable[None]]) -> Duty[P]:
    """Mark `async def verb(conn, payload)` as a duty: one transaction, done once."""
    return _register(function, errand=False)


def errand(function: Callable[[Database, P], Awaitable[None]]) -> Duty[P]:
    """Mark `async def verb(db, payload)` as an errand: no transaction, at least once."""
    return _register(function, errand=True)


async def run(conn: Conn | Database, row: Row) -> None:
    """Do what a row asks for. Raises Unknown, or whatever it raises."""
    what = _known.get(row["kind"])
    if what is None:
        raise Unknown(f"this version knows no duty {row['kind']!r}")
    _current.set(row["id"])
    await what.run(conn, msgspec.json.decode(row["payload"], type=what.payload))


def _register(function: Callable[[Any, P], Awaitable[None]], errand: bool) -> Duty[P]:
    hints = [hint for name, hint in typing.get_type_hints(function).items() if name != "return"]
    module = function.__module__.removeprefix("palabre.").removeprefix("features.")
    made = Duty(f"{module}.{getattr(function, '__name__', '')}", function, hints[1], errand)
    _known[made.name] = made
    return made
