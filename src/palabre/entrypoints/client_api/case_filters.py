"""/api/palabre/v1/case_filters: which cases a moderator likes to see."""

from starlette.responses import Response

from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.edge.case_filters import wanted, written
from palabre.features.moderation import triage
from palabre.features.moderation.triage import SavedFilter

routes = Routes()
READ, WRITE = "admin:read:reports", "admin:write:reports"


@routes.get("/api/palabre/v1/case_filters", scope=READ)
async def browse(request: Request) -> Response:
    """One's saved filters."""
    return json([_entity(one) for one in await triage.filters(request.conn, request.me)])


@routes.post("/api/palabre/v1/case_filters", scope=WRITE)
async def save(request: Request) -> Response:
    """Save a filter under a `name`; the rest as for the list of cases."""
    asked = wanted(request)
    filter_id = await triage.save_filter(request.conn, request.me, request.text("name"), asked)
    return json(_entity(SavedFilter(filter_id, request.text("name"), asked)))


@routes.delete("/api/palabre/v1/case_filters/{id}", scope=WRITE)
async def delete(request: Request) -> Response:
    """Forget a saved filter."""
    await triage.delete_filter(request.conn, request.me, request.id())
    return json({})


def _entity(view: SavedFilter) -> dict[str, object]:
    return {"id": str(view.id), "name": view.name, "filter": written(view.wanted)}
