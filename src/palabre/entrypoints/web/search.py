"""Finding people and hashtags by name."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.base.text import tag_key
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import page
from palabre.features import accounts, posts

routes = Routes()


@routes.get("/search", scope="public")
async def search(request: Request) -> Response:
    """A whole name finds its person, a tag its posts."""
    query = request.text("q").strip()[:200]
    tab = request.text("tab") or ("tags" if query.startswith("#") else "people")
    found = await accounts.by_handle(request.conn, query) if query else None
    views = await accounts.look_in_order(request.conn, [found]) if found else []
    tags = []
    if tag_key(query.removeprefix("#")):
        use = await posts.tag_use(request.conn, query.removeprefix("#"))
        lately = sum(day.uses for day in use.days)
        tags = [SimpleNamespace(name=use.display, posts_count=lately)] if lately else []
    return await page(
        request,
        "search.html",
        query=query,
        tab=tab,
        posts=[],
        people=await present.people(request.conn, views, request.viewer_id),
        tags=tags,
        older=None,
        newer=None,
    )
