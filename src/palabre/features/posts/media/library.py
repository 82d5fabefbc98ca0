"""Uploads and what becomes of them: attached to a post, detached, erased."""

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec

from palabre.base import blobs, ids
from palabre.base.chars import clean
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import duty, put
from palabre.base.erase import Files, erase_files
from palabre.base.errors import NotFound, Refused
from palabre.base.images import renditions, sandbox
from palabre.features.posts.media import store
from palabre.settings import current

MOST_DESCRIPTION = 1_500


class Upload(msgspec.Struct, frozen=True):
    """A file as it came; `content_type` is what its sender claims."""

    data: bytes
    content_type: str = ""
    description: str = ""
    focus: tuple[float, float] = (0.0, 0.0)


async def upload(db: Database, account_id: int, file: Upload) -> int:
    """Check, re-encode and keep an image; its media id. Raises Refused saying what is wrong with it.

    Takes the database, not a connection: the work on the image must not hold a transaction open.
    """
    if len(file.description) > MOST_DESCRIPTION:
        raise Refused(f"is too long (maximum is {MOST_DESCRIPTION} characters)", field="description")
    made = await sandbox.process(file.data, limits(), file.content_type or None)
    parts = {"original": made.original, "small": made.small}
    stem = f"posts/{secrets.token_hex(16)}"
    keys = {size: f"{stem}{'' if size == 'original' else '-small'}.{part.extension}" for size, part in parts.items()}
    for size, part in parts.items():
        await blobs.current().put(keys[size], part.data, part.content_type)
    media_id = ids.new()
    row = {
        "account_id": account_id,
        "id": media_id,
        "kind": "image",
        "original_key": keys["original"],
        "small_key": keys["small"],
        "meta": {size: _measures(part) for size, part in parts.items()},
        "description": clean(file.description),
        "focus_x": file.focus[0],
        "focus_y": file.focus[1],
        "blurhash": made.blurhash,
        "color": made.colour,
        "bytes": sum(len(part.data) for part in parts.values()),
    }
    async with db.transaction() as conn:
        await store.insert(conn, row)
    return media_id


def _measures(part: renditions.Rendition) -> dict[str, Any]:
    return {"width": part.width, "height": part.height, "size": part.size, "aspect": part.aspect}


def limits() -> renditions.Limits:
    return renditions.Limits(max_bytes=current().image_bytes, max_pixels=current().image_pixels)


async def one(conn: Conn, account_id: int, media_id: int | None) -> Row:
    """An account's own upload. Raises NotFound."""
    found = await store.own(conn, account_id, [media_id]) if media_id is not None else []
    if not found:
        raise NotFound
    return found[0]


async def of_post(conn: Conn, account_id: int, post_id: int) -> list[Row]:
    return await store.of_post(conn, account_id, post_id)


async def attach(conn: Conn, account_id: int, post_id: int, media_ids: Sequence[int]) -> list[Row]:
    """Give a post exactly these attachments, in this order. Raises Refused for one that isn't free or isn't its own."""
    wanted = list(dict.fromkeys(media_ids))
    free = {row["id"]: row for row in await store.own(conn, account_id, wanted)} if wanted else {}
    if any(media_id not in free or free[media_id]["post_id"] not in (None, post_id) for media_id in wanted):
        raise Refused("not found or already used in another post", field="media_ids", code="not_found")
    dropped = [row["id"] for row in await store.of_post(conn, account_id, post_id) if row["id"] not in free]
    if dropped:
        await store.detach(conn, account_id, dropped)
    for position, media_id in enumerate(wanted):
        await store.place(conn, account_id, media_id, post_id, position)
    return [free[media_id] for media_id in wanted]


async def detach(conn: Conn, account_id: int, post_id: int, *, keep: bool) -> list[str]:
    """Take a deleted post's attachments: kept unseen for an hour, for writing it anew, or the files to erase."""
    media_ids = [row["id"] for row in await store.of_post(conn, account_id, post_id)]
    if keep:
        await store.detach(conn, account_id, media_ids)
        return []
    return await store.delete(conn, account_id, media_ids)


async def delete_all(conn: Conn, account_id: int) -> list[str]:
    """All of an account's uploads; the keys of the files to erase."""
    return await store.delete_all(conn, account_id)


async def describe(
    conn: Conn,
    account_id: int,
    media_id: int,
    description: str | None,
    focus: tuple[float, float] | None,
    *,
    attached: bool = False,
) -> Row:
    """Change an upload's words for those who can't see it, and the point that must stay in view.

    Those of a published post change with an edit of it (`attached`). Raises NotFound.
    """
    row = await one(conn, account_id, media_id)
    if row["post_id"] and not attached:
        raise NotFound
    if description is not None and len(description) > MOST_DESCRIPTION:
        raise Refused(f"is too long (maximum is {MOST_DESCRIPTION} characters)", field="description")
    words = row["description"] if description is None else clean(description)
    await store.describe(conn, account_id, media_id, words, focus or (row["focus_x"], row["focus_y"]))
    return await one(conn, account_id, media_id)


async def discard(conn: Conn, account_id: int, media_id: int) -> None:
    """Throw away an upload. Raises NotFound, and Refused for one that a post uses."""
    if (await one(conn, account_id, media_id))["post_id"]:
        raise Refused("This picture is used by a post: delete or edit the post instead", code="in_use")
    await put(conn, erase_files, Files(await store.delete(conn, account_id, [media_id])))


def parse_focus(text: str) -> tuple[float, float] | None:
    """The focal point `x,y`; None for none given. Raises Refused."""
    if not text:
        return None
    return renditions.parse_focus(text)


async def may_serve(conn: Conn, key: str) -> bool:
    return await store.served(conn, key)


@duty
async def discard_unused(conn: Conn, _: None) -> None:
    """Erase uploads that were never used, and the attachments of deleted posts."""
    keys = []
    for row in await store.unused(conn, 500):
        keys += await store.delete(conn, row["account_id"], [row["id"]])
    if keys:
        await put(conn, erase_files, Files(keys))
