"""The letters by mail, whole, in each person's language, after the decision stands."""

from collections.abc import Sequence

from palabre.base import i18n, mail
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features import instance
from palabre.features.moderation import store, wording
from palabre.features.moderation.actions import N_
from palabre.features.moderation.events import Decided
from palabre.features.moderation.letters import Letter, letter, open_link
from palabre.features.moderation.statement import APPEAL
from palabre.settings import current

_SUBJECTS = {
    "author": N_("A decision of the moderators of %(network)s"),
    "reporter": N_("Your report on %(network)s"),
    "appeal": N_("Your appeal on %(network)s"),
    "question": N_("A question about your appeal on %(network)s"),
}
_HERE = N_("You can read this letter here, without signing in, until %(day)s; keep the address to yourself:")


@duty
async def mail_letters(conn: Conn, event: Decided) -> None:
    """To each person concerned who is a member here."""
    await send(conn, event.letters)


async def send(conn: Conn, letters: Sequence[tuple[int, int]]) -> None:
    """Mail (account id, letter id) to those who are members here."""
    waiting = dict(letters)
    about = await instance.about(conn)
    for row in await store.told(conn, list(waiting)):
        mine = await letter(conn, row["account_id"], waiting[row["account_id"]])
        link = current().link_origin + await open_link(conn, row["account_id"], mine.id)
        text = write(mine, row["locale"], about.contact_email, link)
        subject = i18n.translator(row["locale"]).gettext(_SUBJECTS[mine.kind]) % {"network": about.name}
        await mail.post(conn, mail.Letter(row["email"], subject, text))


def write(letter: Letter, locale: str, contact: str, link: str) -> str:
    """The letter as plain text."""
    here = i18n.translator(locale).gettext(_HERE) % {"day": i18n.date(letter.created_at + APPEAL, locale)}
    return f"{wording.as_text(wording.sections(letter, locale, contact))}\n\n{here}\n{link}"
