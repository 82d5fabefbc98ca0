"""Erasing files that nothing refers to any more."""

import msgspec

from palabre.base import blobs
from palabre.base.db import Database
from palabre.base.duties import errand


class Files(msgspec.Struct, frozen=True):
    keys: list[str]


@errand
async def erase_files(db: Database, files: Files) -> None:
    await blobs.current().delete(files.keys)
