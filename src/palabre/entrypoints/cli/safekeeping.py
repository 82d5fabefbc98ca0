"""safekeeping: archives, drills and standbys at a glance, as on the operators' page."""

from typing import Annotated

import msgspec
import typer
from rich.console import Console

from palabre.base import i18n
from palabre.base.db import Database
from palabre.entrypoints.cli.database import DataFolder, with_database
from palabre.features.portability import safekeeping as keeping

_MARKS = {"well": "[green]✓[/]", "wrong": "[bold red]✗[/]", "open": "[yellow]•[/]"}


def safekeeping(
    as_json: Annotated[bool, typer.Option("--json", help="For machines: every figure.")] = False,
    data: DataFolder = None,
) -> None:
    """Show how safe the network is: last archives, last drill, standby, alarms under way, and what to do next; ends with
    status 1 while something is wrong.
    """

    async def look(db: Database) -> keeping.Overview:
        async with db.reading() as conn:
            return await keeping.look(conn)

    seen = with_database(data, look)
    said = keeping.report(seen, i18n.SOURCE)
    if as_json:
        answer = {"well": said.well, **msgspec.to_builtins(seen)}
        typer.echo(msgspec.json.format(msgspec.json.encode(answer)).decode())
    else:
        _show(said)
    raise typer.Exit(not said.well)


def _show(said: keeping.Report) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(said.headline, style="bold green" if said.well else "bold red")
    for _, alarm in said.alarms:
        console.print(f"\n{_MARKS['wrong']} ", end="")
        console.print(alarm.title, markup=False)
        for line in filter(None, (alarm.text, alarm.advice, *(f"  {command}" for command in alarm.commands))):
            console.print(f"  {line}", markup=False)
    for section in said.sections:
        console.print(f"\n{section.title}", style="bold")
        for item in section.items:
            console.print(f"{_MARKS[item.tone]} ", end="")
            console.print(f"{item.title} – {item.tag[:1].lower()}{item.tag[1:]}", markup=False)
            lines = [f"{name}: {value}" for name, value in item.facts]
            for line in filter(None, (*lines, item.text, item.advice, *(f"  {command}" for command in item.commands))):
                console.print(f"  {line}", markup=False)
