"""doctor: what is wrong with this network, and what to do about it."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator

import typer
from rich.console import Console

from palabre.base import blobs, clock, duties, mail
from palabre.base.db import UNAVAILABLE, Database, server_facts
from palabre.base.migrate import pending
from palabre.base.postgres import PostgresProblem
from palabre.entrypoints.cli import doctor_hosts, names
from palabre.entrypoints.cli.database import DataFolder, choose, reachable
from palabre.entrypoints.cli.finding import Finding
from palabre.features import accounts
from palabre.features.portability import safekeeping
from palabre.hosting import invite, replicas, state
from palabre.settings import current

_OLDEST_VERSION = 15
_LITTLE_DISK, _NO_DISK = 2 * 1024**3, 256 * 1024**2
_MOST_SKEW = 5.0  # seconds
_LONG_WAIT = 600.0


def doctor(data: DataFolder = None) -> None:
    """Check database, names, standbys, storage, mail, clock, disk and waiting work; status 1 where something is wrong."""
    choose(data)
    findings = _findings()
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        mark = {True: "[green]✓[/]", False: "[bold red]✗[/]", None: "[yellow]•[/]"}[finding.well]
        console.print(mark, end=" ")
        console.print(finding.what, markup=False)
        if finding.advice:
            console.print(f"  → {finding.advice}", markup=False)
    if any(finding.well is False for finding in findings):
        raise typer.Exit(1)


def _findings() -> list[Finding]:
    try:
        here = state.load(current().data)
    except state.StateProblem as problem:
        return [Finding(str(problem), False)]
    if here.role != "serving":  # its database is not ours to touch
        return [*doctor_hosts.elsewhere(here, doctor_hosts.asked(current().data)), *asyncio.run(_around())]
    try:
        with reachable() as dsn:
            return asyncio.run(_examine(dsn, invite.standbys(here)))
    except (PostgresProblem, *UNAVAILABLE, OSError) as error:
        return [_unreachable(error), *asyncio.run(_around())]


async def _examine(dsn: str, standbys: list[str]) -> list[Finding]:
    db = Database(dsn, most=2)
    try:
        inside = [finding async for finding in _database(db)]
        if not await pending(db):
            inside += [finding async for finding in _names(db)]
            if not current().database_url.get_secret_value():
                told = await replicas.figures(db, standbys)
                inside += doctor_hosts.of_standbys(told, current().standby_synchronous)
    except (*UNAVAILABLE, OSError) as error:
        inside = [_unreachable(error)]
    finally:
        await db.close()
    return [*inside, *await _around()]


async def _around() -> list[Finding]:
    return [await _storage(), await _mail(), _disk()]


def _unreachable(error: Exception) -> Finding:
    return Finding(
        f"The database cannot be reached: {error}", False, "Is PostgreSQL running, and is DATABASE_URL right?"
    )


async def _database(db: Database) -> AsyncIterator[Finding]:
    async with db.reading() as conn:
        number, version, theirs = await server_facts(conn)
    major = number // 10_000
    yield Finding(
        f"PostgreSQL {version} answers",
        major >= _OLDEST_VERSION,
        "" if major >= _OLDEST_VERSION else f"Version {_OLDEST_VERSION} or newer is needed: upgrade it.",
    )
    skew = abs((clock.now() - theirs).total_seconds())
    yield Finding(
        f"This machine's clock and the database's differ by {skew:.1f} s",
        skew < _MOST_SKEW,
        "" if skew < _MOST_SKEW else "Set both by NTP: ids and limits depend on them.",
    )
    if missing := await pending(db):
        yield Finding(f"{len(missing)} migrations wait: {', '.join(missing)}", False, "Run `palabre migrate`.")
        return
    yield Finding("All migrations are applied")
    async with db.reading() as conn:
        owners = await accounts.members(conn, roles=("owner",), limit=1)
        dead = await duties.dead(conn)
        due, oldest = await duties.waiting(conn)
        kept = await safekeeping.look(conn)
    if not owners:
        yield Finding("There is no owner yet", None, "Open the link that `palabre serve` prints as it starts.")
    if dead:
        kinds = ", ".join(sorted({row["kind"] for row in dead}))
        last = (dead[0]["last_error"] or "").strip().splitlines()
        why = f" The newest failed by: {last[-1]}" if last else ""
        yield Finding(
            f"{len(dead)} duties were given up on ({kinds})",
            False,
            f"See `palabre duties dead`, then `palabre duties revive`.{why}",
        )
    well, words, advice = safekeeping.summary(kept)
    yield Finding(words, well, advice)
    behind = oldest > _LONG_WAIT
    yield Finding(
        f"{due} duties wait, the oldest for {oldest:.0f} s",
        not behind,
        "Is a worker running? `palabre serve` starts one; else start more with `palabre worker`." if behind else "",
    )


async def _names(db: Database) -> AsyncIterator[Finding]:
    """The first name may not be seen from here, behind a router, and yet be well; a spare one is there to be relied on."""
    if current().domain_lost:
        lost = f"The first name, {current().name}, is lost: links name {current().domains[0]}"
        yield Finding(lost, None, "docs/operators/domain-lost.md says what else to do.")
    async for one in names.examine(db):
        if one.problem:
            yield Finding(f"{one.host} does not lead here: {one.problem}", None if one.first else False, one.advice)
        else:
            yield Finding(f"{one.host} leads here")


async def _storage() -> Finding:
    where = current().media_store or str(current().data / "media")
    key, content = f"doctor/{secrets.token_hex(8)}.txt", b"written by palabre doctor"
    try:
        store = blobs.open_store(where, **current().media_store_options)
        await store.put(key, content, "text/plain")
        same = await store.read(key) == content
        await store.delete([key])
    except Exception as error:
        return Finding(f"Media cannot be kept in {_named(where)}: {error}", False, "Check media_store and its options.")
    return Finding(
        f"Media are kept in {_named(where)}", same, "" if same else "It gave back something else than was put."
    )


async def _mail() -> Finding:
    if not current().sends_mail:
        return Finding(
            "No mail is configured: nobody has to confirm an address, and passwords are reset by `palabre account`",
            None,
        )
    smtp = mail.Smtp(current().smtp_url.get_secret_value(), current().sender)
    try:
        await smtp.check()
    except Exception as error:
        return Finding(f"Mail cannot be sent through {smtp.host}:{smtp.port}: {error}", False, "Check smtp_url.")
    return Finding(f"Mail goes out through {smtp.host}:{smtp.port}, from {current().sender}")


def _disk() -> Finding:
    folder = next(folder for folder in (current().data.resolve(), *current().data.resolve().parents) if folder.exists())
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB are free in {folder}"
    if free < _LITTLE_DISK:
        return Finding(said, False if free < _NO_DISK else None, "Make room: PostgreSQL stops when the disk is full.")
    return Finding(said)


def _named(where: str) -> str:
    """Without credentials, should somebody have put them into the URL's query."""
    return where.partition("?")[0]
