"""Telling who sent a notice, and appealed, what was asked and what was found: by mail; the notice's page shows it too."""

from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.features.moderation.actions import N_
from palabre.features.moderation.appeals import store
from palabre.features.moderation.appeals.events import AppealDecided, AppealQuestioned
from palabre.features.moderation.notices import mailing

_ANSWERED = N_("Your appeal about your notice to %(network)s")
_OUTCOMES = {
    "upheld": N_("Your appeal was judged by somebody else. The decision stands, for this reason:"),
    "overturned": N_("Your appeal was judged by somebody else. The decision was overturned, for this reason:"),
    "replaced": N_("Your appeal was judged by somebody else. Another decision was made, for this reason:"),
    "conceded": N_("Who made the decision took it back, for this reason:"),
}
_BY_JURY = {
    "upheld": N_("A jury of members judged your appeal. The decision stands, for this reason:"),
    "overturned": N_("A jury of members judged your appeal. The decision was overturned, for this reason:"),
}
_ASKED = N_("Who judges your appeal asks you something. Please read and answer it on the page below.")


@duty
async def tell_outcome(conn: Conn, event: AppealDecided) -> None:
    row = await store.appeal(conn, event.case_id, event.appeal_id)
    if row and row["notice_id"]:
        words = _BY_JURY if row["judge_id"] == 0 else _OUTCOMES
        await mailing.write_about_appeal(conn, row["notice_id"], _ANSWERED, words[event.outcome], row["reason"])


@duty
async def tell_question(conn: Conn, event: AppealQuestioned) -> None:
    row = await store.appeal(conn, event.case_id, event.appeal_id)
    if row and row["notice_id"]:
        await mailing.write_about_appeal(conn, row["notice_id"], _ANSWERED, _ASKED, "")
