"""/moderation/answers: what moderators write again and again."""

from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import moderation

routes = Routes()


@routes.get("/moderation/answers", scope="session")
async def answers(request: Request) -> Response:
    """Saved answers, each to be changed or removed, and a form for another."""
    check_staff(request)
    return await _page(request, {})


async def _page(request: Request, errors: Errors) -> Response:
    found = await moderation.answers(request.conn, request.me)
    status = 422 if errors else 200
    return await page(
        request, "moderation/answers.html", status=status, answers=found, values=typed(request), errors=errors
    )


@routes.post("/moderation/answers", scope="session")
async def save(request: Request) -> Response:
    """Keep a new answer, or another wording of the one whose `id` is sent."""
    check_staff(request)
    ask_again(request, _page, default="text")
    answer_id = ids.parse(request.text("id")) if request.text("id") else None
    if request.text("id") and answer_id is None:
        raise NotFound
    await moderation.save_answer(request.conn, request.me, answer_id, request.text("name"), request.text("text"))
    _ = words(request)
    return back(request, "/moderation/answers", Flash("done", _("Saved.")))


@routes.post("/moderation/answers/{id}/remove", scope="session")
async def remove(request: Request) -> Response:
    """Remove a saved answer; letters written with it stay as they are."""
    check_staff(request)
    await moderation.remove_answer(request.conn, request.me, request.id())
    _ = words(request)
    return back(request, "/moderation/answers", Flash("done", _("Removed.")))
