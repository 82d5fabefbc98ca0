"""What is written comes after all that is there, though this host's clock be behind that of the one it took over from."""

from palabre.base import clock, ids
from palabre.base.db import Conn
from palabre.features.posts import store


async def go_on(conn: Conn) -> None:
    """As a process starts. Else readers who ask for what is newer than the newest they know would miss it."""
    newest = await store.newest(conn, ids.first_at(clock.now() + ids.MOST_AHEAD))
    if newest:
        ids.follow(ids.made_at(newest))
