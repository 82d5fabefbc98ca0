"""Terms that change: members are told ahead by mail, and agree when the new version binds."""

from palabre.base import clock, events, i18n
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.mail import Letter, post
from palabre.features import instance
from palabre.features.accounts.members import store
from palabre.features.instance import TermsAnnounced
from palabre.settings import current

_BATCH = 200


def _(text: str) -> str:
    """Marks words for translation; they are looked up when the letter is written."""
    return text


_SUBJECT = _("The terms of {network} change on {day}")
_WORDS = _(
    "Hello {name},\n\nfrom {day} on, new terms apply:\n\n{summary}\n\nRead them, with what changed, here:\n\n{link}\n\n"
    "If you don't agree, you can take your data along and leave at any time, without accepting them."
)


async def accept_terms(conn: Conn, account_id: int, version: int) -> None:
    """Keep to which version a member agreed, and when; never an older one than before."""
    await store.accept_terms(conn, account_id, version, clock.now())


@duty
async def announce_terms(conn: Conn, event: TermsAnnounced) -> None:
    """Write to all members, a batch at a time."""
    about, found = await instance.about(conn, fresh=True), await instance.terms(conn, event.version)
    members = await store.after(conn, event.after, _BATCH)
    if found is None or not members:
        return
    for row in members:
        values = {
            "name": row["username"],
            "network": about.name,
            "day": i18n.date(found.applies_at, row["locale"]),
            "summary": found.summary,
            "link": f"{current().link_origin}/terms/history",
        }
        say = i18n.translator(row["locale"]).gettext
        text = say(_WORDS).format(**values)
        await post(conn, Letter(row["email"], say(_SUBJECT).format(**values), text))
    await events.record(conn, TermsAnnounced(event.version, members[-1]["account_id"]))
