"""While cases are overdue and no moderator acts, fewer people come in; it ends by itself when one is back."""

from datetime import timedelta

from palabre.base import clock, i18n, mail
from palabre.base.db import Conn
from palabre.features import instance
from palabre.features.moderation.clocks import hooks, rules, store
from palabre.settings import current


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


_WORDS = {
    "approval": (
        N_("Nobody moderates %(network)s: sign-ups wait for approval"),
        N_(
            "Cases are overdue and no moderator has acted since. Until one does, whoever joins waits for approval. "
            "It ends by itself."
        ),
    ),
    "closed": (
        N_("Nobody moderates %(network)s: sign-ups are closed"),
        N_(
            "Cases are overdue and no moderator has acted since. Until one does, nobody new can join. It ends by itself."
        ),
    ),
    "": (
        N_("Moderators are back on %(network)s: sign-ups are as before"),
        N_("Who may join is again as you chose."),
    ),
}


async def watch(conn: Conn) -> None:
    """Put the brake on, or take it off."""
    about = await instance.about(conn, fresh=True)
    wanted = await _wanted(conn)
    if wanted == about.brake or not await instance.brake(conn, wanted):
        return
    await hooks.call(conn, "moderators.idle" if wanted else "moderators.back", {"sign_ups": wanted or about.chosen})
    for person in await store.staff(conn, owners=True):
        if person["email"]:
            say = i18n.translator(person["locale"]).gettext
            subject, text = (say(words) % {"network": about.name} for words in _WORDS[wanted])
            await mail.post(
                conn, mail.Letter(person["email"], subject, f"{text}\n\n{current().link_origin}/moderation")
            )


async def _wanted(conn: Conn) -> str:
    mode, now = current().idle_brake, clock.now()
    if mode == "off":
        return ""
    overdue_since = await store.first_due(conn, now.timestamp())
    idle = timedelta(days=current().idle_days)
    return mode if rules.brakes(now, overdue_since, await store.last_act(conn), idle) else ""
