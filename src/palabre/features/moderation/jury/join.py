"""Willing to judge: saying so, taking it back, and whether one qualifies."""

import secrets
from datetime import datetime, timedelta

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.errors import Refused
from palabre.features.accounts.events import AccountDeleted
from palabre.features.moderation.jury import store
from palabre.features.moderation.jury.course import Panel, advance
from palabre.settings import current

_MOST_SEATS = 500


class Standing(msgspec.Struct, frozen=True):
    """`salt`: what the juror can find himself by in published pools. `hindrance`: why he isn't drawn now, if he isn't."""

    joined_at: datetime | None
    salt: str
    hindrance: str | None


async def join(conn: Conn, account_id: int) -> None:
    """Become a juror. Raises Refused for the staff, who judge otherwise."""
    if await _hindrance(conn, account_id) == "staff":
        raise Refused("Moderators don't sit on juries", code="jury_staff")
    await store.add_juror(conn, account_id, secrets.token_bytes(16), clock.now())


async def leave(conn: Conn, account_id: int) -> None:
    """Be drawn no more; others take the seats that are still open."""
    await store.remove_juror(conn, account_id)
    await _vacate(conn, account_id)


async def standing(conn: Conn, account_id: int) -> Standing:
    found = await store.juror(conn, account_id)
    hindrance = await _hindrance(conn, account_id)
    if found is None:
        return Standing(None, "", hindrance)
    return Standing(found["joined_at"], found["salt"].hex(), hindrance)


@duty
async def forget_juror(conn: Conn, event: AccountDeleted) -> None:
    """Seats and ballots stay, without a name to them."""
    await store.remove_juror(conn, event.account_id)
    await _vacate(conn, event.account_id)
    await store.forget_seats(conn, event.account_id)


async def _vacate(conn: Conn, account_id: int) -> None:
    for panel_id in sorted({seat["panel_id"] for seat in await store.seats_of(conn, account_id, _MOST_SEATS)}):
        await store.panel(conn, panel_id, lock=True)  # who votes at this moment has voted
    for seat in await store.seats_of(conn, account_id, _MOST_SEATS):
        if seat["state"] == "drawn":
            await store.update_seat(conn, seat["panel_id"], seat["seat"], state="left", answered_at=clock.now())
            await put(conn, advance, Panel(seat["panel_id"]))


async def _hindrance(conn: Conn, account_id: int) -> str | None:
    now, chosen = clock.now(), current()
    found = await store.standing(conn, account_id, now - timedelta(days=chosen.strike_days))
    if found is None or found["bot"] or found["standing"] != "active":
        return "standing"
    if found["role"] != "member":
        return "staff"
    if found["strikes"]:
        return "measure"
    if found["created_at"] > now - timedelta(days=chosen.jury_account_days):
        return "new"
    return None
