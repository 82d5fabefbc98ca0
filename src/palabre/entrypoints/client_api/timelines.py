"""/api/v1/timelines: home, local, hashtag."""

from starlette.responses import Response

from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.client_api.paging import link
from palabre.entrypoints.edge import Request, Routes
from palabre.features import timelines
from palabre.features.timelines import Timeline

routes = Routes()


@routes.get("/api/v1/timelines/home", scope="read:statuses")
async def home(request: Request) -> Response:
    """Posts by the people one follows, newest first."""
    return answer(request, await timelines.home(request.conn, request.me.id, request.page()))


@routes.get("/api/v1/timelines/public", scope="public", reads="read:statuses")
async def public(request: Request) -> Response:
    """Public posts of this network. `remote=true` gives none: nothing arrives from elsewhere yet."""
    if request.flag("remote") and not request.flag("local"):
        return json([])
    found = await timelines.local(
        request.conn, request.viewer_id, request.page(), only_media=request.flag("only_media")
    )
    return answer(request, found)


@routes.get("/api/v1/timelines/tag/{tag}", scope="public", reads="read:statuses")
async def hashtag(request: Request) -> Response:
    """Public posts with a hashtag."""
    found = await timelines.hashtag(request.conn, request.path["tag"], request.viewer_id, request.page())
    return answer(request, found)


def answer(request: Request, timeline: Timeline) -> Response:
    """A page of posts with its Link header."""
    response = raw(entities.statuses(timeline.posts, request.viewer_id))
    return link(request, response, timeline.first, timeline.last)
