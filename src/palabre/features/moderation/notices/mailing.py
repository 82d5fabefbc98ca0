"""Mail to those who sent a notice, in their language: the receipt, the outcome, and what changes in it later."""

from typing import Literal

import msgspec

from palabre.base import i18n, mail
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.features import instance
from palabre.features.moderation.actions import N_
from palabre.features.moderation.notices import read, store
from palabre.features.moderation.notices.secret import by_secret
from palabre.settings import current

What = Literal["receipt", "outcome", "changed", "state"]
_MOST_LINES = 200

_SUBJECTS = {
    "receipt": N_("We received your notice to %(network)s"),
    "outcome": N_("What was decided on your notice to %(network)s"),
    "changed": N_("Something changed in what was decided on your notice to %(network)s"),
    "state": N_("Your notice to %(network)s, as it stands"),
}
_OPENINGS = {
    "receipt": N_("We received your notice. People look at it; you will hear by mail what was decided."),
    "outcome": N_("This was decided on your notice:"),
    "changed": N_("Something changed in what was decided on your notice. It now stands like this:"),
    "state": N_("Your notice stands like this:"),
}
_ANSWERED_AT_ONCE = N_("We received your notice. This is the answer:")
_LINE = N_("Line %(number)s")
_NUMBER = N_("Number: %(number)s. It is to be answered by %(when)s.")
_REDRESS = N_("If you disagree, you can appeal within six months, free of charge; somebody else decides then:")
_FOLLOW = N_("What becomes of it is to be read here. Keep this address to yourself:")
_UNANSWERED = N_("Still being looked into.")
_MORE = N_("All lines are on the page below.")


class Errand(msgspec.Struct, frozen=True):
    notice_id: int
    what: str


async def post_receipt(conn: Conn, notice_id: int) -> None:
    await put(conn, write, Errand(notice_id, "receipt"))


async def post_outcome(conn: Conn, notice_id: int, what: What) -> None:
    await put(conn, write, Errand(notice_id, what))


async def remind(conn: Conn, secret: str) -> None:
    """The sender asks for a mail that says how his notice stands. Raises NotFound."""
    row = await by_secret(conn, secret)
    await put(conn, write, Errand(row["id"], "state"))


async def write_about_appeal(conn: Conn, notice_id: int, subject: str, words: str, reason: str) -> None:
    """What became of an appeal against what was answered: English source strings, and the judge's own words."""
    row = await store.notice(conn, notice_id)
    if row is None or not row["email"]:
        return
    say = i18n.translator(row["locale"]).gettext
    parts = [say(words), reason, say(_FOLLOW), f"{current().link_origin}/notice/{row['secret']}"]
    title = say(subject) % {"network": (await instance.about(conn)).name}
    await mail.post(conn, mail.Letter(row["email"], title, "\n\n".join(part for part in parts if part)))


@duty
async def write(conn: Conn, errand: Errand) -> None:
    """Composed from the record when it is sent; to nobody where no address was given."""
    row = await store.notice(conn, errand.notice_id)
    if row is None or not row["email"]:
        return
    found = await read.whole(conn, errand.notice_id)
    network = (await instance.about(conn)).name
    say = i18n.translator(found.locale).gettext
    at_once = errand.what == "receipt" and found.closed_at is not None
    parts = [say(_ANSWERED_AT_ONCE if at_once else _OPENINGS[errand.what])]
    if errand.what == "receipt" and not at_once:
        due = i18n.moment(found.due_at, found.locale)
        parts.append(say(_NUMBER) % {"number": found.reference or found.id, "when": due})
    parts += [_said(found, item) for item in found.lines[:_MOST_LINES] if errand.what != "receipt" or item.answered]
    if len(found.lines) > _MOST_LINES:
        parts.append(say(_MORE))
    parts.append(say(_REDRESS if any(item.decision for item in found.lines) else _FOLLOW))
    parts.append(f"{current().link_origin}/notice/{found.secret}")
    subject = say(_SUBJECTS[errand.what]) % {"network": network}
    await mail.post(conn, mail.Letter(found.email, subject, "\n\n".join(parts)))


def _said(notice: read.Notice, item: read.Item) -> str:
    """Of strangers' lines only the addresses that lead to something here: nobody writes mail to others by our hand."""
    say = i18n.translator(notice.locale).gettext
    words = say(item.words) % item.params if item.words else ""
    answer = " ".join(text for text in (words, item.reason) if text) if item.answered else say(_UNANSWERED)
    shown = item.account is not None or notice.source != "notice"
    address = f"{item.line}. {item.url}" if shown else say(_LINE) % {"number": item.line}
    return f"{address}\n{answer}"
