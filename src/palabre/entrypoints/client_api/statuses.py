"""/api/v1/statuses: writing, reading, editing, deleting."""

from typing import Any

import msgspec
from starlette.responses import Response

from palabre.base import ids
from palabre.base.errors import NotFound, Refused
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.door import json, raw
from palabre.entrypoints.edge import Request, Routes
from palabre.features import posts, timelines
from palabre.features.posts import Described, Draft, Revision, media

routes = Routes()

_MOST_AT_ONCE = 20
_NOT_OFFERED = {
    "poll": "polls are not offered by this network yet",
    "scheduled_at": "posts cannot be scheduled on this network yet",
    "quoted_status_id": "quotes are not offered by this network yet",
}


class Written(msgspec.Struct):
    """What a client sends for a new post or an edit."""

    status: str | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None


@routes.post("/api/v1/statuses", scope="write:statuses", limit="post")
async def create_status(request: Request) -> Response:
    """Publish a post. With an Idempotency-Key, sending it again publishes nothing more."""
    written, me = request.input(Written), request.me
    _check_offered(request)
    draft = Draft(
        text=written.status or "",
        spoiler=written.spoiler_text or "",
        visibility=written.visibility or str(me.preferences.get("visibility") or "public"),
        sensitive=request.flag("sensitive", bool(me.preferences.get("sensitive", False))),
        language=written.language or str(me.preferences.get("language") or "") or None,
        in_reply_to_id=_answered(request),
        media_ids=_media_ids(request),
        client_id=me.client_id,
        insisted=request.flag("insisted"),
    )
    key = request.http.headers.get("idempotency-key")
    post_id = await posts.publish(request.conn, me.id, draft, key=key[:200] if key else None)
    return await shown(request, post_id)


@routes.get("/api/v1/statuses", scope="public", reads="read:statuses")
async def statuses(request: Request) -> Response:
    """Several posts at once, by `id[]`; those that aren't there for the caller are left out."""
    wanted = [found for found in map(ids.parse, request.listed("id")) if found is not None]
    if len(wanted) > _MOST_AT_ONCE:
        raise Refused(f"At most {_MOST_AT_ONCE} posts can be asked for at once", code="too_many")
    return raw(entities.statuses(await posts.look(request.conn, wanted, request.viewer_id), request.viewer_id))


@routes.get("/api/v1/statuses/{id}", scope="public", reads="read:statuses")
async def status(request: Request) -> Response:
    """One post."""
    return await shown(request, request.id())


@routes.put("/api/v1/statuses/{id}", scope="write:statuses", limit="post")
async def edit_status(request: Request) -> Response:
    """Replace what one's own post says, shows and warns of; what it said before stays in its history."""
    written = request.input(Written)
    _check_offered(request)
    revision = Revision(
        text=written.status or "",
        spoiler=written.spoiler_text or "",
        sensitive=request.flag("sensitive"),
        language=written.language or None,
        media_ids=_media_ids(request),
        described=_described(request),
        insisted=request.flag("insisted"),
    )
    await posts.edit(request.conn, request.me.id, request.id(), revision)
    return await shown(request, request.id())


@routes.delete("/api/v1/statuses/{id}", scope="write:statuses", limit="delete", open_to="frozen")
async def delete_status(request: Request) -> Response:
    """Delete one's own post for good. The answer has its text, for writing it anew; its pictures wait an hour for
    that, unless `delete_media` is true.
    """
    post_id, me = request.id(), request.me
    view = await posts.look_at(request.conn, post_id, me.id)
    if view.author_id != me.id:
        raise NotFound
    source = await posts.source(request.conn, me.id, post_id) if not view.reblog else None
    body = entities.status(view, me.id)
    await posts.remove(request.conn, me.id, post_id, keep_media=not request.flag("delete_media"))
    return raw(entities.join(body, text=msgspec.json.encode(source.text)) if source else body)


@routes.get("/api/v1/statuses/{id}/source", scope="read:statuses")
async def source(request: Request) -> Response:
    """One's own post as it was written, for editing it."""
    found = await posts.source(request.conn, request.me.id, request.id())
    return json({"id": str(request.id()), "text": found.text, "spoiler_text": found.spoiler})


@routes.get("/api/v1/statuses/{id}/history", scope="public", reads="read:statuses")
async def history(request: Request) -> Response:
    """What a post said, version by version, the present one last."""
    return raw(entities.versions(await posts.history(request.conn, request.id(), request.viewer_id)))


@routes.get("/api/v1/statuses/{id}/context", scope="public", reads="read:statuses")
async def context(request: Request) -> Response:
    """What a post answers and what answers it."""
    thread = await timelines.thread(request.conn, request.id(), request.viewer_id)
    return raw(
        entities.splice(
            ancestors=entities.statuses(thread.ancestors, request.viewer_id),
            descendants=entities.statuses(thread.descendants, request.viewer_id),
        )
    )


@routes.post("/api/v1/statuses/{id}/translate", scope="read:statuses", transaction="reading", open_to="frozen")
async def translate(request: Request) -> Response:
    """Refused: this network has no translation service, as its instance information says."""
    await posts.look_at(request.conn, request.id(), request.viewer_id)
    raise NotFound("This network has no translation service")


async def shown(request: Request, post_id: int) -> Response:
    """A post as the caller sees it now."""
    view = await posts.look_at(request.conn, post_id, request.viewer_id)
    return raw(entities.status(view, request.viewer_id))


def _check_offered(request: Request) -> None:
    """Refuse what would otherwise be lost in silence."""
    for name, why in _NOT_OFFERED.items():
        if request.params.get(name):
            raise Refused(why, field=name, code="unsupported")


def _answered(request: Request) -> int | None:
    given = request.params.get("in_reply_to_id")
    if given is None or given == "":
        return None
    found = ids.parse(str(given))
    if found is None:
        raise NotFound("The post you are trying to reply to does not exist")
    return found


def _media_ids(request: Request) -> list[int]:
    found = [ids.parse(given) for given in request.listed("media_ids") if given]
    if None in found:
        raise Refused("not found or already used in another post", field="media_ids", code="not_found")
    return [media_id for media_id in found if media_id is not None]


def _described(request: Request) -> list[Described]:
    """`media_attributes[][id]`, `[description]`, `[focus]`: a list, or an object where form fields had no indexes."""
    given: Any = request.params.get("media_attributes")
    items = given if isinstance(given, list) else [given]
    return [
        Described(media_id, _text(item.get("description")), media.parse_focus(_text(item.get("focus")) or ""))
        for item in items
        if isinstance(item, dict) and (media_id := ids.parse(str(item.get("id")))) is not None
    ]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
