"""Sitting on a panel: what a juror reads, voting, stepping aside. Jurors learn nothing of each other before the end."""

import secrets
from datetime import datetime

import msgspec

from palabre.base import clock, erase
from palabre.base.chars import clean
from palabre.base.db import Conn, Row
from palabre.base.duties import put
from palabre.base.errors import NotFound, Refused
from palabre.features.instance import Rule
from palabre.features.moderation import log
from palabre.features.moderation import store as cases
from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.jury import rules, store
from palabre.features.moderation.jury.course import Panel, advance
from palabre.features.moderation.snapshot import Snapshot

_MOST = 50


class Seat(msgspec.Struct, frozen=True):
    """A member's seat. `open`: he is expected to vote, and may still."""

    panel_id: int
    number: int
    juror: str
    state: str
    question: str
    drawn_at: datetime
    due_at: datetime
    closed: bool
    outcome: str | None
    answer: str | None
    reason: str | None

    @property
    def open(self) -> bool:
        return self.state == "drawn" and not self.closed and self.due_at > clock.now()


class Brief(msgspec.Struct, frozen=True):
    """What a juror is to judge by. `words`: the appellant's, or the moderator's who asks; `decision`: what is appealed."""

    seat: Seat
    case_id: int
    seats: int
    votes: int
    kept: list[Snapshot]
    decision: Decision | None
    rules: list[Rule]
    words: str


async def my_seats(conn: Conn, account_id: int) -> list[Seat]:
    """Where a member sits or sat, the latest first."""
    found = []
    for row in await store.seats_of(conn, account_id, _MOST):
        panel = await store.panel(conn, row["panel_id"])
        assert panel is not None
        found.append(_seat(panel, row, await store.ballots(conn, [panel["id"]])))
    return found


async def seat(conn: Conn, account_id: int, panel_id: int) -> Seat:
    """Raises NotFound for who was not drawn."""
    panel, row = await _mine(conn, account_id, panel_id)
    return _seat(panel, row, await store.ballots(conn, [panel_id]))


async def brief(conn: Conn, account_id: int, panel_id: int) -> Brief:
    """What is to be judged, for who is expected to. Raises NotFound for others, and when it is over for him."""
    panel, row = await _mine(conn, account_id, panel_id)
    mine = _seat(panel, row, [])
    if not mine.open:
        raise NotFound
    found = [Decision.of(one) for one in await cases.decisions(conn, [panel["case_id"]])]
    decision = next((one for one in found if one.id == panel["decision_id"]), None)
    cited = decision.rule_ids if decision else [panel["rule_id"]] if panel["rule_id"] else []
    return Brief(
        seat=mine,
        case_id=panel["case_id"],
        seats=panel["seats"],
        votes=panel["votes"],
        kept=await _kept(conn, panel["case_id"], decision),
        decision=decision,
        rules=[Rule(one["id"], one["text"], one["hint"]) for one in await cases.rules_cited(conn, cited)],
        words=panel["words"],
    )


async def check_file(conn: Conn, account_id: int, panel_id: int, key: str) -> None:
    """Whether a juror may see this kept file. Raises NotFound."""
    mine = await brief(conn, account_id, panel_id)
    shown = {file[name] for one in mine.kept for file in one.files for name in ("original_key", "small_key")}
    if key not in shown or not await erase.is_held(conn, mine.case_id, key):
        raise NotFound


async def vote(conn: Conn, account_id: int, panel_id: int, answer: str, reason: str) -> None:
    """Cast the ballot, once. Raises Refused, NotFound."""
    reason = clean(reason).strip()
    panel, row = await _to_answer(conn, account_id, panel_id)
    rules.check_ballot(answer, reason)
    at, nonce = clock.now(), secrets.token_bytes(16)
    await store.insert_ballot(conn, panel_id, row["seat"], answer, reason, nonce, at)
    await store.update_seat(conn, panel_id, row["seat"], state="voted", answered_at=at)
    noted = {"panel": panel_id, "seat": row["seat"], "ballot": sealed(panel_id, row["seat"], answer, reason, nonce)}
    await log.append(conn, panel["case_id"], None, "jury_voted", noted)
    await put(conn, advance, Panel(panel_id))


async def recuse(conn: Conn, account_id: int, panel_id: int) -> None:
    """Step aside without a vote; somebody else is drawn."""
    panel, row = await _to_answer(conn, account_id, panel_id)
    await store.update_seat(conn, panel_id, row["seat"], state="recused", answered_at=clock.now())
    await log.append(conn, panel["case_id"], None, "jury_recused", {"panel": panel_id, "seat": row["seat"]})
    await put(conn, advance, Panel(panel_id))


def sealed(panel_id: int, seat: int, answer: str, reason: str, nonce: bytes) -> str:
    """What the log keeps of a ballot before the panel is closed: it says nothing, and fits no other ballot."""
    return digest(canonical([panel_id, seat, answer, reason, nonce.hex()])).hex()


async def _mine(conn: Conn, account_id: int, panel_id: int, *, lock: bool = False) -> tuple[Row, Row]:
    panel = await store.panel(conn, panel_id, lock=lock)
    mine = [row for row in await store.seats(conn, [panel_id]) if row["account_id"] == account_id]
    if panel is None or not mine:
        raise NotFound
    return panel, mine[0]


async def _to_answer(conn: Conn, account_id: int, panel_id: int) -> tuple[Row, Row]:
    panel, row = await _mine(conn, account_id, panel_id, lock=True)
    if row["state"] == "voted":
        raise Refused("You have voted already", code="jury_voted")
    if not _seat(panel, row, []).open:
        raise Refused("The time to vote is over", code="jury_over")
    return panel, row


def _seat(panel: Row, row: Row, ballots: list[Row]) -> Seat:
    mine = next((one for one in ballots if (one["panel_id"], one["seat"]) == (panel["id"], row["seat"])), None)
    return Seat(
        panel_id=panel["id"],
        number=row["seat"],
        juror=row["juror"],
        state=row["state"],
        question=panel["question"],
        drawn_at=row["drawn_at"],
        due_at=row["due_at"],
        closed=panel["state"] == "closed",
        outcome=panel["outcome"],
        answer=mine["answer"] if mine else None,
        reason=mine["reason"] if mine else None,
    )


async def _kept(conn: Conn, case_id: int, decision: Decision | None) -> list[Snapshot]:
    """The latest of each thing that is judged; of what it answers, what everybody could read."""
    latest = {row["post_id"]: Snapshot(row) for row in await cases.snapshots(conn, [case_id])}
    about = set(decision.post_ids) if decision else set()
    found = [one for one in latest.values() if not about or one.post_id in about]
    for one in found:
        one.context = [post for post in one.context if post.visibility in rules.OPEN]
    return found
