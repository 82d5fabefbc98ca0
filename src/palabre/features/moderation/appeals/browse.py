"""Reading appeals: one's own; those that wait; one of them with all that its judge needs."""

from collections.abc import Sequence

import msgspec

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import Forbidden, NotFound
from palabre.features import accounts
from palabre.features.accounts import AccountView, Caller
from palabre.features.moderation import cases as views
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.appeals import rules, store
from palabre.features.moderation.appeals.appeal import Appeal, Appellant
from palabre.features.moderation.appeals.find import against, load, own, side_of, somebody_else
from palabre.features.moderation.appeals.talk import KINDS, OPENLY, Said, talk
from palabre.features.moderation.cases import Case
from palabre.features.moderation.decide import find_decision
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.rules import check_staff
from palabre.settings import current

_MOST = 200


class Mine(msgspec.Struct, frozen=True):
    """One's own appeal. `about`: whom the case concerns."""

    appeal: Appeal
    decision: Decision
    about: AccountView
    said: list[Said]
    may_ask_jury: bool


class Waiting(msgspec.Struct, frozen=True):
    """Those that the reader may judge, the soonest due first; and those against decisions of his own."""

    to_judge: list[Appeal]
    own: list[Appeal]
    people: dict[int, AccountView]


class Hearing(msgspec.Struct, frozen=True):
    """`nobody`: no moderator may judge it, and no jury has it: another one has to be named."""

    appeal: Appeal
    decision: Decision
    case: Case
    appellant: AccountView | None
    said: list[Said]
    may_judge: bool
    may_concede: bool
    nobody: bool


async def mine(conn: Conn, who: Appellant) -> list[Mine]:
    """Newest first."""
    if who.account_id:
        rows = await store.of_member(conn, who.account_id, _MOST)
    else:
        rows = await store.of_notice(conn, who.notice_id, _MOST)
    found = [Appeal.of(row) for row in rows]
    about = await accounts.look(conn, {one.about_id for one in found})
    return [await _mine(conn, one, found, about[one.about_id]) for one in found]


async def of_appellant(conn: Conn, who: Appellant, case_id: int, appeal_id: int) -> Appeal:
    """Raises NotFound for somebody else's."""
    return await own(conn, who, case_id, appeal_id)


async def may_appeal(conn: Conn, who: Appellant, decision: Decision) -> bool:
    """Whether `lodge` would take it."""
    try:
        side = await side_of(conn, who, decision)
    except NotFound:
        return False
    if not (rules.can_be_appealed(decision, side) and rules.in_time(decision, clock.now(), current().appeal_days)):
        return False
    return all(one.state == "withdrawn" for one in await against(conn, who, decision))


async def on_decisions(conn: Conn, who: Appellant, decision_ids: Sequence[int]) -> dict[int, Appeal]:
    """Decision -> the latest appeal of this appellant against it."""
    if who.account_id:
        rows = await store.of_member(conn, who.account_id, _MOST)
    else:
        rows = await store.of_notice(conn, who.notice_id, _MOST)
    found = [Appeal.of(row) for row in reversed(rows)]
    return {one.decision_id: one for one in found if one.decision_id in decision_ids and one.state != "withdrawn"}


async def waiting(conn: Conn, by: Caller) -> Waiting:
    check_staff(by)
    hidden = set(await cases.to_review(conn, by.id))
    found = [one for one in map(Appeal.of, await store.waiting(conn, _MOST)) if one.case_id not in hidden]
    named = {one.about_id for one in found} | {one.appellant_id for one in found if one.appellant_id}
    return Waiting(
        to_judge=[one for one in found if by.id not in one.excluded],
        own=[one for one in found if by.id == one.moderator_id],
        people=await accounts.look(conn, named),
    )


async def hearing(conn: Conn, by: Caller, case_id: int, appeal_id: int) -> Hearing:
    """Raises NotFound; Forbidden for parties."""
    check_staff(by)
    await views.check_not_blind(conn, by, case_id)
    appeal = await load(conn, case_id, appeal_id)
    if by.id in (appeal.about_id, appeal.appellant_id):
        raise Forbidden("You are a party to this case: somebody else has to decide it", code="own_case")
    view = await views.case(conn, by, case_id)
    decision = await find_decision(conn, case_id, appeal.decision_id)
    people = await accounts.look(conn, [appeal.appellant_id] if appeal.appellant_id else [])
    return Hearing(
        appeal=appeal,
        decision=decision,
        case=view,
        appellant=people.get(appeal.appellant_id),
        said=talk(appeal, view.events, KINDS),
        may_judge=appeal.state == "open" and by.id not in appeal.excluded,
        may_concede=appeal.state == "open" and by.id == appeal.moderator_id and appeal.side == "author",
        nobody=appeal.state == "open" and not await somebody_else(conn, appeal),
    )


async def _mine(conn: Conn, appeal: Appeal, all_mine: list[Appeal], about: AccountView) -> Mine:
    decision = await find_decision(conn, appeal.case_id, appeal.decision_id)
    earlier = [one for one in all_mine if one.decision_id == appeal.decision_id]
    still = rules.can_be_appealed(decision, appeal.side)
    still = still and rules.in_time(decision, clock.now(), current().appeal_days)
    return Mine(
        appeal=appeal,
        decision=decision,
        about=about,
        said=talk(appeal, await log.entries(conn, appeal.case_id), OPENLY),
        may_ask_jury=still and rules.jury_may_be_asked(appeal, earlier),
    )
