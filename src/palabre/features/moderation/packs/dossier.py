"""The dossier: on one page, how this network is moderated; what one would send to a host or an app store."""

from datetime import date, datetime, timedelta

import msgspec

from palabre.base import clock, signing
from palabre.base.db import Conn
from palabre.features import instance
from palabre.features.instance import Instance
from palabre.features.moderation import log
from palabre.features.moderation.packs import store
from palabre.features.moderation.packs.check import sign_page
from palabre.features.moderation.packs.render import render
from palabre.features.moderation.transparency.numbers import Numbers, median
from palabre.features.moderation.transparency.report import count
from palabre.settings import current

_MONTHS = 12


class Figures(msgspec.Struct, frozen=True):
    """`numbers`: of the twelve months up to today; the rest as it stands now."""

    made_at: datetime
    open: int
    overdue: int
    closed: int
    oldest: datetime | None
    median_hours: float | None
    numbers: Numbers
    about: Instance
    newest_seal: str
    origin: str


async def figures(conn: Conn) -> Figures:
    now = clock.now()
    today: date = now.date()
    numbers = await count(conn, today - timedelta(days=_MONTHS * 30), today)
    state, newest = await store.state(conn, now), await log.newest(conn)
    assert state is not None
    return Figures(
        made_at=now,
        open=state["open"],
        overdue=state["overdue"],
        closed=await store.closed(conn),
        oldest=state["oldest"],
        median_hours=median(numbers.decision_hours),
        numbers=numbers,
        about=await instance.about(conn),
        newest_seal=f"{newest.seq}: {newest.hash.hex()}" if newest else "",
        origin=current().link_origin,
    )


async def dossier(conn: Conn, lang: str) -> bytes:
    """One HTML file, signed at its end."""
    signer = await signing.signer(conn)
    return sign_page(render("dossier.html", lang, it=await figures(conn), key=signer.public.id), signer)
