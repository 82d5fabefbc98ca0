"""The draw: a pure function of a seed, a panel's number and a listed pool, which anybody can compute again.

1. A juror's ticket is SHA-256 of "seed in hex:panel id:pseudonym"; the pool is ordered by ticket, the lowest first.
2. Each juror belongs to a stratum: his camp or, if he is in none (camp 0), one of the camps by lot, by his ticket.
3. A seat goes to the first in the order who was not drawn before, was not passed over, and whose stratum holds fewer
   of the other seats than its share: the seats divided by the camps, rounded up. If nobody is left under that share, it
   grows one by one, but never so far that a camp alone could decide; nor do those in no camp get so many seats: made-up
   accounts have no camp.
4. A replacement is drawn in the same way, after the seat it replaces was cleared.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


def commitment(seed: bytes) -> bytes:
    return hashlib.sha256(seed).digest()


def pseudonym(salt: bytes, panel_id: int) -> str:
    """What a juror is called on one panel; only who knows the salt can tell two of them to be the same person."""
    return hashlib.sha256(f"{salt.hex()}:{panel_id}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Lot:
    """`pool`: pseudonym -> camp (0: none). `votes`: how many decide, so that no camp is given as many seats."""

    seed: bytes
    panel_id: int
    pool: Mapping[str, int]
    seats: int
    votes: int

    @cached_property
    def order(self) -> list[str]:
        return sorted(self.pool, key=self._ticket)

    @cached_property
    def shares(self) -> range:
        """How many seats a stratum may hold, the least first. With one camp, or none, there is nothing to divide."""
        if len(self._camps) < 2:
            return range(self.seats, self.seats + 1)
        least = -(-self.seats // len(self._camps))
        return range(least, max(least, self.votes - 1) + 1)

    def stratum(self, juror: str) -> int:
        camp = self.pool.get(juror, 0)
        if camp or not self._camps:
            return camp
        return self._camps[int.from_bytes(self._ticket(juror)[-8:]) % len(self._camps)]

    def draw(self, others: Collection[str], drawn: Collection[str], passed_over: Collection[str]) -> str | None:
        """Who gets a free seat. `others`: who holds the other seats; `drawn`: all who ever held one."""
        held = Counter(self.stratum(juror) for juror in others)
        campless = len(self._camps) > 1 and sum(not self.pool.get(juror) for juror in others) >= self.votes - 1
        out = {*drawn, *passed_over} | {juror for juror in self.pool if campless and not self.pool[juror]}
        for share in self.shares:
            for juror in self.order:
                if juror not in out and held[self.stratum(juror)] < share:
                    return juror
        return None

    @cached_property
    def _camps(self) -> Sequence[int]:
        return sorted({camp for camp in self.pool.values() if camp})

    def _ticket(self, juror: str) -> bytes:
        return hashlib.sha256(f"{self.seed.hex()}:{self.panel_id}:{juror}".encode()).digest()


def held_seats(seats: Sequence[tuple[int, str, int | None]]) -> dict[int, str]:
    """Seat -> juror of those that nobody replaced, from (seat, juror, replaces)."""
    replaced = {replaces for _, _, replaces in seats}
    return {seat: juror for seat, juror, _ in seats if seat not in replaced}
