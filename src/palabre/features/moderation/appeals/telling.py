"""Telling the staff that an appeal waits, and who appealed that there is something to read."""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features.moderation import mailing, telling
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import store
from palabre.features.moderation.appeals.appeal import Appeal
from palabre.features.moderation.appeals.events import AppealDecided, Appealed, AppealQuestioned
from palabre.features.moderation.reports import Report
from palabre.features.notifications import amend


@duty
async def tell_judges(conn: Conn, event: Appealed) -> None:
    """Everybody who may judge it, as of a report: clients know no word for appeals."""
    row = await store.appeal(conn, event.case_id, event.appeal_id)
    reports = await cases.reports_in(conn, event.case_id)
    if row is None or not reports:
        return
    appeal = Appeal.of(row)
    for account_id in sorted(set(await cases.staff(conn)) - set(appeal.excluded)):
        await telling.tell_of_report(conn, account_id, Report.of(reports[-1]), about_id=appeal.id)


@duty
async def tell_appellant(conn: Conn, event: AppealDecided) -> None:
    await _tell(conn, event.letters)
    row = await store.appeal(conn, event.case_id, event.appeal_id)
    if row:
        await note_state(conn, Appeal.of(row))


async def note_state(conn: Conn, appeal: Appeal) -> None:
    """Clients show with a warning what became of the appeal against it: pending, approved or rejected."""
    state = {"withdrawn": None, "decided": "rejected" if appeal.outcome == "upheld" else "approved"}
    shown = state.get(appeal.state, "pending")
    told = {"appeal": {"text": appeal.words, "state": shown} if shown else None}
    for letter_id in await cases.letters_about(conn, appeal.appellant_id, appeal.decision_id):
        await amend(conn, appeal.appellant_id, "moderation_warning", appeal.appellant_id, letter_id, told)


@duty
async def tell_of_question(conn: Conn, event: AppealQuestioned) -> None:
    await _tell(conn, event.letters)


async def _tell(conn: Conn, letters: list[tuple[int, int]]) -> None:
    for account_id, letter_id in letters:
        await telling.tell_of_letter(conn, account_id, letter_id)
    await mailing.send(conn, letters)
