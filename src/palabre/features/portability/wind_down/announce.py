"""Saying when the community closes, taking it back, and how far its farewell has come."""

from datetime import datetime, timedelta

import msgspec

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.base.duties import put
from palabre.base.errors import Refused
from palabre.features import instance
from palabre.features.instance import End
from palabre.features.portability import exports
from palabre.features.portability.exports.asking import KEPT
from palabre.features.portability.wind_down import store
from palabre.features.portability.wind_down.preparing import Archives, prepare_all
from palabre.features.portability.wind_down.telling import REMINDERS, Round, tell_all

LONGEST_MESSAGE = 10_000


class Status(msgspec.Struct, frozen=True):
    """`told`: letter -> members written to so far. `archives`: state -> how many. `room`: bytes of all pictures."""

    end: End | None
    members: int
    told: dict[str, int]
    archives: dict[str, int]
    room: int


async def begin(conn: Conn, at: datetime, message: str = "") -> End:
    """Close sign-ups, tell everybody and make everybody's archive. Raises Refused for a date that is past or said already."""
    message = message.strip()
    if at <= clock.now():
        raise Refused("The date must lie ahead: members need time to take their archives.", code="past")
    if len(message) > LONGEST_MESSAGE:
        raise Refused(f"The message is too long: at most {LONGEST_MESSAGE:,} characters.", code="too_long")
    former = (await instance.about(conn, fresh=True)).end
    if former and former.passed:
        raise Refused("The community has closed already. To open it again: palabre wind-down --off", code="over")
    if former and (former.at, former.message) == (at, message):
        raise Refused("That is announced already. How far it is: palabre wind-down --status", code="known")
    end = End(ids.new(), at, message)
    await instance.set_end(conn, end)
    await put(conn, tell_all, Round(end.id, "announced"))
    await put(conn, prepare_all, Archives(end.id, "archives"))
    for kind, before in REMINDERS.items():
        if at - before > clock.now() + timedelta(hours=1):
            await put(conn, tell_all, Round(end.id, kind), at=at - before)
    await put(conn, tell_all, Round(end.id, "over"), at=at)
    await put(conn, prepare_all, Archives(end.id, "last_archives"), at=at)
    return end


async def call_off(conn: Conn) -> None:
    """It goes on after all: what waits is done no more, archives made meanwhile are kept for as long as others."""
    if (await instance.about(conn, fresh=True)).end is None:
        raise Refused("Nothing was announced.", code="unknown")
    await instance.set_end(conn, None)
    await exports.call_off(conn, clock.now() + KEPT)


async def status(conn: Conn) -> Status:
    end = (await instance.about(conn, fresh=True)).end
    told = {row["kind"]: row["done"] for row in await store.farewells(conn, end.id)} if end else {}
    return Status(end, await store.count_members(conn), told, await store.archives(conn), await store.room(conn))
