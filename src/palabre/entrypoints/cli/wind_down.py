"""wind-down: the community's graceful end."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from palabre.base import i18n
from palabre.base.db import Database
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, fail, with_database
from palabre.features.portability import wind_down as feature
from palabre.process import running
from palabre.settings import current

_LETTERS = {
    "announced": "told that it closes",
    "week": "reminded a week before",
    "day": "reminded the day before",
    "over": "told that it has closed",
    "archives": "archives asked for",
    "last_archives": "last archives asked for",
}


def wind_down(
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="When it closes: 2027-03-31, or 2027-03-31T18:00 in UTC.")
    ] = "",
    message: Annotated[
        Path | None, typer.Option("--message", help="A text file (Markdown) with your own words to everybody.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="It goes on after all: take the announcement back.")] = False,
    finish: Annotated[
        Path | None, typer.Option("--finish", metavar="DEST", help="Once it has closed: write the tombstones here.")
    ] = None,
    status: Annotated[bool, typer.Option("--status", help="How far the farewell has come. The default.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The status for machines.")] = False,
    data: DataFolder = None,
) -> None:
    """Close the community: say when, tell everybody, give everybody his archive, and leave tombstones."""
    if sum(map(bool, (on, off, finish, status))) > 1:
        fail("Only one of --on, --off, --finish and --status at a time.")
    if message and not on:
        fail("--message belongs to --on DATE.")
    if on:
        _begin(_moment(on), _read(message), data)
    elif off:
        _call_off(data)
    elif finish:
        _finish(finish, data)
    else:
        _tell(_status(data), as_json)


def _moment(written: str) -> datetime:
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        fail(f"{written!r} is no date. Write it like 2027-03-31.", error)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _read(message: Path | None) -> str:
    if message is None:
        return ""
    try:
        return message.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{message} can't be read: {error}", error)


def _begin(at: datetime, message: str, data: Path | None) -> None:
    async def go(db: Database) -> feature.Status:
        async with running(db):
            async with db.transaction() as conn:
                await feature.begin(conn, at, message)
            async with db.reading() as conn:
                return await feature.status(conn)

    found = with_database(data, go)
    say = Console(highlight=False, soft_wrap=True).print
    say(f"It closes on {at:%d %B %Y, %H:%M} UTC. Nobody can sign up any more; {_members(found)} being told.")
    room = i18n.filesize(found.room, i18n.SOURCE)
    say(f"Everybody's archive is being made: about {room} more in the media store.")
    if not current().sends_mail:
        say("No mail is set up (smtp_url): members learn of it only where they look in.", style="yellow")
    say("How far it is: palabre wind-down --status. To take it back: palabre wind-down --off")


def _call_off(data: Path | None) -> None:
    async def go(db: Database) -> None:
        async with running(db), db.transaction() as conn:
            await feature.call_off(conn)

    with_database(data, go)
    typer.echo("It goes on. Sign-ups are again as they were. Members who were told by mail should hear it from you.")


def _finish(dest: Path, data: Path | None) -> None:
    async def go(db: Database) -> feature.Tombstones:
        async with running(db):
            with Bars() as shown:
                return await feature.write_tombstones(db, dest, lambda done, total: shown("stones", done, total))

    try:
        made = with_database(data, go)
    except OSError as error:
        fail(f"{dest} can't be written: {error}. Give the same command again once it can.", error)
    typer.echo(f"{dest}: {made.accounts:,} accounts, {made.posts:,} posts; {made.moved:,} lead to a new home.")
    typer.echo(f"Any web server can serve this folder; {dest}/Caddyfile and {dest}/nginx.conf show how.")


def _status(data: Path | None) -> feature.Status:
    async def go(db: Database) -> feature.Status:
        async with db.reading() as conn:
            return await feature.status(conn)

    return with_database(data, go)


def _tell(found: feature.Status, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_described(found), indent=2))
        return
    if found.end is None:
        typer.echo("No end is announced.")
        return
    closes = "closed" if found.end.passed else "closes"
    typer.echo(f"It {closes} on {found.end.at:%d %B %Y, %H:%M} UTC.")
    if not found.told and not found.archives:
        typer.echo(
            f"{_members(found).capitalize()} to be told; the worker begins within a minute while the network runs."
        )
        return
    table = Table("", f"of {found.members:,} members" if found.members != 1 else "of 1 member")
    for kind, words in _LETTERS.items():
        if kind in found.told:
            table.add_row(words, f"{found.told[kind]:,}")
    for state, many in found.archives.items():
        table.add_row(f"archives {state}", f"{many:,}")
    Console().print(table)


def _members(found: feature.Status) -> str:
    return "1 member is" if found.members == 1 else f"{found.members:,} members are"


def _described(found: feature.Status) -> dict[str, Any]:
    return {
        "closes_at": found.end.at.isoformat() if found.end else None,
        "closed": bool(found.end and found.end.passed),
        "members": found.members,
        "told": found.told,
        "archives": found.archives,
    }
