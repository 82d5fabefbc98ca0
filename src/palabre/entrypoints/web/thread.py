"""A post in its conversation, and its earlier versions."""

from starlette.responses import RedirectResponse, Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import drafts, present
from palabre.entrypoints.web.pages import page
from palabre.features import posts, timelines
from palabre.features.posts import PostView

routes = Routes()


@routes.get("/@{handle}/{id}", scope="public")
async def thread(request: Request) -> Response:
    """A post, what it answers and what answers it."""
    found = await timelines.thread(request.conn, request.id(), request.viewer_id)
    post = found.post
    address = present.path(post.public.url)
    if request.path["handle"] != post.author.public.acct or request.id() != post.id:
        return RedirectResponse(address, 308)
    conn, viewer = request.conn, request.viewer_id
    draft = await drafts.answer(request, post) if viewer else None
    shown = await present.posts(conn, [*found.ancestors, post, *found.descendants], viewer)
    at = len(found.ancestors)
    return await page(
        request,
        "thread.html",
        ancestors=shown[:at],
        post=shown[at],
        replies=list(zip(shown[at + 1 :], depths(post.id, found.descendants), strict=True)),
        **(await drafts.writing(request, draft) if draft else {"draft": None, "limits": None, "languages": []}),
    )


@routes.get("/@{handle}/{id}/history", scope="public")
async def history(request: Request) -> Response:
    """Every version of a post, newest first."""
    view = await posts.look_at(request.conn, request.id(), request.viewer_id)
    versions = await posts.history(request.conn, view.id, request.viewer_id)
    shown = [
        {"content_html": present.html(one.said.content), "spoiler": one.said.spoiler_text, "created_at": one.at}
        for one in reversed(versions)
    ]
    return await page(request, "history.html", post=present.post(view, request.viewer_id), versions=shown)


def depths(root: int, replies: list[PostView]) -> list[int]:
    """How far each stands below the post; answers whose own parent isn't shown stand under the post itself."""
    below = {root: -1}
    for reply in replies:
        below[reply.id] = below.get(reply.in_reply_to_id or 0, -1) + 1
    return [below[reply.id] for reply in replies]
