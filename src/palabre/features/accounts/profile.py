"""What a member shows of himself: name, bio, fields, pictures, and how his account behaves."""

import secrets
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from palabre.base import blobs, clock, events, ids, text
from palabre.base.chars import clean, graphemes
from palabre.base.db import Conn
from palabre.base.duties import put
from palabre.base.erase import Files, erase_files
from palabre.base.errors import NotFound, Refused
from palabre.base.images import renditions, sandbox
from palabre.base.origin import SENTINEL
from palabre.features.accounts import fragment, people, store
from palabre.features.accounts.events import ProfileEdited
from palabre.features.accounts.view import GONE
from palabre.settings import current

LONGEST_NAME = 100
LONGEST_NOTE = 500
MOST_FIELDS = 4
LONGEST_FIELD = 255
PictureKind = Literal["avatar", "header"]


class Picture(msgspec.Struct, frozen=True):
    """An avatar or header that lies in the blob store; `still` doesn't move."""

    kind: PictureKind
    key: str
    still: str


class Profile(msgspec.Struct, frozen=True):
    """What is to change; None: stays as it is. `fields`: pairs of name and value, all of them."""

    display_name: str | None = None
    note: str | None = None
    fields: Sequence[tuple[str, str]] | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    pictures: Sequence[Picture] = ()


async def prepare_picture(account_id: int, kind: PictureKind, data: bytes, content_type: str = "") -> Picture:
    """Check, redraw and keep an avatar or header, for `edit_profile` to use. Outside any transaction: it takes a while.

    Raises Refused saying what is wrong with it.
    """
    draw = sandbox.avatar if kind == "avatar" else sandbox.header
    limits = renditions.Limits(max_bytes=current().image_bytes, max_pixels=current().image_pixels)
    made = await draw(data, limits, content_type or None)
    stem = f"{kind}s/{account_id}-{secrets.token_hex(16)}"
    key = f"{stem}.{made.original.extension}"
    await blobs.current().put(key, made.original.data, made.original.content_type)
    if not made.animated:
        return Picture(kind, key, key)
    still = f"{stem}-still.{made.small.extension}"
    await blobs.current().put(still, made.small.data, made.small.content_type)
    return Picture(kind, key, still)


async def edit_profile(conn: Conn, account_id: int, changes: Profile) -> None:
    """Raises Refused naming what doesn't fit."""
    row = await _locked(conn, account_id)
    new: dict[str, Any] = {
        name: getattr(changes, name)
        for name in ("locked", "bot", "discoverable", "indexable", "hide_collections")
        if getattr(changes, name) is not None
    }
    if changes.display_name is not None:
        new["display_name"] = _short(changes.display_name.replace("\n", " "), "display_name", LONGEST_NAME)
    if changes.note is not None:
        new["note"] = _short(changes.note, "note", LONGEST_NOTE)
        new["note_html"] = await _render(conn, new["note"])
    if changes.fields is not None:
        new["fields"] = await _fields(conn, changes.fields, row["fields"])
    for picture in changes.pictures:
        new[f"{picture.kind}_key"], new[f"{picture.kind}_static_key"] = picture.key, picture.still
    await _save(conn, row, new)


async def remove_picture(conn: Conn, account_id: int, kind: PictureKind) -> None:
    await _save(conn, await _locked(conn, account_id), {f"{kind}_key": None, f"{kind}_static_key": None})


async def may_serve(conn: Conn, key: str) -> bool:
    """Whether a file under avatars/ or headers/ is still shown."""
    account_id = ids.parse(key.partition("/")[2].partition("-")[0])
    row = await store.account(conn, account_id) if account_id is not None else None
    return row is not None and key in _pictures(dict(row)) and row["standing"] not in GONE


async def blank(conn: Conn, account_id: int) -> None:
    """Forget all that a profile says; the account is deleted."""
    empty = {"display_name": "", "note": "", "note_html": "", "fields": []}
    pictures = dict.fromkeys(("avatar_key", "avatar_static_key", "header_key", "header_static_key"))
    await _save(conn, await _locked(conn, account_id), {**empty, **pictures, "standing": "deleted"}, tell=False)


async def source(conn: Conn, account_id: int) -> Profile:
    """The profile as its owner wrote it, for editing it."""
    row = await _locked(conn, account_id)
    written = {name: row[name] for name in Profile.__struct_fields__ if name not in ("fields", "pictures")}
    return Profile(**written, fields=[(field["name"], field["value"]) for field in row["fields"]])


async def _save(conn: Conn, row: dict[str, Any], new: dict[str, Any], *, tell: bool = True) -> None:
    after = {**row, **new}
    rendered = fragment.render(after)
    await store.update_account(conn, row["id"], **new, fragment=rendered, updated_at=clock.now())
    unused = _pictures(row) - _pictures(after)
    if unused:
        await put(conn, erase_files, Files(sorted(unused)))
    if tell:
        await events.record(conn, ProfileEdited(row["id"]))


async def _locked(conn: Conn, account_id: int) -> dict[str, Any]:
    row = await store.account(conn, account_id, lock=True)
    if row is None:
        raise NotFound
    return dict(row)


def _pictures(row: dict[str, Any]) -> set[str]:
    keys = (row["avatar_key"], row["avatar_static_key"], row["header_key"], row["header_static_key"])
    return {key for key in keys if key}


def _short(written: str, field: str, most: int) -> str:
    cleaned = clean(written)
    if graphemes(cleaned) > most:
        raise Refused(f"is too long (maximum is {most} characters)", field=field, code="too_long")
    return cleaned


async def _fields(conn: Conn, written: Sequence[tuple[str, str]], before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those with a name or a value; what was verified stays so while its value does."""
    verified = {field["value"]: field.get("verified_at") for field in before}
    kept = [(_short(name, "fields", LONGEST_FIELD), _short(value, "fields", LONGEST_FIELD)) for name, value in written]
    kept = [(name, value) for name, value in kept if name or value]
    if len(kept) > MOST_FIELDS:
        raise Refused(f"are too many (maximum is {MOST_FIELDS})", field="fields", code="too_many")
    if any(not name for name, _ in kept):
        raise Refused("must have a label each", field="fields", code="blank")
    return [
        {"name": name, "value": value, "value_html": await _field(conn, value), "verified_at": verified.get(value)}
        for name, value in kept
    ]


async def _field(conn: Conn, value: str) -> str:
    """A link in a field says that it leads to the same person."""
    html = (await _render(conn, value)).removeprefix("<p>").removesuffix("</p>")
    return html.replace('rel="nofollow noopener"', 'rel="me nofollow noopener"')


async def _render(conn: Conn, written: str) -> str:
    parsed = text.parse(written)
    return text.render(
        parsed, people.targets(await people.mentioned(conn, parsed)), lambda tag: f"{SENTINEL}/tags/{tag}"
    )
