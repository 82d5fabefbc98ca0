"""Telling people by mail that a letter waits for them, in their language, after the decision stands."""

from palabre.base import i18n, mail
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features import instance
from palabre.features.moderation import store
from palabre.features.moderation.actions import N_
from palabre.features.moderation.events import Decided
from palabre.features.moderation.letters import Letter, letter
from palabre.settings import current

_SUBJECTS = {
    "author": N_("A decision of the moderators of %(network)s"),
    "reporter": N_("Your report on %(network)s"),
}
_RULES = N_("Because of these rules:")
_REMOVED = N_("What it is about:")
_ANSWER = N_("If you think this is wrong, write to the moderators: %(contact)s")


@duty
async def mail_letters(conn: Conn, event: Decided) -> None:
    """To each person concerned who is a member here; a suspended one has no other way to read it."""
    waiting = dict(event.letters)
    about = await instance.about(conn)
    for row in await store.told(conn, list(waiting)):
        mine = await letter(conn, row["account_id"], waiting[row["account_id"]])
        text = write(mine, row["locale"], about.contact_email)
        subject = i18n.translator(row["locale"]).gettext(_SUBJECTS[mine.kind]) % {"network": about.name}
        await mail.post(conn, mail.Letter(row["email"], subject, text))


def write(letter: Letter, locale: str, contact: str) -> str:
    """The letter as plain text. The moderators' own words and the posts stay as they were written."""
    say = i18n.translator(locale).gettext
    parts = [say(letter.words) % letter.params, letter.reason]
    if letter.rules:
        parts.append("\n".join([say(_RULES), *(f"- {rule.text}" for rule in letter.rules)]))
    if quoted := [kept.text for kept in letter.kept if kept.text]:
        parts.append("\n\n".join([say(_REMOVED), *(_quote(text) for text in quoted)]))
    if letter.kind == "author" and contact and not letter.undoing:
        parts.append(say(_ANSWER) % {"contact": contact})
    parts.append(f"{current().origin}/letters")
    return "\n\n".join(part for part in parts if part)


def _quote(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
