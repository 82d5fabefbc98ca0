"""pack make, pack verify, dossier: records for hosts, app stores and authorities, and whether one is genuine."""

from pathlib import Path
from typing import Annotated

import typer

from palabre.base.db import Database
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features.moderation import packs

app = typer.Typer(name="pack", help="Evidence packs: make one, or check one that was received.", no_args_is_help=True)
_Lang = Annotated[str, typer.Option("--lang", help="Language of the readable page.")]


@app.command()
def make(
    out: Annotated[Path, typer.Option("--out", help="Where to write the pack (.zip).")],
    case: Annotated[list[int] | None, typer.Option("--case", help="A case; may be given several times.")] = None,
    notice: Annotated[
        int | None, typer.Option("--notice", help="A notice: all its lines, and the cases they led to.")
    ] = None,
    lang: _Lang = "en",
    data: DataFolder = None,
) -> None:
    """Write what came in, what was decided, when and why, with hashes, into one signed file."""

    async def go(db: Database) -> bytes:
        async with db.transaction() as conn:
            return await packs.evidence(conn, case or [], notice_id=notice, lang=lang)

    out.write_bytes(with_database(data, go))
    typer.echo(f"written to {out}", err=True)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The network's public key (/.well-known/palabre-signing-key.pem).", exists=True),
    ] = None,
) -> None:
    """Check a pack or a dossier, without network or database; ends with status 1 and says what does not fit."""
    try:
        found = packs.check(file.read_bytes(), key.read_text("utf-8") if key else None)
    except (OSError, UnicodeDecodeError) as error:
        fail(f"It can't be read: {error}", error)
    for one in found:
        typer.echo(one)
    if found:
        raise typer.Exit(1)
    typer.echo("All fits" if key else "All fits the key inside the file; give --key to know whose it is")


def dossier(
    out: Annotated[Path, typer.Option("--out", help="Where to write the page (.html).")],
    lang: _Lang = "en",
    data: DataFolder = None,
) -> None:
    """Write how this network is moderated on one signed page, for a host or an app store."""

    async def go(db: Database) -> bytes:
        async with db.transaction() as conn:
            return await packs.dossier(conn, lang)

    out.write_bytes(with_database(data, go))
    typer.echo(f"written to {out}", err=True)
