"""Telling jurors: that they were drawn, that they are waited for, what came of it."""

from palabre.base import i18n, mail
from palabre.base.db import Conn, Row
from palabre.base.duties import duty
from palabre.features import instance
from palabre.features.moderation.actions import N_
from palabre.features.moderation.jury import store
from palabre.features.moderation.jury.events import JurorReminded, PanelClosed, PanelDrawn
from palabre.features.notifications import notify
from palabre.settings import current

DRAWN, WAITING, CLOSED = "palabre.jury.drawn", "palabre.jury.waiting", "palabre.jury.closed"

_DRAWN = N_("You were drawn for a jury on %(network)s")
_WAITED_FOR = N_("The jury on %(network)s waits for your vote")
_WHAT = N_(
    "A decision of the moderators is questioned, or they ask the members. You were drawn by lot, with others of whom you "
    "learn nothing. Read what it is about, vote, and write in a sentence or two why."
)
_UNTIL = N_(
    "You have time until %(moment)s. If it concerns people you know, or you can't, step aside there: somebody else is drawn."
)


@duty
async def tell_drawn(conn: Conn, event: PanelDrawn) -> None:
    for seat in await store.seats(conn, [event.panel_id]):
        if seat["seat"] in event.seats:
            await _tell(conn, seat, DRAWN, _DRAWN)


@duty
async def remind(conn: Conn, event: JurorReminded) -> None:
    for seat in await store.seats(conn, [event.panel_id]):
        if seat["seat"] == event.seat:
            await _tell(conn, seat, WAITING, _WAITED_FOR)


@duty
async def tell_result(conn: Conn, event: PanelClosed) -> None:
    """To those who voted, and to the moderator who asked."""
    panel = await store.panel(conn, event.panel_id)
    voted = [seat["account_id"] for seat in await store.seats(conn, [event.panel_id]) if seat["state"] == "voted"]
    for account_id in filter(None, [*voted, panel["called_by"] if panel else None]):
        asked = panel is not None and account_id == panel["called_by"]
        details = {"panel": str(event.panel_id)} | ({"case": str(event.case_id)} if asked else {})
        await notify(conn, account_id, CLOSED, account_id, about_id=event.panel_id, details=details)


async def _tell(conn: Conn, seat: Row, kind: str, subject: str) -> None:
    """By notification and mail, as long as he is still waited for."""
    account_id, panel_id = seat["account_id"], seat["panel_id"]
    member = await store.told(conn, account_id)
    if seat["state"] != "drawn" or member is None:
        return
    await notify(conn, account_id, kind, account_id, about_id=panel_id, details={"panel": str(panel_id)})
    name = (await instance.about(conn)).name
    say = i18n.translator(member["locale"]).gettext
    until = say(_UNTIL) % {"moment": i18n.moment(seat["due_at"], member["locale"])}
    text = "\n\n".join([say(_WHAT), until, f"{current().link_origin}/jury/panels/{panel_id}/ballot"])
    await mail.post(conn, mail.Letter(member["email"], say(subject) % {"network": name}, text))
