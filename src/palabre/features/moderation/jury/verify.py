"""Computing a draw again from what was published of it. Needs nothing but that one document."""

from collections.abc import Mapping
from typing import Any

import msgspec

from palabre.base.db import Conn
from palabre.features.moderation import log
from palabre.features.moderation.canonical import canonical, digest
from palabre.features.moderation.jury import store
from palabre.features.moderation.jury.draw import Lot, commitment, held_seats
from palabre.features.moderation.jury.sit import sealed


class Drawn(msgspec.Struct, frozen=True):
    seat: int
    juror: str
    replaces: int | None = None


class Published(msgspec.Struct, frozen=True):
    """What `read.published` says of a closed panel, as far as the draw is concerned."""

    panel: str
    commitment: str
    seats: int
    votes: int
    pool_sha256: str
    drawn: list[Drawn]
    seed: str | None = None
    passed_over: list[str] | None = None
    pool: dict[str, int] | None = None


def verify(document: Mapping[str, Any]) -> list[str]:
    """What doesn't fit; an empty list: the draw is as it had to be. Raises ValueError for no such document."""
    found = msgspec.convert(document, Published)
    if found.seed is None:
        return ["the panel is not closed yet: its seed is still secret"]
    if found.pool is None:
        return ["the pool is kept no more: only its digest is left"]
    seed = bytes.fromhex(found.seed)
    faults = []
    if commitment(seed).hex() != found.commitment:
        faults.append("the seed is not the one that was committed to")
    if digest(canonical(found.pool)).hex() != found.pool_sha256:
        faults.append("the pool is not the one that was drawn from")
    lot = Lot(seed, int(found.panel), found.pool, found.seats, found.votes)
    return faults + _check_seats(lot, found)


def _check_seats(lot: Lot, found: Published) -> list[str]:
    """Draw each seat again, in turn."""
    faults = []
    before: list[tuple[int, str, int | None]] = []
    for one in found.drawn:
        others = [juror for seat, juror in held_seats(before).items() if seat != one.replaces]
        drawn = {juror for _, juror, _ in before}
        due = lot.draw(others, drawn, set(found.passed_over or ()))
        if due != one.juror:
            faults.append(f"seat {one.seat} was {due}'s, but {one.juror} has it")
        before.append((one.seat, one.juror, one.replaces))
    return faults


async def verify_ballots(conn: Conn, panel_id: int) -> list[str]:
    """Whether the ballots of a panel are those that the case's log sealed when they were cast."""
    panel = await store.panel(conn, panel_id)
    if panel is None or panel["case_id"] is None:
        return []
    entries = [one.data for one in await log.entries(conn, panel["case_id"]) if one.kind == "jury_voted"]
    noted = {one["seat"]: one["ballot"] for one in entries if one["panel"] == panel_id}
    kept = {
        row["seat"]: sealed(panel_id, row["seat"], row["answer"], row["reason"], row["nonce"])
        for row in await store.ballots(conn, [panel_id])
    }
    return [
        f"the ballot of seat {seat} was changed" for seat in sorted(noted | kept) if noted.get(seat) != kept.get(seat)
    ]
