"""/letters: what the moderators wrote to one; /statement: the same by the link in the mail, without signing in."""

from types import SimpleNamespace

from starlette.responses import Response

from palabre.base.errors import NotFound
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.pages import language, page, words
from palabre.features import instance, moderation
from palabre.features.moderation import Letter, appeals
from palabre.features.moderation.appeals import Appellant

routes = Routes()


@routes.get("/letters", scope="member", transaction="writing", open_to="suspended")
async def letters(request: Request) -> Response:
    """What the moderators wrote to one, and one's strikes. Seeing a letter is reading it."""
    found = await moderation.letters(request.conn, request.me.id)
    unread = [letter.id for letter in found if letter.read_at is None]
    if unread:
        await moderation.mark_read(request.conn, request.me.id, unread)
    return await page(
        request,
        "letters.html",
        letters=[_line(request, letter) for letter in found],
        strikes=await moderation.strikes(request.conn, request.me.id),
        standing=request.me.standing,
    )


@routes.get("/letters/{id}", scope="member", transaction="writing", open_to="suspended")
async def letter(request: Request) -> Response:
    """One letter in full: to an author, the statement of reasons."""
    found = await moderation.letter(request.conn, request.me.id, request.id())
    await moderation.mark_read(request.conn, request.me.id, [found.id])
    return await _whole(request, found)


@routes.get("/statement/{secret}", scope="public", open_to="suspended")
async def by_secret(request: Request) -> Response:
    """A letter, for whoever has the secret address that was mailed."""
    try:
        _, found = await moderation.by_secret(request.conn, request.path["secret"])
    except NotFound:
        return await page(request, "letter.html", status=404, letter=None, sections=[], by_secret=True, appeal_at="")
    response = await _whole(request, found, by_secret=True)
    response.headers["cache-control"] = "no-store"
    response.headers["x-robots-tag"] = "noindex"
    return response


async def _whole(request: Request, letter: Letter, *, by_secret: bool = False) -> Response:
    contact = (await instance.about(request.conn)).contact_email
    return await page(
        request,
        "letter.html",
        letter=_line(request, letter),
        sections=moderation.sections(letter, language(request), contact),
        by_secret=by_secret,
        appeal_at=await _appeal_at(request, letter, by_secret=by_secret),
    )


async def _appeal_at(request: Request, letter: Letter, *, by_secret: bool) -> str:
    """Where to appeal against what a letter says, or to read on about an appeal; nothing where there is nothing to be done."""
    account_id = letter.to_id
    if letter.undoing:
        return ""
    if letter.kind in ("author", "reporter"):
        decision = await moderation.find_decision(request.conn, letter.case_id, letter.decision_id)
        if await appeals.may_appeal(request.conn, Appellant(account_id=account_id), decision):
            return f"/statement/{request.path['secret']}/appeal" if by_secret else f"/appeals/new?letter={letter.id}"
    return "/appeals"


def _line(request: Request, letter: Letter) -> SimpleNamespace:
    return SimpleNamespace(
        id=letter.id,
        url=f"/letters/{letter.id}",
        to_author=letter.kind == "author",
        about_appeal=letter.kind in ("appeal", "question"),
        undoing=letter.undoing,
        said=str(words(request)(letter.words)) % letter.params if letter.words else "",
        reason=letter.reason,
        expires_at=letter.expires_at if letter.kind == "author" else None,
        created_at=letter.created_at,
        unread=letter.read_at is None,
    )
