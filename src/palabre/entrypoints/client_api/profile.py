"""One's own account: verify_credentials, update_credentials, preferences."""

from typing import Any

from starlette.responses import Response

from palabre.base.db import Conn
from palabre.base.errors import Forbidden, Refused
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import accounts, graph
from palabre.features.accounts import Picture, Profile
from palabre.features.accounts.profile import PictureKind

routes = Routes()
_FLAGS = ("locked", "bot", "discoverable", "indexable", "hide_collections")
_DEFAULTS = {"privacy": "visibility", "sensitive": "sensitive", "language": "language"}


@routes.get("/api/v1/accounts/verify_credentials", scope="member")
async def verify_credentials(request: Request) -> Response:
    """One's own account, as written and as shown."""
    if not (request.me.may("read:accounts") or request.me.may("profile")):
        raise Forbidden("This action is outside the authorized scopes", code="scope")
    return await _shown(request.conn, request)


@routes.patch("/api/v1/accounts/update_credentials", scope="write:accounts", transaction="none")
async def update_credentials(request: Request) -> Response:
    """Change one's profile, pictures and what new posts begin with."""
    changes = Profile(
        display_name=_text(request, "display_name"),
        note=_text(request, "note"),
        fields=_fields(request.params["fields_attributes"]) if "fields_attributes" in request.params else None,
        **{name: request.flag(name) for name in _FLAGS if name in request.params},
        pictures=[picture for kind in ("avatar", "header") if (picture := await _picture(request, kind))],
    )
    source = request.params.get("source")
    defaults = (
        {mine: source[theirs] for theirs, mine in _DEFAULTS.items() if theirs in source}
        if isinstance(source, dict)
        else {}
    )
    if "sensitive" in defaults:
        defaults["sensitive"] = str(defaults["sensitive"]).lower() in ("true", "1", "on")
    async with request.db.transaction() as conn:
        await accounts.edit_profile(conn, request.me.id, changes)
        if defaults:
            await accounts.set_preferences(conn, request.me.id, **defaults)
        return await _shown(conn, request)


@routes.delete("/api/v1/profile/avatar", scope="write:accounts")
async def remove_avatar(request: Request) -> Response:
    """Show no avatar any more."""
    await accounts.remove_picture(request.conn, request.me.id, "avatar")
    return await _shown(request.conn, request)


@routes.delete("/api/v1/profile/header", scope="write:accounts")
async def remove_header(request: Request) -> Response:
    """Show no header any more."""
    await accounts.remove_picture(request.conn, request.me.id, "header")
    return await _shown(request.conn, request)


@routes.get("/api/v1/preferences", scope="read:accounts")
async def preferences(request: Request) -> Response:
    """What new posts begin with, and how posts are shown."""
    mine = accounts.preferences_of(request.me.preferences)
    return json(
        {
            "posting:default:visibility": mine.visibility,
            "posting:default:sensitive": mine.sensitive,
            "posting:default:language": mine.language,
            "posting:default:quote_policy": "nobody",
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )


async def _shown(conn: Conn, request: Request) -> Response:
    me = request.me
    view = (await accounts.look(conn, [me.id]))[me.id]
    member = await accounts.member(conn, me.id)
    asking = await graph.count_requests(conn, me.id)
    return raw(entities.credential_account(view, await accounts.source(conn, me.id), member, asking))


async def _picture(request: Request, kind: PictureKind) -> Picture | None:
    file = request.file(kind)
    return await accounts.prepare_picture(request.me.id, kind, file.data, file.content_type) if file else None


def _text(request: Request, name: str) -> str | None:
    return request.text(name) if name in request.params else None


def _fields(given: Any) -> list[tuple[str, str]]:
    """A list, or an object whose keys are numbers."""
    entries = list(given.values()) if isinstance(given, dict) else given
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused("must be a list of names and values", field="fields", code="invalid")
    return [(str(entry.get("name") or ""), str(entry.get("value") or "")) for entry in entries]
