"""/api/v1/accounts: people, as others see them and as they see themselves."""

from starlette.responses import Response

from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts

routes = Routes()


@routes.get("/api/v1/accounts/{id}", scope="public")
async def account(request: Request) -> Response:
    """One account."""
    return raw(entities.account(await accounts.look_at(request.conn, request.id())))
