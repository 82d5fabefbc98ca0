"""/settings/profile: what a member shows of himself."""

from starlette.responses import Response

from palabre.base.errors import Refused
from palabre.entrypoints.edge import Request, Routes
from palabre.entrypoints.web import present
from palabre.entrypoints.web.forms import Errors, ask_again, typed
from palabre.entrypoints.web.pages import Flash, back, page, words
from palabre.features import accounts
from palabre.features.accounts import Picture, Profile
from palabre.features.accounts.profile import MOST_FIELDS, PictureKind

routes = Routes()
_KINDS: tuple[PictureKind, ...] = ("avatar", "header")
_SLOTS = range(1, MOST_FIELDS + 1)


@routes.get("/settings", scope="session")
async def settings(request: Request) -> Response:
    """The settings begin with the profile."""
    return back(request, "/settings/profile")


@routes.get("/settings/profile", scope="session")
async def show(request: Request) -> Response:
    """Name, bio, pictures, facts, and who may follow."""
    kept = await accounts.source(request.conn, request.me.id)
    values: dict[str, object] = {
        "display_name": kept.display_name,
        "note": kept.note,
        "locked": kept.locked,
        "bot": kept.bot,
        "discoverable": kept.discoverable,
    }
    for number, (name, value) in enumerate(kept.fields or (), 1):
        values |= {f"field_{number}_name": name, f"field_{number}_value": value}
    return await _page(request, {}, values)


async def _page(request: Request, errors: Errors, values: dict[str, object] | None = None) -> Response:
    view = (await accounts.look(request.conn, [request.me.id]))[request.me.id]
    return await page(
        request,
        "settings/profile.html",
        status=422 if errors else 200,
        account=present.account(view, role=request.me.role),
        values=typed(request) if values is None else values,
        field_slots=MOST_FIELDS,
        errors=errors,
    )


@routes.post("/settings/profile", scope="session", transaction="none", limit="upload")
async def save(request: Request) -> Response:
    """Keep the profile; pictures are checked and redrawn first."""
    ask_again(request, _page, default="display_name", fields="field_1_name")
    pictures = [made for kind in _KINDS if (made := await _picture(request, kind))]
    changes = Profile(
        display_name=request.text("display_name"),
        note=request.text("note").replace("\r\n", "\n"),
        fields=[(request.text(f"field_{n}_name"), request.text(f"field_{n}_value")) for n in _SLOTS],
        locked=request.flag("locked"),
        bot=request.flag("bot"),
        discoverable=request.flag("discoverable"),
        indexable=request.flag("discoverable"),
        pictures=pictures,
    )
    async with request.db.transaction() as conn:
        await accounts.edit_profile(conn, request.me.id, changes)
        for kind in _KINDS:
            if request.flag(f"remove_{kind}") and not any(made.kind == kind for made in pictures):
                await accounts.remove_picture(conn, request.me.id, kind)
    _ = words(request)
    return back(request, "/settings/profile", Flash("done", _("Your profile is saved.")))


async def _picture(request: Request, kind: PictureKind) -> Picture | None:
    sent = request.file(kind)
    if sent is None:
        return None
    try:
        return await accounts.prepare_picture(request.me.id, kind, sent.data, sent.content_type)
    except Refused as why:
        why.field = kind
        raise
