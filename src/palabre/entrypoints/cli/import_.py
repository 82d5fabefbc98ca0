"""import: an archive from Mastodon or X into an account."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features import accounts, portability
from palabre.features.portability.bring import DEFAULT_PARTS
from palabre.features.portability.imports import Archive, ArchiveError, open_archive
from palabre.process import running

_BROKEN_OFF = "Broken off. What was taken stays; give the same command again and it goes on from there."


def import_(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Username of the member it is for.")],
    archive: Annotated[
        Path,
        typer.Argument(metavar="ARCHIVE", help="A .zip or .tar.gz, an unpacked folder, or one of Mastodon's CSVs."),
    ],
    profile: Annotated[
        bool, typer.Option("--profile", help="Name, bio, fields, avatar and header too, in place of what is there.")
    ] = False,
    only: Annotated[
        str, typer.Option("--only", help=f"Some of: {', '.join(portability.PARTS)}. Parted by commas.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is in it.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The report for machines, with every thing left out.")
    ] = False,
    data: DataFolder = None,
) -> None:
    """Take an archive from Mastodon or X into an account, quietly. Broken off, the same command goes on."""
    parts = _parts(only, profile)
    try:
        with open_archive(archive) as opened:
            report = _survey(opened, parts) if dry_run else _bring(opened, account, parts, data)
    except ArchiveError as error:
        fail(str(error), error)
    except KeyboardInterrupt:
        Console(stderr=True).print(f"\n{_BROKEN_OFF}", style="yellow")
        raise typer.Exit(130) from None
    if as_json:
        typer.echo(json.dumps(_described(report), indent=2, ensure_ascii=False))
    else:
        _print(report, "In the archive" if dry_run else "Taken")


def _parts(only: str, profile: bool) -> set[str]:
    parts = set(only.replace(",", " ").split()) or set(DEFAULT_PARTS)
    if unknown := parts - set(portability.PARTS):
        fail(f"--only knows no {', '.join(sorted(unknown))}. It knows: {', '.join(portability.PARTS)}.")
    return parts | ({"profile"} if profile else set())


def _survey(archive: Archive, parts: set[str]) -> portability.Report:
    return asyncio.run(portability.survey(archive, parts))


def _bring(archive: Archive, account: str, parts: set[str], data: Path | None) -> portability.Report:
    async def go(db: Database) -> portability.Report:
        async with running(db):
            async with db.reading() as conn:
                account_id = await accounts.by_handle(conn, account)
            if account_id is None or "@" in account.removeprefix("@"):
                fail(f"There is no member called {account}.")
            with Bars() as shown:
                return await portability.bring(db, account_id, archive, shown, parts)

    return with_database(data, go)


def _described(report: portability.Report) -> dict[str, object]:
    return {
        "taken": dict(report.taken),
        "already": dict(report.already),
        "skipped": [{"what": each.what, "why": str(each.why), "count": each.count} for each in report.skipped],
    }


def _print(report: portability.Report, title: str) -> None:
    console = Console()
    parts = list(dict.fromkeys([*report.taken, *report.already]))
    table = Table("", title, "Here already")
    for part in parts:
        if report.taken[part] or report.already[part]:
            table.add_row(part, f"{report.taken[part]:,}", f"{report.already[part]:,}" if report.already[part] else "")
    console.print(table)
    if reasons := report.by_reason():
        left = Table("Not taken, and why", "How many", "For instance")
        for why, count, example in reasons:
            left.add_row(why, f"{count:,}", example[:80])
        console.print(left)
        console.print("Everything left out: --json", style="dim")
