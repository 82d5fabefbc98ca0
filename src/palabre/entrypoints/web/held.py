"""/posts/held: what one wrote that still waits for a moderator."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features.moderation import screening

routes = Routes()


@routes.get("/posts/held", scope="member")
async def held(request: Request) -> Response:
    """One's own posts that wait, why, and until when."""
    found = await screening.held(request.conn, request.me.id)
    shown = await present.posts(request.conn, [one.post for one in found], request.viewer_id)
    waiting = [
        SimpleNamespace(post=post, title=one.title, words=one.words, due_at=one.due_at, asked_at=one.asked_at)
        for one, post in zip(found, shown, strict=True)
    ]
    return await page(request, "held.html", waiting=waiting)


@routes.post("/posts/held/{id}/ask", scope="member")
async def ask(request: Request) -> Response:
    """Ask for a moderator to look at it sooner."""
    await screening.ask(request.conn, request.me.id, request.id())
    _ = words(request)
    return back(request, "/posts/held", Flash("done", _("The moderators know that you ask for them.")))
