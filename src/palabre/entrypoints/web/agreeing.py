"""Whether a member has yet to agree to terms that changed."""

from datetime import datetime
from urllib.parse import quote

from palabre.base import clock
from palabre.base.db import Conn
from palabre.entrypoints.edge import Request
from palabre.features import instance

#: What stays open to who has not agreed to new terms: reading them, taking data along, leaving, and one's own case.
_ALWAYS = (
    "/terms", "/rules", "/privacy", "/about", "/contact", "/settings/data", "/settings/account", "/letters", "/reports",
    "/appeal", "/notice", "/moderation-log", "/transparency", "/admin", "/setup", "/offline", "/farewell", "/sign-", "/delete",
)  # fmt: skip


async def must_agree(conn: Conn, request: Request) -> str | None:
    """Where to send a member who has not agreed to the terms that bind."""
    path, query = request.http.scope["path"], request.http.scope["query_string"].decode("latin-1")
    if not request.viewer_id or request.http.method != "GET" or path.startswith(_ALWAYS):
        return None
    about = await instance.about(conn)
    asked_for = quote(f"{path}?{query}" if query else path, safe="/")
    return f"/terms/accept?next={asked_for}" if about.terms_in_force > request.me.terms_version else None


async def announced(conn: Conn, request: Request) -> datetime | None:
    """From when terms apply that this member has not agreed to yet; None: nothing lies ahead."""
    if not request.viewer_id:
        return None
    about = await instance.about(conn)
    ahead = about.terms_from is not None and about.terms_from > clock.now()
    return about.terms_from if ahead and request.me.terms_version < about.terms_version else None
