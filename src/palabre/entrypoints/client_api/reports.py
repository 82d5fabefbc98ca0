"""/api/v1/reports: bringing a post or an account before the moderators."""

from typing import Annotated

import msgspec
from starlette.responses import Response

from palabre.base import ids
from palabre.entrypoints.client_api import admin_entities
from palabre.entrypoints.client_api.door import raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, moderation

routes = Routes()
Id = Annotated[int, msgspec.Meta(ge=0, le=ids.LARGEST)]


class NewReport(msgspec.Struct):
    account_id: Id
    status_ids: list[Id] = []
    comment: str | None = None
    forward: bool = False
    category: str | None = None
    rule_ids: list[Id] = []


@routes.post("/api/v1/reports", scope="write:reports", limit="report")
async def create_report(request: Request) -> Response:
    """Report an account, and posts of its. Once answered, the report is kept, whatever becomes of the posts."""
    new = request.input(NewReport)
    await moderation.notices.senders.check_member(request.conn, request.me.id, new.category or "other")
    made = await moderation.report(
        request.conn,
        request.me.id,
        new.account_id,
        new.status_ids,
        new.comment or "",
        new.category or "other",
        new.rule_ids,
        new.forward,
    )
    target = (await accounts.look(request.conn, [made.account_id]))[made.account_id]
    return raw(admin_entities.report(made, target))
