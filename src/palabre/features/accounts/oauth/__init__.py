"""Applications that act for members: registered, asked for, allowed, given tokens."""

from palabre.base.db import Database
from palabre.features.accounts.oauth import store


async def discard_codes(db: Database) -> None:
    """Forget codes a day after they ceased to work."""
    async with db.transaction() as conn:
        await store.discard_codes(conn)


__all__ = ["discard_codes"]
