"""Reports that other servers pass on (ActivityPub's Flag)."""

from collections.abc import Sequence

from palabre.base.db import Conn
from palabre.features import accounts
from palabre.features.moderation.notices.receive import Received, receive
from palabre.features.moderation.notices.rules import Line, Sent
from palabre.settings import current


async def receive_flag(
    conn: Conn, actor: accounts.AccountView, account_id: int, post_ids: Sequence[int], comment: str
) -> Received:
    """`actor`: the account elsewhere, mostly its server's own, that passed on what somebody there reported."""
    origin = current().origin
    urls = [f"{origin}/statuses/{post_id}" for post_id in post_ids] or [f"{origin}/accounts/{account_id}"]
    lines = [Line(url) for url in dict.fromkeys(urls)]
    return await receive(conn, Sent("flag", lines, name=f"@{actor.public.acct}", category="other", explanation=comment))
