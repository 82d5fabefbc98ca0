"""How far a standby is behind, by its own clock alone: the first host says how far it is, and we note when we were there."""

import time
from collections import deque
from collections.abc import Callable


class Lag:
    """Positions are bytes since the cluster began."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._reports: deque[tuple[float, int]] = deque(maxlen=3600)  # those not reached yet
        self._replayed = 0
        self._theirs = 0
        self._there: float | None = None
        self._heard: float | None = None

    def heard(self, written: int) -> None:
        """The first host just said how far it is."""
        self._heard = self._now()
        self._theirs = max(self._theirs, written)
        if not self._reports or written > self._reports[-1][1]:
            self._reports.append((self._heard, written))
        self.replayed(self._replayed)

    def replayed(self, position: int) -> None:
        """We just saw how far we are."""
        self._replayed = position
        while self._reports and self._reports[0][1] <= position:
            self._there = self._reports.popleft()[0]
        if self._heard is not None and position >= self._theirs:
            self._there = self._heard

    @property
    def bytes(self) -> int | None:
        """None before the first host was ever heard."""
        return max(0, self._theirs - self._replayed) if self._heard is not None else None

    @property
    def seconds(self) -> float | None:
        """How old what we have is: since we had all that the first host had told. None before."""
        return None if self._there is None else self._now() - self._there

    @property
    def silent(self) -> float | None:
        """Seconds since the first host was heard."""
        return None if self._heard is None else self._now() - self._heard
