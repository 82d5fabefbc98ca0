"""Drawing from a panel's pool while looking, in the order of the draw, at who is partial."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from palabre.base import clock, events
from palabre.base.db import Conn, Row
from palabre.features.moderation import log
from palabre.features.moderation.jury import pool, store
from palabre.features.moderation.jury.draw import Lot, held_seats
from palabre.features.moderation.jury.events import PanelDrawn

_LOOKED_AT_TOGETHER = 40


class Urn:
    """Made by `await Urn.of(conn, panel, seats)`; its panel is locked."""

    def __init__(self, conn: Conn, panel: Row, seats: list[Row], behind: dict[str, int], conflicts: pool.Conflicts):
        self._conn = conn
        self._panel = panel
        self._behind = behind
        self._conflicts = conflicts
        self._lot = lot_of(panel)
        self._last = len(seats)
        self._held = held_seats([(row["seat"], row["juror"], row["replaces"]) for row in seats])
        self._drawn = {row["juror"] for row in seats}
        self._fit: set[str] = set(self._drawn)
        self._passed_over: set[str] = set(panel["passed_over"])

    @classmethod
    async def of(cls, conn: Conn, panel: Row, seats: list[Row]) -> "Urn":
        behind = await pool.behind(conn, panel["id"])
        return cls(conn, panel, seats, behind, await pool.Conflicts.of(conn, panel))

    async def fill(self, empty: Sequence[int | None], due_at: datetime, *, or_none: bool = False) -> list[int]:
        """Draw somebody for each of the seats (None: a new one), as far as there is anybody; the numbers of the new seats.

        `or_none`: if some would stay empty, leave all of them so.
        """
        drawn = [found for replaces in empty if (found := await self._draw(replaces))]
        await store.update_panel(self._conn, self._panel["id"], passed_over=sorted(self._passed_over))
        if not drawn or (or_none and len(drawn) < len(empty)):
            return []
        for number, juror, replaces in drawn:
            await self._seat(number, juror, replaces, due_at)
        numbers = [number for number, _, _ in drawn]
        await events.record(self._conn, PanelDrawn(self._panel["id"], numbers))
        return numbers

    async def _draw(self, replaces: int | None) -> tuple[int, str, int | None] | None:
        others = [juror for seat, juror in self._held.items() if seat != replaces]
        while juror := self._lot.draw(others, self._drawn, self._passed_over):
            if juror not in self._fit:
                await self._look_at(juror)
                continue
            self._last += 1
            self._held.pop(replaces or 0, None)
            self._held[self._last] = juror
            self._drawn.add(juror)
            return self._last, juror, replaces
        return None

    async def _look_at(self, juror: str) -> None:
        """See who is partial, of this juror and some of those who come next."""
        order = self._lot.order
        later = (one for one in islice(order, order.index(juror), None) if one not in self._fit | self._passed_over)
        some = list(islice(later, _LOOKED_AT_TOGETHER))
        found = {one: self._behind[one] for one in some if one in self._behind}
        partial = await self._conflicts.partial(self._conn, list(found.values()))
        fit = {one for one, account_id in found.items() if account_id not in partial}
        self._fit |= fit
        self._passed_over |= set(some) - fit

    async def _seat(self, number: int, juror: str, replaces: int | None, due_at: datetime) -> None:
        panel_id = self._panel["id"]
        row = {
            "panel_id": panel_id,
            "seat": number,
            "account_id": self._behind[juror],
            "juror": juror,
            "replaces": replaces,
            "drawn_at": clock.now(),
            "due_at": due_at,
        }
        await store.insert_seat(self._conn, row)
        noted = {"panel": panel_id, "seat": number, "juror": juror, "replaces": replaces}
        await log.append(self._conn, self._panel["case_id"], None, "jury_drawn", noted)


def lot_of(panel: Row) -> Lot:
    return Lot(panel["seed"], panel["id"], pool.unpack(panel["pool"]), panel["seats"], panel["votes"])
