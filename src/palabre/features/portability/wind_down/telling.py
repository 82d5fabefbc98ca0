"""The letters that everybody gets, two hundred at a time: each batch is one transaction, so nobody is told twice."""

from datetime import timedelta

import msgspec

from palabre.base import clock, i18n
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.mail import Letter, post
from palabre.features import instance
from palabre.features.portability.wind_down import store
from palabre.settings import current

BATCH = 200
#: Letter -> how long before the end it goes out.
REMINDERS = {"week": timedelta(days=7), "day": timedelta(days=1)}


class Round(msgspec.Struct, frozen=True):
    """`after`: members up to this id have been written to."""

    end_id: int
    kind: str
    after: int = 0


def _(text: str) -> str:
    """Marks words for translation; they are looked up when the letter is written."""
    return text


_ARCHIVE = _(
    "Everything that is yours is being put into one file: your posts, your pictures, your lists. It can be taken in by "
    "another Palabre, and its lists by Mastodon. Fetch it here:\n\n{link}\n\n"
    "There you can also say where you will be found afterwards: your page here will then lead there."
)
_LETTERS = {
    "announced": (
        _("{network} closes on {day}"),
        _("Hello {name},\n\n{network} closes for good on {day}. Until then all goes on as before; nobody new joins."),
    ),
    "week": (
        _("{network} closes in a week, on {day}"),
        _("Hello {name},\n\nin a week, on {day}, {network} closes for good."),
    ),
    "day": (
        _("{network} closes tomorrow, on {day}"),
        _("Hello {name},\n\ntomorrow, on {day}, {network} closes for good."),
    ),
    "over": (
        _("{network} has closed"),
        _(
            "Hello {name},\n\n{network} has closed. Nothing new can be written, and everything can still be read for a "
            "while. Your archive is being made once more, with your last posts in it."
        ),
    ),
}


@duty
async def tell_all(conn: Conn, batch: Round) -> None:
    """Write to the next members; nothing once the end was called off or put off."""
    about = await instance.about(conn, fresh=True)
    if about.end is None or about.end.id != batch.end_id:
        return
    members = await store.members_after(conn, batch.after, BATCH)
    subject, words = _LETTERS[batch.kind]
    for row in members:
        say = i18n.translator(row["locale"]).gettext
        values = {
            "name": row["username"],
            "network": about.name,
            "day": i18n.date(about.end.at, row["locale"]),
            "link": f"{current().link_origin}/settings/data",
        }
        parts = [say(words).format(**values), about.end.message, say(_ARCHIVE).format(**values)]
        await post(conn, Letter(row["email"], say(subject).format(**values), "\n\n".join(filter(None, parts))))
    await store.advance(conn, batch.end_id, batch.kind, len(members), None if members else clock.now())
    if members:
        await put(conn, tell_all, Round(batch.end_id, batch.kind, members[-1]["account_id"]))
