"""Which hosts follow this one, and what each still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.features.portability.standby import store


@dataclass(frozen=True)
class Standby:
    """`waiting`, `bytes`: media it has not confirmed (counted up to 100,000); `behind`: seconds the oldest waits, 0 if none.

    `copied_at`: when it had all that was there as it began; None while it copies.
    """

    name: str
    since: datetime
    seen_at: datetime | None
    copied_at: datetime | None
    waiting: int
    bytes: int
    behind: float


async def register(conn: Conn, name: str) -> datetime:
    """From the commit on, what is written waits for this standby too. Registering again changes nothing."""
    return await store.register(conn, name, clock.now())


async def forget(conn: Conn, name: str) -> bool:
    """Keep nothing for it any more; whether it was known."""
    return await store.forget(conn, name)


async def forget_all(conn: Conn) -> None:
    """As a standby is promoted: the rows it inherited are about itself and others that must copy anew."""
    await store.forget_all(conn)


async def standbys(conn: Conn) -> list[Standby]:
    return [_standby(dict(row)) for row in await store.standbys(conn)]


def _standby(row: dict[str, object]) -> Standby:
    oldest = row.pop("oldest")
    behind = max((clock.now() - ids.made_at(oldest)).total_seconds(), 0.0) if isinstance(oldest, int) else 0.0
    return Standby(behind=behind, **row)  # type: ignore[arg-type]


async def journal(conn: Conn, keys: Sequence[str], gone: bool, size: int = 0) -> tuple[int, Sequence[str]]:
    """Note a put or delete for every standby: the (last) note's id, and who they are."""
    new = [ids.new() for _ in keys]
    return new[-1], await store.journal(conn, new, keys, gone, [size] * len(new))
