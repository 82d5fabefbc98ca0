"""export: a member's own archive, onto this machine."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features import accounts
from palabre.features.portability import exports
from palabre.process import running


def export(
    account: Annotated[str, typer.Argument(metavar="NAME", help="Username of the member whose archive it is.")],
    dest: Annotated[Path, typer.Argument(metavar="DEST.zip", help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
    data: DataFolder = None,
) -> None:
    """Write everything that is a member's own into one file, which `palabre import` takes in elsewhere."""
    if dest.exists() and (not force or dest.is_dir()):
        fail(f"{dest} is there already. Choose another name, or give --force to replace it.")
    if not dest.parent.is_dir():
        fail(f"There is no folder {dest.parent}.")
    part = dest.with_name(f".{dest.name}.part")
    try:
        made = _write(account, part, data)
        part.replace(dest)
    except OSError as error:
        fail(f"{dest} can't be written: {error}", error)
    finally:
        part.unlink(missing_ok=True)
    size = dest.stat().st_size / 1e6
    Console(stderr=True).print(f"{made.activities:,} posts and boosts, {size:,.1f} MB: {dest}", highlight=False)
    if made.missing:
        Console(stderr=True).print(
            f"{len(made.missing):,} pictures were not found: palabre/missing.json", style="yellow"
        )


def _write(account: str, part: Path, data: Path | None) -> exports.Written:
    async def go(db: Database) -> exports.Written:
        async with running(db):
            async with db.reading() as conn:
                account_id = await accounts.by_handle(conn, account)
            if account_id is None or "@" in account.removeprefix("@"):
                fail(f"There is no member called {account}.")
            with Bars() as shown:
                return await exports.write(db, account_id, part, lambda done, total: shown("posts", done, total))

    return with_database(data, go)
