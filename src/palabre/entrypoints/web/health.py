"""/health: for load balancers and the supervisor."""

from starlette.responses import PlainTextResponse, Response

from palabre.entrypoints.edge import Request, Routes

routes = Routes()


@routes.get("/health", scope="public", open_to="suspended")
async def health(request: Request) -> Response:
    """Whether this process serves and its database answers."""
    await request.conn.ping()
    return PlainTextResponse("ok")
