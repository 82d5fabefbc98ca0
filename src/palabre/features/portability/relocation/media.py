"""Media from one store to another. While the network runs it may be done again and again; once it stands still, a last time."""

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from palabre.base.blobs import BlobError, BlobMissing, Blobs
from palabre.base.errors import Refused
from palabre.base.filling import together
from palabre.features.portability.restore.verifying import Progress

_AT_ONCE = 8
_TYPE = "application/octet-stream"


@dataclass
class MovedMedia:
    """`copied`: this time; `removed`: erased in the old store meanwhile; `foreign`: in the new one, and not ours."""

    media: int = 0
    bytes: int = 0
    copied: int = 0
    removed: int = 0
    foreign: int = 0


async def move_media(old: Blobs, new: Blobs, notes: Path, progress: Progress) -> MovedMedia:
    """Copy what isn't in the new store yet, each read back and compared. `notes` remembers what is there for certain; it is
    this pair of stores' alone. Raises Refused; the same call goes on then.
    """
    with _in_words(), tempfile.TemporaryDirectory(prefix="palabre-media-") as scratch:
        known = _known(notes)
        there = {entry.key: entry.size async for entry in old.list()}
        moved = MovedMedia(len(there), sum(there.values()))
        done = 0

        async def copy(key: str) -> None:
            nonlocal done
            if known.get(key) != there[key] and await _copy(old, new, key, Path(scratch)):
                noted.write(f"{key}\t{there[key]}\n")
                noted.flush()
                moved.copied += 1
            done += 1
            progress("media", done, len(there))

        with notes.open("a") as noted:
            await together(copy, sorted(there), _AT_ONCE)
        lost = [key for key in _known(notes) if key not in there]
        await new.delete(lost)
        moved.removed = len(lost)
        held = {entry.key: entry.size async for entry in new.list()}
        if lacking := [key for key in there if held.get(key) != there[key] and await old.exists(key)]:
            raise Refused(
                f"The new store lacks {len(lacking)} media after all ({lacking[0]}…): give the command again."
            )
        moved.foreign = len(held.keys() - there.keys())
        return moved


async def _copy(old: Blobs, new: Blobs, key: str, scratch: Path) -> bool:
    """Whether it is there, whole; False for a medium erased meanwhile."""
    aside = scratch / secrets.token_hex(8)
    try:
        wanted = await _fetch(old, key, aside)
        if await _sum(new, key) != wanted:
            await new.put(key, aside, _TYPE)
            if await _sum(new, key) != wanted:
                raise Refused(f"The new store gave back {key} other than it was put. It can't be trusted with media.")
        return True
    except BlobMissing:
        if await old.exists(key):
            raise
        return False
    finally:
        aside.unlink(missing_ok=True)


async def _fetch(store: Blobs, key: str, to: Path) -> str:
    digest = hashlib.sha256()
    with to.open("wb") as file:
        async for chunk in (await store.get(key)).chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


async def _sum(store: Blobs, key: str) -> str:
    """Empty where there is none."""
    digest = hashlib.sha256()
    try:
        async for chunk in (await store.get(key)).chunks:
            digest.update(chunk)
    except BlobMissing:
        return ""
    return digest.hexdigest()


def _known(notes: Path) -> dict[str, int]:
    """A line cut off by a crash counts for nothing."""
    if not notes.exists():
        return {}
    lines = [line.split("\t") for line in notes.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return {line[0]: int(line[1]) for line in lines if len(line) == 2}


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except BlobError as error:
        raise Refused(f"Broken off: {error}. Give the same command again and it goes on from here.") from error
    except OSError as error:
        raise Refused(f"Broken off: {error.strerror or error}. Give the same command again and it goes on.") from error
