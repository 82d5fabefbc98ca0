"""/farewell: that the community closes, when, and what becomes of everybody's things."""

from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import documents
from palabre.entrypoints.web.pages import page
from palabre.features import instance

routes = Routes()


@routes.get("/farewell", scope="public", open_to="suspended")
async def farewell(request: Request) -> Response:
    """When the community closes, in its operator's words."""
    end = (await instance.about(request.conn)).end
    if end is None:
        raise NotFound
    return await page(request, "farewell.html", message=documents.html(end.message))
