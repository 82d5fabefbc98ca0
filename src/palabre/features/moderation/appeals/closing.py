"""What follows when an appeal is over, however it ended."""

from palabre.base.db import Conn
from palabre.features.moderation import reports
from palabre.features.moderation import store as cases


async def close(conn: Conn, case_id: int) -> None:
    """The case has its own deadline again, unless another appeal is open."""
    if not any(one["open"] for one in await cases.appealed(conn, case_id)):
        await reports.sum_up(conn, case_id)
