"""Reading: home, everything public, a hashtag, and what one has kept."""

from starlette.responses import Response

from palabre.base import ids
from palabre.base.paging import Page
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import drafts, paging, present
from palabre.entrypoints.web.feeds import feed
from palabre.entrypoints.web.pages import page
from palabre.features import accounts, graph, instance, posts, timelines
from palabre.features.accounts import AccountView
from palabre.features.timelines import Timeline

routes = Routes()
_AT_THE_DOOR = 6
_MOST_NEW = 40
_SUGGESTED = 5


@routes.get("/", scope="public")
async def home(request: Request) -> Response:
    """Home: what the people one follows wrote. For visitors, the door."""
    if not request.viewer_id:
        return await _door(request)
    asked = paging.asked(request)
    found = await timelines.home(request.conn, request.viewer_id, asked)
    suggested = [] if found.posts else await _suggestions(request, request.viewer_id)
    return await feed(
        request,
        "home.html",
        asked,
        found,
        suggestions=await present.people(request.conn, suggested, request.viewer_id),
        **await drafts.writing(request, drafts.empty(request)),
    )


@routes.get("/new", scope="public")
async def new(request: Request) -> Response:
    """How many posts there are since the newest one on the page; nothing where there are none."""
    since = ids.parse(request.text("since"))
    asked = Page(_MOST_NEW, since_id=since)
    if since is None:
        return Response(status_code=204)
    if request.text("in") == "public" or not request.viewer_id:
        found, address = await timelines.local(request.conn, request.viewer_id, asked), "/public"
    else:
        found, address = await timelines.home(request.conn, request.viewer_id, asked), "/"
    if not found.posts:
        return Response(status_code=204)
    return await page(request, "fragments/new_posts.html", count=len(found.posts), address=address)


@routes.get("/public", scope="public")
async def public(request: Request) -> Response:
    """All public posts of the community."""
    asked = paging.asked(request)
    return await feed(request, "public.html", asked, await timelines.local(request.conn, request.viewer_id, asked))


@routes.get("/tags/{tag}", scope="public")
async def tag(request: Request) -> Response:
    """Public posts with a hashtag."""
    asked, name = paging.asked(request), request.path["tag"]
    found = await timelines.hashtag(request.conn, name, request.viewer_id, asked)
    use = await posts.tag_use(request.conn, name)
    return await feed(
        request, "tag.html", asked, found, tag={"name": use.display, "lately": sum(d.uses for d in use.days)}
    )


@routes.get("/bookmarks", scope="member")
async def bookmarks(request: Request) -> Response:
    """What one keeps; nobody else sees it."""
    asked = paging.asked(request)
    return await _kept(request, "bookmarks.html", asked, await timelines.bookmarks(request.conn, request.me.id, asked))


@routes.get("/favourites", scope="member")
async def favourites(request: Request) -> Response:
    """What one gave a heart."""
    asked = paging.asked(request)
    return await _kept(
        request, "favourites.html", asked, await timelines.favourites(request.conn, request.me.id, asked)
    )


async def _kept(request: Request, template: str, asked: Page, found: Timeline) -> Response:
    """Lists in an order of their own, whose cursors are not the posts' ids."""
    ends = paging.ends(asked, request, found.first, found.last, len(found.posts))
    return await feed(request, template, asked, found, **ends)


async def _door(request: Request) -> Response:
    about = await instance.about(request.conn)
    found = await timelines.local(request.conn, None, Page(_AT_THE_DOOR))
    return await page(
        request,
        "landing.html",
        posts=await present.posts(request.conn, found.posts, None),
        rules=about.rules,
        members=(await accounts.totals(request.conn)).members,
    )


async def _suggestions(request: Request, viewer_id: int) -> list[AccountView]:
    """Who spoke in public of late, and is neither oneself nor followed yet."""
    lately = await timelines.local(request.conn, viewer_id, Page(_MOST_NEW))
    authors = {post.author_id: post.author for post in lately.posts if post.author_id != viewer_id}
    ties = await graph.relationships(request.conn, viewer_id, authors)
    return [authors[tie.account_id] for tie in ties if not (tie.following or tie.requested)][:_SUGGESTED]
