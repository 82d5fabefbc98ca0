"""/admin/safekeeping: whether the network would survive the loss of its machine, for its owners."""

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_owner
from palabre.entrypoints.web.pages import language, page
from palabre.features.portability import safekeeping

routes = Routes()


@routes.get("/admin/safekeeping", scope="session")
async def show(request: Request) -> Response:
    """Last archives, last drill, standbys, alarms under way, and what to do next."""
    check_owner(request)
    seen = await safekeeping.look(request.conn)
    return await page(request, "admin/safekeeping.html", report=safekeeping.report(seen, language(request)))
