"""static: the public pages as plain files, for any web host."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from palabre.base import blobs, clock, i18n, logs
from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, choose, fail, with_database
from palabre.settings import current, use


def static(
    dest: Annotated[Path, typer.Argument(help="Folder to write to; a second run brings it up to date.")],
    why: Annotated[str, typer.Option("--why", help="What the front page says of the reason.")] = "",
    url: Annotated[
        str, typer.Option("--url", help="Where the copy will be reached. Default: the network's own address.")
    ] = "",
    language: Annotated[str, typer.Option("--language", help="Language of the pages' own words: en or fr.")] = "en",
    data: DataFolder = None,
) -> None:
    """Write the public pages as plain files that any web host can serve while the network is down."""
    from palabre.static_site import Copied, StaticProblem, Wish, copy  # all of the app: only where it is needed

    choose(data)
    if language not in i18n.available():
        fail(f"There are no words in {language!r}; there are in {', '.join(i18n.available())}.")
    parts = urlsplit(url)
    if url and not (parts.scheme in ("http", "https") and parts.netloc):
        fail(f"{url!r} is no address of a web host. Write it like https://copy.example or https://host.example/copy")
    try:
        dest.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        fail(f"{dest} is a file. Name a folder to write to.", error)
    except OSError as error:
        fail(f"{dest} can't be made: {error.strerror}. Choose another folder.", error)
    use(current().model_copy(update={"rate_limits": False}))
    origin = current().origin
    wish = Wish(url.rstrip("/") or origin, origin, language, why.strip(), clock.now())

    async def go(db: Database) -> Copied:
        logs.set_up("error", current().log_format)
        blobs.use(
            blobs.open_store(current().media_store or str(current().data / "media"), **current().media_store_options)
        )
        with Bars() as shown:
            return await copy(db, dest, wish, shown)

    try:
        done = with_database(None, go, only_read=True)
    except StaticProblem as problem:
        fail(str(problem), problem)
    except KeyboardInterrupt as broken:
        fail(f"Broken off. What visitors see in {dest} is as it was; the same command goes on.", broken)
    typer.echo(f"{dest}: {done.written} files written, {done.unchanged} unchanged, {done.removed} removed.", err=True)
    if done.broken:
        fail(f"{len(done.broken)} pages are missing, for the program failed: {', '.join(done.broken[:5])}")
