"""What `palabre archive` shows and arranges: what lies where, whether it is whole, and what is scheduled."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import msgspec
import typer
from rich.console import Console
from rich.table import Column, Table

from palabre.base import i18n
from palabre.base.db import Database
from palabre.base.errors import Refused
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import fail, with_database
from palabre.features.portability.archive import (
    Plan,
    all_plans,
    choose_seal,
    existing_place,
    indexes,
    last_runs,
    read_every,
    read_index,
    schedule,
    unschedule,
    verify,
)
from palabre.features.portability.archive.format import Index

_KEEP = 14


def read_options(given: list[str]) -> dict[str, str]:
    """From the environment, and over it those of the command. Raises Refused."""
    try:
        found = msgspec.json.decode(os.environ.get("PALABRE_ARCHIVE_OPTIONS") or "{}", type=dict[str, str])
    except msgspec.DecodeError as error:
        raise Refused(f'PALABRE_ARCHIVE_OPTIONS must be JSON such as {{"endpoint": "https://…"}}: {error}') from error
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise Refused(f"--option must be KEY=VALUE, not {each}.")
        found[name] = value
    return found


def show(destination: str, options: dict[str, str], as_json: bool) -> None:
    """What lies there, or in all the places that archives are scheduled for."""
    where = [(destination, options)] if destination else [(one.destination, one.options) for one in _plans()]
    if not where:
        fail("Nothing is scheduled. Say where to look: palabre archive --list DEST.")
    found = [(place, asyncio.run(_indexes(place, given))) for place, given in where]
    if as_json:
        described = [{"destination": place, **_described(index)} for place, those in found for index in those]
        return typer.echo(json.dumps(described, indent=2))
    for place, those in found:
        table = Table(
            Column("Archive", no_wrap=True), "Encrypted for", "Media", "MB", title=place, title_justify="left"
        )
        if not those:
            typer.echo(f"{place}: no archive is there yet.")
            continue
        for index in those:
            size = sum(file.size for file in index.files) + index.media_bytes
            table.add_row(index.id, _for(len(index.recipients)), f"{index.media:,}", f"{size / 1e6:,.1f}")
        Console().print(table)


def check(destination: str, options: dict[str, str], which: str, as_json: bool) -> None:
    """Every stored byte of one archive; ends with status 1 where something is wrong."""

    async def go() -> tuple[Index, Any]:
        place = existing_place(destination, options)
        if which:
            index = await read_index(place, which)
        else:
            index = next(iter(await indexes(place)), None) or fail(f"No archive in {destination} is complete.")
        with Bars() as shown:
            return index, await verify(place, index, shown)

    index, verdict = asyncio.run(go())
    if as_json:
        typer.echo(json.dumps({"archive": index.id, "files": verdict.files, "wrong": verdict.wrong}))
    else:
        for wrong in verdict.wrong[:20]:
            typer.echo(wrong)
    if verdict.wrong:
        are = "is" if len(verdict.wrong) == 1 else "are"
        fail(
            f"Archive {index.id} is damaged: {len(verdict.wrong)} of {verdict.files:,} files {are} wrong. Don't count on it: "
            "take another one, in another place."
        )
    if not as_json:
        typer.echo(f"Archive {index.id} is whole: {verdict.files:,} files, {megabytes(verdict.bytes)}.")


def plan(
    destination: str, options: dict[str, str], to_key: list[str], plain: bool, every: str, keep: int | None
) -> None:
    recipients = choose_seal(to_key, plain=plain).recipients
    often = read_every(every)
    _with(lambda db: schedule(db, destination, options, recipients, often, keep or _KEEP))
    typer.echo(
        f"An archive goes to {destination} every {every}, the first one now, while the network runs (`palabre serve`); "
        f"the newest {keep or _KEEP} are kept."
    )


def unplan(destination: str) -> None:
    _with(lambda db: unschedule(db, destination))
    typer.echo(f"No more archives go to {destination}. Those that lie there stay.")


def show_schedules(as_json: bool) -> None:
    found, runs = _plans(), _with(last_runs)
    if as_json:
        return typer.echo(json.dumps([_described_plan(one, runs.get(one.id)) for one in found], indent=2))
    if not found:
        typer.echo("Nothing is scheduled. One a day: palabre archive DEST --schedule 24h --to-key age1…")
    for one in found:
        every = i18n.span(one.every, i18n.SOURCE)
        typer.echo(
            f"{one.shown}: {every} apart, the newest {one.keep} are kept; encrypted for {_for(len(one.recipients))}"
        )
        typer.echo(f"  last: {_how(runs.get(one.id))}")
        typer.echo(f"  next: {_minute(one.next_at)}")


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _plans() -> list[Plan]:
    found: list[Plan] = _with(all_plans)
    return found


def _with(work: Callable[[Database], Awaitable[Any]]) -> Any:
    return with_database(None, work)


async def _indexes(destination: str, options: dict[str, str]) -> list[Index]:
    return await indexes(existing_place(destination, options))


def _described(index: Index) -> dict[str, Any]:
    return {
        "archive": index.id,
        "taken_at": index.taken_at.isoformat(),
        "network": index.network,
        "palabre": index.palabre,
        "recipients": index.recipients,
        "media": index.media,
        "bytes": sum(file.size for file in index.files) + index.media_bytes,
    }


def _described_plan(one: Plan, run: Any) -> dict[str, Any]:
    last = {name: str(value) if isinstance(value, datetime) else value for name, value in dict(run or {}).items()}
    return {
        "destination": one.shown,
        "every_seconds": one.every.total_seconds(),
        "keep": one.keep,
        "recipients": one.recipients,
        "next_at": one.next_at.isoformat(),
        "last": last,
    }


def _for(recipients: int) -> str:
    if not recipients:
        return "nobody: all can read it"
    return "1 key" if recipients == 1 else f"{recipients} keys"


def _how(run: Any) -> str:
    if run is None:
        return "none yet"
    if run["failed_at"]:
        return f"failed at {_minute(run['failed_at'])}: {run['error']}"
    return _minute(run["finished_at"]) if run["finished_at"] else f"since {_minute(run['started_at'])}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
