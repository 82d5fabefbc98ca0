"""Once the community's end has come: everything can be read and taken along, and nothing new is written."""

from palabre.base.db import Conn
from palabre.base.errors import Forbidden
from palabre.entrypoints.edge.routes import Route
from palabre.features import instance

#: What stays open: coming in, taking one's data along, removing it, saying where one went; and what the law goes on asking
#: for: notices, decisions, letters, appeals and their juries.
_STILL_OPEN = (
    "/sign-in", "/sign-out", "/oauth", "/forgot", "/reset", "/confirm", "/preferences", "/terms/accept", "/own",
    "/settings/data", "/settings/sessions", "/settings/apps", "/settings/account", "/settings/two-factor",
    "/@{handle}/{id}/delete", "/notifications", "/notice", "/report", "/letters", "/statement", "/appeals", "/jury",
    "/moderation", "/admin", "/api/v1/apps", "/api/v1/emails", "/api/v1/markers", "/api/v1/notifications",
    "/api/v2/notifications", "/api/v1/reports", "/api/v1/admin", "/api/palabre/v1",
)  # fmt: skip


async def check_open(conn: Conn, route: Route) -> None:
    """Raises Forbidden for what writes after the end."""
    if route.method in ("GET", "DELETE") or route.path.startswith(_STILL_OPEN):
        return
    if (await instance.about(conn)).closed:
        raise Forbidden("This community has closed: it can be read, and nothing new can be written", code="ended")
