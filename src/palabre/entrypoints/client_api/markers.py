"""/api/v1/markers: how far one has read, on all devices."""

from typing import Annotated

import msgspec
from starlette.responses import Response

from palabre.base.clock import iso
from palabre.base.ids import LARGEST
from palabre.entrypoints.client_api.door import json
from palabre.entrypoints.edge import Request, Routes
from palabre.features import notifications
from palabre.features.notifications import Marker

routes = Routes()


class LastRead(msgspec.Struct):
    last_read_id: Annotated[int, msgspec.Meta(ge=0, le=LARGEST)]


class Positions(msgspec.Struct):
    home: LastRead | None = None
    notifications: LastRead | None = None


@routes.get("/api/v1/markers", scope="read:statuses")
async def markers(request: Request) -> Response:
    """The markers of the timelines asked about."""
    return _shown(await notifications.markers(request.conn, request.me.id, request.listed("timeline")))


@routes.post("/api/v1/markers", scope="write:statuses", open_to="frozen")
async def mark(request: Request) -> Response:
    """Note how far one has read."""
    asked = request.input(Positions)
    read = {"home": asked.home, "notifications": asked.notifications}
    positions = {timeline: position.last_read_id for timeline, position in read.items() if position}
    return _shown(await notifications.mark(request.conn, request.me.id, positions))


def _shown(found: dict[str, Marker]) -> Response:
    return json(
        {
            timeline: {
                "last_read_id": str(marker.last_read_id),
                "version": marker.version,
                "updated_at": iso(marker.updated_at),
            }
            for timeline, marker in found.items()
        }
    )
