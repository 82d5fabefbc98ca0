"""What anybody may read of a panel, what the staff reads, and the figures over all."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.clock import iso
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound
from palabre.base.paging import Page
from palabre.features.accounts import Caller
from palabre.features.moderation import rules as core
from palabre.features.moderation.jury import agreement, pool, store
from palabre.features.moderation.jury.draw import pseudonym

YEAR = timedelta(days=365)
_MOST = 2_000


class Chair(msgspec.Struct, frozen=True):
    """A seat as the public sees it. `answer` and `reason`: after the end."""

    seat: int
    juror: str
    replaces: int | None
    state: str
    answer: str | None
    reason: str | None


class PanelView(msgspec.Struct, frozen=True):
    """`seed`, answers and reasons: after the end. `case_id`: for the staff alone."""

    id: int
    state: str
    question: str | None
    commitment: str
    committed_at: datetime
    called_at: datetime | None
    drawn_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    seats: int
    votes: int
    pool_size: int
    pool_digest: str
    passed_over: int
    seed: str | None
    outcome: str | None
    why_none: str | None
    cast: int
    chairs: list[Chair]
    case_id: int | None

    @property
    def tally(self) -> dict[str, int]:
        """Answer -> votes, after the end."""
        return dict(agreement.tally(chair.answer for chair in self.chairs if chair.answer))


class Figures(msgspec.Struct, frozen=True):
    """Over the panels that were closed since `since`. `agreement` and `alpha`: None where there is nothing to compare."""

    since: datetime
    panels: int
    upheld: int
    overturned: int
    none: int
    ballots: int
    asked: int
    median_hours: float | None
    agreement: float | None
    alpha: float | None


class Record(msgspec.Struct, frozen=True):
    """One juror's: how often drawn, how often he voted, and with the outcome."""

    drawn: int
    voted: int
    silent: int
    with_outcome: int
    decided: int


async def panel(conn: Conn, panel_id: int) -> PanelView:
    """As the public sees it. Raises NotFound."""
    row = await store.panel(conn, panel_id)
    if row is None:
        raise NotFound
    return (await _views(conn, [row]))[0]


async def panels(conn: Conn, page: Page, by: Caller | None = None) -> list[PanelView]:
    """Panels that were called, newest first; for the staff, with the cases they are about."""
    if by is not None:
        core.check_staff(by)
    rows = page.newest_first(await store.panels(conn, page.below, page.above, page.limit, page.order))
    return await _views(conn, rows, for_staff=by is not None)


async def of_case(conn: Conn, case_id: int) -> list[PanelView]:
    """For who may read the case."""
    return await _views(conn, await store.panels_of_case(conn, case_id), for_staff=True)


async def ready(conn: Conn) -> list[PanelView]:
    """Those whose seed is committed to, and which have no question yet."""
    found = [await store.panel(conn, row["id"]) for row in await store.next_panels(conn)]
    return await _views(conn, [row for row in found if row is not None])


async def published(conn: Conn, panel_id: int) -> dict[str, Any]:
    """All that is needed to compute a draw again, as JSON; the seed and the pool are in it when the panel is closed."""
    row = await store.panel(conn, panel_id)
    if row is None:
        raise NotFound
    closed, view = row["state"] == "closed", (await _views(conn, [row]))[0]
    return {
        "panel": str(view.id),
        "state": view.state,
        "question": view.question,
        "commitment": view.commitment,
        "committed_at": iso(view.committed_at),
        "called_at": iso(view.called_at) if view.called_at else None,
        "drawn_at": iso(view.drawn_at) if view.drawn_at else None,
        "closed_at": iso(view.closed_at) if view.closed_at else None,
        "seats": view.seats,
        "votes": view.votes,
        "pool_sha256": view.pool_digest,
        "pool_size": view.pool_size,
        "drawn": [{"seat": one.seat, "juror": one.juror, "replaces": one.replaces} for one in view.chairs],
        "outcome": view.outcome,
        "why_none": view.why_none,
        "tally": view.tally if closed else None,
        "seed": view.seed,
        "passed_over": row["passed_over"] if closed else None,
        "pool": pool.unpack(row["pool"]) if closed and row["pool"] else None,
    }


async def my_pseudonym(conn: Conn, account_id: int, panel_id: int) -> str | None:
    """By which a juror finds himself in a panel's pool."""
    found = await store.juror(conn, account_id)
    return pseudonym(found["salt"], panel_id) if found else None


async def figures(conn: Conn, since: datetime | None = None) -> Figures:
    """Without `since`: of a year."""
    since = since or clock.now() - YEAR
    closed = await store.closed_since(conn, since, _MOST)
    panel_ids = [row["id"] for row in closed]
    ballots = await store.ballots(conn, panel_ids)
    tallies = [
        agreement.tally(ballot["answer"] for ballot in ballots if ballot["panel_id"] == panel_id)
        for panel_id in panel_ids
    ]
    hours = [(row["closed_at"] - row["called_at"]).total_seconds() / 3600 for row in closed]
    outcomes = agreement.tally(row["outcome"] for row in closed)
    return Figures(
        since=since,
        panels=len(closed),
        upheld=outcomes.get("uphold", 0),
        overturned=outcomes.get("overturn", 0),
        none=outcomes.get("none", 0),
        ballots=len(ballots),
        asked=len(await store.seats(conn, panel_ids)),
        median_hours=median(hours) if hours else None,
        agreement=agreement.agreeing_pairs(tallies),
        alpha=agreement.alpha(tallies),
    )


async def records(conn: Conn, by: Caller) -> dict[int, Record]:
    """Account -> record of those who were drawn within a year, for the staff. Which panel was whose isn't told."""
    core.check_staff(by)
    closed = {row["id"]: row["outcome"] for row in await store.closed_since(conn, clock.now() - YEAR, _MOST)}
    answers = {(row["panel_id"], row["seat"]): row["answer"] for row in await store.ballots(conn, list(closed))}
    found: dict[int, list[Row]] = {}
    for seat in await store.seats(conn, list(closed)):
        if seat["account_id"]:
            found.setdefault(seat["account_id"], []).append(seat)
    return {account_id: _record(seats, closed, answers) for account_id, seats in found.items()}


async def my_record(conn: Conn, account_id: int) -> Record:
    """A juror's own, over his last panels that are closed."""
    seats = await store.seats_of(conn, account_id, 200)
    rows = [await store.panel(conn, panel_id) for panel_id in {seat["panel_id"] for seat in seats}]
    closed = {row["id"]: row["outcome"] for row in rows if row is not None and row["state"] == "closed"}
    answers = {(row["panel_id"], row["seat"]): row["answer"] for row in await store.ballots(conn, list(closed))}
    return _record([seat for seat in seats if seat["panel_id"] in closed], closed, answers)


def _record(seats: list[Row], closed: dict[int, str], answers: dict[tuple[int, int], str]) -> Record:
    cast = [(answers[key], closed[key[0]]) for seat in seats if (key := (seat["panel_id"], seat["seat"])) in answers]
    decided = [(answer, outcome) for answer, outcome in cast if outcome != "none"]
    return Record(
        drawn=len(seats),
        voted=len(cast),
        silent=sum(seat["state"] == "silent" for seat in seats),
        with_outcome=sum(answer == outcome for answer, outcome in decided),
        decided=len(decided),
    )


async def _views(conn: Conn, rows: list[Row], *, for_staff: bool = False) -> list[PanelView]:
    panel_ids = [row["id"] for row in rows]
    seats = await store.seats(conn, panel_ids)
    ballots = {(row["panel_id"], row["seat"]): row for row in await store.ballots(conn, panel_ids)}
    return [_view(row, [one for one in seats if one["panel_id"] == row["id"]], ballots, for_staff) for row in rows]


def _view(row: Row, seats: list[Row], ballots: dict[tuple[int, int], Row], for_staff: bool) -> PanelView:
    closed = row["state"] == "closed"
    cast = {seat: one for (panel_id, seat), one in ballots.items() if panel_id == row["id"]}
    shown = cast if closed else {}
    plain = ("id", "state", "question", "committed_at", "called_at", "drawn_at", "closes_at", "closed_at")
    more = ("seats", "votes", "pool_size", "outcome", "why_none")
    return PanelView(
        **{name: row[name] for name in plain + more},
        commitment=row["commitment"].hex(),
        pool_digest=row["pool_digest"].hex() if row["pool_digest"] else "",
        passed_over=len(row["passed_over"]),
        seed=row["seed"].hex() if closed else None,
        cast=len(cast),
        chairs=[
            Chair(
                seat=one["seat"],
                juror=one["juror"],
                replaces=one["replaces"],
                state=one["state"],
                answer=shown[one["seat"]]["answer"] if one["seat"] in shown else None,
                reason=shown[one["seat"]]["reason"] if one["seat"] in shown else None,
            )
            for one in seats
        ],
        case_id=row["case_id"] if for_staff else None,
    )
