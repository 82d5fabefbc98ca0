"""domains list, limit, suspend, lift, allow, disallow, import, export, verify: what is done about other servers."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from palabre.base.db import Database
from palabre.base.paging import Page
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features.moderation import domains
from palabre.features.moderation.domains import TAKEN, Allow, Fault, Import, Measure, Standing

app = typer.Typer(name="domains", help="What is done about other servers.", no_args_is_help=True)
_Domain = Annotated[str, typer.Argument(metavar="DOMAIN", help="Holds for all below it too.")]
_File = Annotated[Path, typer.Argument(metavar="FILE", help="Mastodon's CSV, or one domain a line.")]
_Public = Annotated[str, typer.Option("--comment", help="Why, for everybody to read.")]
_Private = Annotated[str, typer.Option("--note", help="Why, for the moderators alone.")]
_Media = Annotated[bool, typer.Option("--reject-media", help="Take no pictures from there.")]
_Reports = Annotated[bool, typer.Option("--reject-reports", help="Take no reports from there.")]
_Json = Annotated[bool, typer.Option("--json", help="For machines.")]
_NOT_TAKEN = {
    "empty": "empty line",
    "comment": "heading or comment",
    "duplicate": "named before",
    "invalid": "no domain name",
    "obfuscated": "letters left out",
    "own": "this network's own",
    "severity": "unknown severity",
    "no_effect": "does nothing",
    "unchanged": "as strict already",
}


@app.command("list")
def list_(as_json: _Json = False, data: DataFolder = None) -> None:
    """Show what stands, by name."""

    async def go(db: Database) -> list[Standing]:
        async with db.reading() as conn:
            return await domains.every(conn)

    found = with_database(data, go)
    if as_json:
        rows = [{"domain": one.domain, "severity": one.measure.severity, "list": one.list_id} for one in found]
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table("Domain", "Severity", "Rejects", "Since", "By")
    for one in found:
        measure = one.measure
        rejects = [what for what in ("media", "reports") if getattr(measure, f"reject_{what}")]
        by = "a list" if one.list_id else "moderators"
        table.add_row(one.domain, measure.severity, ", ".join(rejects), f"{one.set_at:%Y-%m-%d}", by)
    Console().print(table)


@app.command()
def limit(
    domain: _Domain,
    comment: _Public = "",
    note: _Private = "",
    media: _Media = False,
    reports: _Reports = False,
    data: DataFolder = None,
) -> None:
    """Keep a server's posts out of the public lists."""
    _set(data, domain, Measure("limit", media, reports, private_comment=note, public_comment=comment))


@app.command()
def suspend(domain: _Domain, comment: _Public = "", note: _Private = "", data: DataFolder = None) -> None:
    """Hide a server altogether."""
    _set(data, domain, Measure("suspend", private_comment=note, public_comment=comment))


@app.command()
def lift(domain: _Domain, data: DataFolder = None) -> None:
    """Do nothing about a server any more."""

    async def go(db: Database) -> None:
        async with db.transaction() as conn:
            if await domains.one(conn, None, domain) is None:
                fail(f"Nothing stands against {domain}.")
            await domains.lift(conn, None, domain)

    with_database(data, go)
    typer.echo(f"{domain}: lifted")


@app.command()
def allow(domain: _Domain, data: DataFolder = None) -> None:
    """Talk with a server where one talks with nobody else (PALABRE_LIMITED_FEDERATION)."""

    async def go(db: Database) -> None:
        async with db.transaction() as conn:
            await domains.allow(conn, None, domain)

    with_database(data, go)
    typer.echo(f"{domain}: allowed")


@app.command()
def disallow(domain: _Domain, data: DataFolder = None) -> None:
    """Talk with a server no more."""

    async def go(db: Database) -> None:
        async with db.transaction() as conn:
            if domain not in {one.domain for one in await _allowed(db)}:
                fail(f"{domain} is not allowed anyway.")
            await domains.disallow(conn, None, domain)

    with_database(data, go)
    typer.echo(f"{domain}: not allowed any more")


@app.command("import")
def import_(
    file: _File,
    severity: Annotated[
        str, typer.Option("--severity", help="limit or suspend, where a line says nothing.")
    ] = "suspend",
    as_json: _Json = False,
    data: DataFolder = None,
) -> None:
    """Take measures from a file, with a report on every line. What stands gets stricter, never looser."""
    try:
        text = file.read_text("utf-8-sig", "replace")
    except OSError as error:
        fail(f"{file} can't be read.", error)

    async def go(db: Database) -> Import:
        async with db.transaction() as conn:
            return await domains.import_file(conn, None, text, severity)

    report = with_database(data, go)
    if as_json:
        lines = [{"line": one.number, "domain": one.domain, "outcome": one.outcome} for one in report.lines]
        typer.echo(json.dumps({"counts": dict(report.counts), "lines": lines}, indent=2))
        return
    for one in report.lines:
        if one.outcome not in TAKEN and one.outcome not in ("empty", "comment"):
            typer.echo(f"line {one.number}: {_NOT_TAKEN[one.outcome]}: {one.written}", err=True)
    typer.echo(", ".join(f"{count} {_NOT_TAKEN.get(what, what)}" for what, count in report.counts.items()))


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="None: the standard output.")] = None,
    data: DataFolder = None,
) -> None:
    """Write what stands as Mastodon's CSV. Notes for the moderators are left out."""

    async def go(db: Database) -> str:
        async with db.reading() as conn:
            return await domains.export_file(conn, None)

    text = with_database(data, go)
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text)


@app.command()
def verify(data: DataFolder = None) -> None:
    """Check that nothing in the log of measures was changed behind the network's back."""

    async def go(db: Database) -> list[Fault]:
        async with db.reading() as conn:
            return await domains.verify(conn)

    faults = with_database(data, go)
    for fault in faults:
        typer.echo(f"{fault.domain}, entry {fault.seq}: {fault.what}", err=True)
    if faults:
        raise typer.Exit(1)
    typer.echo("All is as it was written")


def _set(data: Path | None, domain: str, measure: Measure) -> None:
    async def go(db: Database) -> None:
        async with db.transaction() as conn:
            await domains.set_measure(conn, None, domain, measure)

    with_database(data, go)
    typer.echo(f"{domain}: {measure.severity}")


async def _allowed(db: Database) -> list[Allow]:
    async with db.reading() as conn:
        return await domains.allowed(conn, None, Page(10_000))
