"""/moderation/domains/lists, drafts and files: block lists of others, what they propose, and files in and out."""

from starlette.responses import Response

from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web.community import check_staff
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features.moderation import domains
from palabre.features.moderation.domains import TAKEN, Import, lists
from palabre.features.moderation.domains.lists import Wish

routes = Routes()
LISTS, DRAFTS, FILES = (f"/moderation/domains/{name}" for name in ("lists", "drafts", "files"))
_MOST = 10 * 1024**2


@routes.get(LISTS, scope="session")
async def show_lists(request: Request) -> Response:
    """Lists that are followed, and the domains never taken from one."""
    return await _lists(request, {})


async def _lists(request: Request, errors: Errors) -> Response:
    check_staff(request)
    return await page(
        request,
        "moderation/domain_lists.html",
        status=422 if errors else 200,
        lists=await lists.subscriptions(request.conn, request.me),
        exclusions=await lists.exclusions(request.conn, request.me),
        drafts_count=await lists.count_drafts(request.conn),
        values=typed(request),
        errors=errors,
    )


@routes.post(LISTS, scope="session")
async def follow(request: Request) -> Response:
    """Follow a list."""
    check_staff(request)
    ask_again(request, _lists, default="url")
    await lists.subscribe(request.conn, request.me, _wish(request))
    _ = words(request)
    return back(request, LISTS, Flash("done", _("The list is being fetched. What it names waits among the drafts.")))


@routes.post(LISTS + "/{id}", scope="session")
async def change(request: Request) -> Response:
    """Change name, address, order or adoption of a list."""
    check_staff(request)
    ask_again(request, _lists, default="url")
    await lists.edit(request.conn, request.me, request.id(), _wish(request))
    return _saved(request)


@routes.post(LISTS + "/{id}/fetch", scope="session")
async def fetch(request: Request) -> Response:
    """Fetch a list now."""
    check_staff(request)
    await lists.fetch_now(request.conn, request.me, request.id())
    _ = words(request)
    return back(request, LISTS, Flash("done", _("The list is being fetched.")))


@routes.post(LISTS + "/{id}/leave", scope="session")
async def leave(request: Request) -> Response:
    """Follow a list no more; what came from it alone is lifted, or kept."""
    check_staff(request)
    await lists.unsubscribe(request.conn, request.me, request.id(), keep=request.flag("keep"))
    return _saved(request)


@routes.post("/moderation/domains/exclusions", scope="session")
async def exclude(request: Request) -> Response:
    """Never take a domain from a list."""
    check_staff(request)
    ask_again(request, _lists, default="excluded", domain="excluded")
    await lists.exclude(request.conn, request.me, request.text("excluded"), request.text("reason"))
    return _saved(request)


@routes.post("/moderation/domains/exclusions/remove", scope="session")
async def include(request: Request) -> Response:
    """Let lists name a domain again."""
    check_staff(request)
    await lists.include(request.conn, request.me, request.text("domain"))
    return _saved(request)


@routes.get(DRAFTS, scope="session")
async def show_drafts(request: Request) -> Response:
    """What the lists propose, by name."""
    check_staff(request)
    found = await lists.drafts(request.conn, request.me, after=request.text("after"))
    return await page(
        request,
        "moderation/domain_drafts.html",
        drafts=found,
        drafts_count=await lists.count_drafts(request.conn),
        onward=f"{DRAFTS}?after={found[-1].domain}" if len(found) == 50 else None,
    )


@routes.post(DRAFTS, scope="session")
async def decide(request: Request) -> Response:
    """Accept the drafts chosen, dismiss them, or accept all."""
    check_staff(request)
    _ = words(request)
    if request.text("answer") == "all":
        await lists.accept_all(request.conn, request.me)
        return back(request, DRAFTS, Flash("done", _("All drafts come into force within moments.")))
    chosen = [_named(one) for one in request.listed("chosen")]
    if not chosen:
        return back(request, DRAFTS, Flash("problem", _("Choose some of the drafts first.")))
    await (lists.dismiss if request.text("answer") == "dismiss" else lists.accept)(request.conn, request.me, chosen)
    return _saved(request, DRAFTS)


@routes.get(FILES, scope="session")
async def show_files(request: Request) -> Response:
    """Measures in and out as files."""
    return await _files(request, {})


async def _files(request: Request, errors: Errors, report: Import | None = None) -> Response:
    check_staff(request)
    return await page(
        request,
        "moderation/domain_files.html",
        status=422 if errors else 200,
        report=report,
        taken=TAKEN,
        drafts_count=await lists.count_drafts(request.conn),
        errors=errors,
    )


@routes.post(FILES, scope="session")
async def import_file(request: Request) -> Response:
    """Take measures from a file; what became of every line."""
    check_staff(request)
    ask_again(request, _files, default="file")
    file = request.file("file")
    if file is None:
        raise Refused("can't be blank", field="file", code="no_file")
    if len(file.data) > _MOST:
        raise Refused("is too long", field="file", code="too_long")
    text = file.data.decode("utf-8-sig", "replace").replace("\0", "")
    report = await domains.import_file(request.conn, request.me, text, request.text("severity") or "suspend")
    return await _files(request, {}, report)


@routes.get(FILES + "/domains.csv", scope="session")
async def export_file(request: Request) -> Response:
    """What stands, as Mastodon's CSV."""
    check_staff(request)
    text = await domains.export_file(request.conn, request.me)
    headers = {"content-disposition": 'attachment; filename="domains.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _wish(request: Request) -> Wish:
    priority = request.text("priority").strip() or "0"
    if not priority.removeprefix("-").isascii() or not priority.removeprefix("-").isdigit() or len(priority) > 6:
        raise Refused("must be a number", field="priority", code="number")
    return Wish(
        name=request.text("name"),
        url=request.text("url"),
        priority=int(priority),
        severity=request.text("severity") or "suspend",
        adopt=request.flag("adopt"),
    )


def _named(chosen: str) -> tuple[int, str]:
    list_id, _, domain = chosen.partition(":")
    if not list_id.isascii() or not list_id.isdigit() or len(list_id) > 18:
        raise NotFound
    return int(list_id), domain


def _saved(request: Request, to: str = LISTS) -> Response:
    _ = words(request)
    return back(request, to, Flash("done", _("Saved.")))
