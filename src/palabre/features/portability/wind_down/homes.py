"""Where members can be found afterwards."""

import re
from urllib.parse import urlsplit

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.errors import Refused
from palabre.features.accounts.events import AccountDeleted
from palabre.features.portability.wind_down import store

_HANDLE = re.compile(r"@?([A-Za-z0-9_.-]{1,100})@([A-Za-z0-9.-]{1,200}\.[A-Za-z0-9-]{2,63}(?::\d{1,5})?)")
_LONGEST = 500


async def set_home(conn: Conn, account_id: int, written: str) -> str | None:
    """An address of the web, or @name@domain; empty: none. What is kept. Raises Refused for anything else."""
    url = _as_url(written.strip())
    if url:
        await store.put_home(conn, account_id, url, clock.now())
    else:
        await store.forget_home(conn, account_id)
    return url or None


def _as_url(written: str) -> str:
    if handle := _HANDLE.fullmatch(written):
        return f"https://{handle[2]}/@{handle[1]}"
    try:
        parts = urlsplit(written)
        sound = parts.scheme in ("https", "http") and bool(parts.hostname) and written.isprintable()
    except ValueError:
        sound = False
    if written and (not sound or len(written) > _LONGEST or any(sign in written for sign in " \"'<>\\`{}")):
        raise Refused("must be a web address or @name@domain", field="home", code="url")
    return written


@duty
async def forget_home(conn: Conn, event: AccountDeleted) -> None:
    await store.forget_home(conn, event.account_id)
