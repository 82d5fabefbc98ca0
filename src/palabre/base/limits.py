"""How often somebody may do something: fixed windows of time, counted per process or, where it matters, in the database."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from palabre.base.db import Database
from palabre.base.errors import TooMany
from palabre.base.tables import Table, Tables

TABLES: Tables = {"rate_windows": Table(key="name", derived=True)}
_MOST_KEPT = 50_000


@dataclass(frozen=True)
class Limit:
    """So many in so many seconds. `shared`: counted across all processes."""

    name: str
    hits: int
    seconds: int
    shared: bool = False


@dataclass
class Standing:
    """How somebody stands against a limit; `reset` in seconds since 1970."""

    limit: int
    remaining: int
    reset: float

    @property
    def reset_at(self) -> datetime:
        return datetime.fromtimestamp(self.reset, UTC)

    def check(self) -> None:
        """Raises TooMany for one who has gone over."""
        if self.remaining < 0:
            raise TooMany(max(1.0, self.reset - time.time()))


_windows: dict[tuple[str, str], tuple[int, float]] = {}


def hit(limit: Limit, who: str) -> Standing:
    """Count one, in this process."""
    at = time.time()
    hits, ends = _windows.get((limit.name, who), (0, 0.0))
    if ends <= at:
        hits, ends = 0, at + limit.seconds
        if len(_windows) >= _MOST_KEPT:
            _forget(at)
    _windows[(limit.name, who)] = (hits + 1, ends)
    return Standing(limit.hits, limit.hits - hits - 1, ends)


def reset() -> None:
    """Forget what this process has counted."""
    _windows.clear()


def _forget(at: float) -> None:
    for key in [key for key, (_, ends) in _windows.items() if ends <= at]:
        del _windows[key]
    if len(_windows) >= _MOST_KEPT:
        _windows.clear()


async def hit_shared(db: Database, limit: Limit, who: str) -> Standing:
    """Count one, across processes; in a transaction of its own, so that refused attempts count too."""
    async with db.transaction(durable=False) as conn:
        row = await conn.row(
            """INSERT INTO rate_windows AS w VALUES ($1, 1, now() + $2) ON CONFLICT (name) DO UPDATE SET
                 hits = CASE WHEN w.expires_at <= now() THEN 1 ELSE w.hits + 1 END,
                 expires_at = CASE WHEN w.expires_at <= now() THEN now() + $2 ELSE w.expires_at END
               RETURNING hits, expires_at""",
            f"{limit.name}:{who}",
            timedelta(seconds=limit.seconds),
        )
    assert row is not None
    return Standing(limit.hits, limit.hits - row["hits"], row["expires_at"].timestamp())


async def sweep(db: Database) -> None:
    async with db.transaction(durable=False) as conn:
        await conn.execute("DELETE FROM rate_windows WHERE expires_at < now()")
