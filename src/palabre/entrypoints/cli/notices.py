"""notices import: a list that a host, store, authority or flagger sent, line by line before the moderators."""

import csv
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from palabre.base.clock import iso
from palabre.base.db import Database
from palabre.base.spreadsheet import harmless
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features.moderation import notices
from palabre.features.moderation.notices import PROBLEMS, Item, Notice, Original, Sent
from palabre.process import running

app = typer.Typer(name="notices", help="Notices from outside.", no_args_is_help=True)
_BROKEN_OFF = "Broken off. Nothing is lost; give the same command again and it goes on from there."
_UNRESOLVED = 3
_COLUMNS = ("line", "url", "state", "problem", "remarks", "case", "answer", "answered_at")


@app.callback()
def group() -> None:
    """Notices from outside."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, JSON, text, or a mail (ARF, X-ARF too).")],
    source: Annotated[str, typer.Option("--source", help=f"Who sent it: {', '.join(notices.KINDS)}.")],
    name: Annotated[str, typer.Option("--from", help="Whose list it is. Default: the mail's sender.")] = "",
    email: Annotated[
        str, typer.Option("--email", help="Where receipt and outcome go. Default: the mail's sender.")
    ] = "",
    deadline: Annotated[
        float | None, typer.Option("--deadline", metavar="HOURS", help="To be answered within. Default: as set.")
    ] = None,
    category: Annotated[str, typer.Option("--category", help="What it is about, where a line doesn't say.")] = "legal",
    reference: Annotated[str, typer.Option("--reference", help="Their number for it.")] = "",
    language: Annotated[str, typer.Option("--language", help="In which they are answered.")] = "en",
    report: Annotated[
        Path | None, typer.Option("--report", metavar="CSV", help="Write down what became of each line.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Bring every line of a list before the moderators. The same file again files nothing twice: it tells how things stand.

    Ends with 0 if each line led to something here, with 3 if some didn't: those are answered with the reason.
    """
    if source not in notices.KINDS:
        fail(f"--source knows {', '.join(notices.KINDS)}.")
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}", error)

    async def go(db: Database) -> tuple[bool, Notice]:
        listed = notices.lists.read(content)
        sent = Sent(
            source,
            listed.lines,
            name=name or listed.name,
            email=email or listed.email,
            locale=language,
            category=category,
            explanation=listed.comment,
            reference=reference,
            hours=deadline,
            original=Original(file.name, content),
        )
        async with running(db):
            with Bars() as bars:
                made = await notices.take_in(db, sent, lambda done, total: bars("lines", done, total))
            async with db.reading() as conn:
                return made.again, await notices.whole(conn, made.id)

    try:
        again, found = with_database(data, go)
    except KeyboardInterrupt:
        Console(stderr=True).print(f"\n{_BROKEN_OFF}", style="yellow")
        raise typer.Exit(130) from None
    _print(found, again)
    if report:
        _write(report, found)
    if any(line.problem for line in found.lines):
        raise typer.Exit(_UNRESOLVED)


def _print(found: Notice, again: bool) -> None:
    console = Console()
    if again:
        console.print("This list came in before; nothing was filed again.", style="yellow")
    console.print(f"Notice {found.id}: {found.items} lines, to be answered by {found.due_at:%Y-%m-%d %H:%M} UTC")
    table = Table("What became of the lines", "How many")
    for what, count in Counter(map(_became, found.lines)).most_common():
        table.add_row(what, str(count))
    console.print(table)
    if unresolved := [line for line in found.lines if line.problem]:
        left = Table("Line", "Address", "Why it led to nothing")
        for line in unresolved:
            left.add_row(str(line.line), line.url[:100], PROBLEMS[line.problem])
        console.print(left)


def _became(line: Item) -> str:
    if line.problem:
        return f"answered: {line.problem}"
    if "repeated" in line.remarks:
        return "same as another line"
    if "withheld" in line.remarks:
        return "answered: hidden already"
    states = {"received": "in a case", "looking": "in a case", "decided": "decided", "undone": "decision taken back"}
    return states.get(line.state, line.state)


def _write(path: Path, found: Notice) -> None:
    try:
        with path.open("w", newline="", encoding="utf-8") as written:
            table = csv.writer(written)
            table.writerow(_COLUMNS)
            for line in found.lines:
                answer = " ".join(text for text in (line.words % line.params, line.reason) if text)
                at = iso(line.answered_at) if line.answered_at else ""
                remarks = " ".join(line.remarks)
                row = (line.line, line.url, line.state, line.problem, remarks, line.case_id or "", answer, at)
                table.writerow([harmless(cell) for cell in row])
    except OSError as error:
        fail(f"{path} cannot be written: {error.strerror}", error)
