"""What happened, recorded in the transaction in which it happened. What follows is for `palabre.consequences` to say."""

from collections.abc import Mapping
from typing import Any

import msgspec

from palabre.base import duties
from palabre.base.db import Conn


class Event(msgspec.Struct, frozen=True):
    """Something that happened: small, made of ids, and true for ever."""


Consequences = Mapping[type[Event], tuple[duties.Duty[Any], ...]]
_consequences: dict[type[Event], tuple[duties.Duty[Any], ...]] = {}


def wire(consequences: Consequences) -> None:
    """Say what follows from what. Called once, as `palabre.consequences` is imported."""
    _consequences.clear()
    _consequences.update(consequences)


def wired() -> Consequences:
    return _consequences


async def record(conn: Conn, *happened: Event) -> None:
    """Every consequence becomes a duty; they are done after commit, each alone."""
    await duties.put_all(conn, [(what, event) for event in happened for what in _consequences[type(event)]])
