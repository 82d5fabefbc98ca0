"""log verify, log seals: whether anything in the moderation log was changed behind the network's back."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, with_database
from palabre.features import moderation
from palabre.features.moderation import domains, log

app = typer.Typer(name="log", help="The log of moderation: check it, and take its seals outside.", no_args_is_help=True)
_Json = Annotated[bool, typer.Option("--json", help="For machines.")]


@app.command()
def verify(
    case: Annotated[int | None, typer.Option("--case", help="Only this case.")] = None,
    seals: Annotated[
        Path | None, typer.Option("--seals", help="Seals that were kept outside, to compare with.", exists=True)
    ] = None,
    as_json: _Json = False,
    data: DataFolder = None,
) -> None:
    """Look for changed, missing or reordered entries, vanished cases, rewritten seals, and the same in the logs of other
    servers' measures; ends with status 1 if there are any.
    """

    async def go(db: Database) -> tuple[list[moderation.Fault | domains.Fault], log.Seal | None]:
        kept = log.read_kept(_text(seals)) if seals else []
        with Bars() as bars:
            async with db.reading() as conn:
                found: list[moderation.Fault | domains.Fault] = []
                found += await moderation.verify(conn, case, kept=kept, tell=bars)
                if case is None:
                    found += await domains.verify(conn)
                return found, await log.newest(conn)

    faults, newest = with_database(data, go)
    if as_json:
        answer = {"faults": [msgspec.to_builtins(one) for one in faults], "newest": newest and newest.published()}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer)).decode())
    else:
        for one in faults:
            typer.echo(str(one))
        sealed = f"the newest seal is {newest.seq}: {newest.hash.hex()}" if newest else "nothing is sealed yet"
        typer.echo(f"{len(faults)} found" if faults else f"All is as it was written; {sealed}")
    raise typer.Exit(bool(faults))


@app.command()
def seals(data: DataFolder = None) -> None:
    """Print all seals, one JSON object a line: keep them elsewhere, and give them to `log verify --seals`."""

    async def go(db: Database) -> list[log.Seal]:
        found: list[log.Seal] = []
        async with db.reading() as conn:
            while batch := await log.seals(conn, found[-1].seq if found else 0):
                found += batch
        return found

    for one in with_database(data, go):
        typer.echo(msgspec.json.encode(one.published()).decode())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} can't be read: {error}") from error
