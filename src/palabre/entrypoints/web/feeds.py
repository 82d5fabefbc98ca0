"""Pages that show a timeline."""

from collections.abc import Collection
from typing import Any

from starlette.responses import Response

from palabre.base.paging import Page
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web import paging, present
from palabre.entrypoints.web.pages import page
from palabre.features.timelines import Timeline


async def feed(
    request: Request,
    template: str,
    asked: Page,
    found: Timeline,
    without: Collection[int] = (),
    **values: Any,
) -> Response:
    """`without`: posts that the page shows already. `since`: the newest entry, for asking later whether there is more."""
    if top := paging.at_the_top(asked, request, len(found.posts)):
        return top
    shown = {
        "posts": await present.posts(
            request.conn, [post for post in found.posts if post.id not in without], request.viewer_id
        ),
        "since": found.first if asked.max_id is None and asked.min_id is None else None,
        **paging.ends(asked, request, found.first, found.last, _length(asked, found)),
    }
    return await page(request, template, **(shown | values))


def _length(asked: Page, found: Timeline) -> int:
    """A page that gave up amid posts not for this reader is short, and yet there may be more behind it."""
    gave_up = bool(found.last and (not found.posts or found.last < found.posts[-1].id))
    return asked.limit if gave_up else len(found.posts)
