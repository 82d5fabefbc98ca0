"""What is said in an appeal before it is judged: questions, answers, and how who made the decision sees it.

It stands in the case's log and nowhere else.
"""

from datetime import datetime

import msgspec

from palabre.base import clock, events, ids
from palabre.base.chars import clean
from palabre.base.db import Conn
from palabre.base.errors import Forbidden
from palabre.features.accounts import Caller
from palabre.features.moderation import cases as views
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import rules
from palabre.features.moderation.appeals.appeal import Appeal, Appellant
from palabre.features.moderation.appeals.events import AppealQuestioned
from palabre.features.moderation.appeals.find import load, own
from palabre.features.moderation.log import Entry
from palabre.features.moderation.rules import check_staff, check_words

#: What the appellant reads too; `appeal_viewed` is for the staff.
OPENLY = ("appeal_asked", "appeal_answered")
KINDS = (*OPENLY, "appeal_viewed")


class Said(msgspec.Struct, frozen=True):
    kind: str
    words: str
    at: datetime


async def ask(conn: Conn, by: Caller, case_id: int, appeal_id: int, words: str) -> None:
    """Who may judge it asks the appellant something."""
    check_staff(by)
    await views.check_not_blind(conn, by, case_id)
    await cases.lock_case(conn, case_id)
    appeal = await load(conn, case_id, appeal_id)
    rules.check_may_judge(by, appeal)
    await _say(conn, appeal, by.id, "appeal_asked", words)
    letters = []
    if appeal.appellant_id:
        at = clock.now()
        letters.append((appeal.appellant_id, ids.new(at)))
        await cases.insert_letter(conn, *letters[0], case_id, "question", appeal.decision_id, False, at, appeal.id)
    await events.record(conn, AppealQuestioned(case_id, appeal_id, letters))


async def answer(conn: Conn, who: Appellant, case_id: int, appeal_id: int, words: str) -> None:
    """The appellant answers, or adds to what he wrote."""
    await cases.lock_case(conn, case_id)
    appeal = await own(conn, who, case_id, appeal_id)
    await _say(conn, appeal, who.account_id or None, "appeal_answered", words)


async def state_view(conn: Conn, by: Caller, case_id: int, appeal_id: int, words: str) -> None:
    """How who made the decision sees it, for who will judge it."""
    check_staff(by)
    await cases.lock_case(conn, case_id)
    appeal = await load(conn, case_id, appeal_id)
    if by.id != appeal.moderator_id:
        raise Forbidden
    await _say(conn, appeal, by.id, "appeal_viewed", words)


def talk(appeal: Appeal, entries: list[Entry], kinds: tuple[str, ...]) -> list[Said]:
    return [
        Said(one.kind, one.data["words"], one.at)
        for one in entries
        if one.kind in kinds and one.data["appeal"] == appeal.id
    ]


async def _say(conn: Conn, appeal: Appeal, actor_id: int | None, kind: str, words: str) -> None:
    rules.check_open(appeal)
    said = check_words("words", clean(words))
    await log.append(conn, appeal.case_id, actor_id, kind, {"appeal": appeal.id, "words": said})
