"""standby, promote: a second host that follows the first, and takes its place."""

import asyncio
import contextlib
import json
import os
import shlex
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.console import Console

from palabre.entrypoints.cli.database import DataFolder, choose, fail, shown
from palabre.entrypoints.cli.run import Leashed, chosen, run_host
from palabre.settings import current

_console = Console(highlight=False, soft_wrap=True)


def standby(
    data: DataFolder = None,
    of: Annotated[
        str, typer.Option("--of", help="Follow the host of this address, which it printed; - reads it from the input.")
    ] = "",
    invite: Annotated[
        bool, typer.Option("--invite", help="On the serving host: print an address for a new one.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="On the serving host: its standbys.")] = False,
    forget: Annotated[
        str, typer.Option("--forget", help="On the serving host: a standby that won't come back; nothing waits for it.")
    ] = "",
    status: Annotated[bool, typer.Option("--status", help="How far a standby is.")] = False,
    name: Annotated[str, typer.Option("--name", help="With --invite: what the new host is called here.")] = "",
    host: Annotated[
        str, typer.Option("--host", help="With --invite: name or address by which the new host reaches this one.")
    ] = "",
    port: Annotated[
        int | None, typer.Option("--port", help="With --of: the web port of this host.", envvar="PALABRE_PORT")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="With --status, --list: for machines.")] = False,
) -> None:
    """Keep a second host that has everything the first one has, and can take its place."""
    if [bool(of), invite, listing, bool(forget), status].count(True) != 1:
        fail("Say one of --invite, --of ADDRESS, --status, --list, --forget NAME.")
    if of:
        _follow(data, of, port)
        return
    choose(data)
    if invite:
        _invite(name, host)
    elif forget:
        _forget(forget)
    else:
        _status(as_json)


def promote(
    data: DataFolder = None,
    force: Annotated[
        bool,
        typer.Option("--force", help="Even while the first host still answers. Fence it first, or lose what it takes."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """On a standby: serve from now on, in place of the host it followed. For when that one is gone."""
    from palabre.hosting import control
    from palabre.hosting.problems import HostProblem
    from palabre.hosting.state import StateProblem, load

    choose(data)
    folder = current().data
    try:
        here = load(folder)
        if here.role == "serving":
            _console.print(f"This host serves already (term {here.term}): there is nothing to promote.")
            return
        if here.role == "moved":
            fail(f"This network has moved to {here.url or shown(here.to)}: this host is no standby.")
        question = f"Serve from now on in place of {shown(here.of)}, which is gone?"
        if not (yes or here.promoting or typer.confirm(question)):
            raise typer.Exit(1)
        try:
            for told in control.ask(folder, "promote", 120, force=force):
                _console.print(told.get("step") or f"[bold green]{told['done']}[/]")
        except control.NotRunning:
            _promote_here(force)
    except StateProblem as problem:
        fail(str(problem), problem)
    except HostProblem as problem:
        fail(f"Not promoted: {problem}.", problem)


def _promote_here(force: bool) -> None:
    from palabre.base.postgres import DataFolderBusy, PostgresProblem
    from palabre.hosting.alone import promote_alone

    try:
        asyncio.run(promote_alone(current(), _console.print, force))
    except DataFolderBusy as busy:
        fail(
            f"Not promoted: process {busy.pid} works on this folder, perhaps a promotion; look again in a moment.", busy
        )
    except PostgresProblem as problem:
        fail(str(problem), problem)
    _console.print(f"[bold green]This host is the one that serves.[/] Now run: palabre serve --data {current().data}")


def link(leashed: Leashed = False) -> None:
    """Answer the other hosts of this network. `serve` starts it."""
    from palabre.base.link import LinkProblem
    from palabre.hosting.linking import run
    from palabre.process import stop_with_parent

    if leashed:
        stop_with_parent()
    try:
        asyncio.run(run())
    except LinkProblem as problem:
        fail(str(problem), problem)


def _follow(data: Any, of: str, port: int | None) -> None:
    from palabre.base.link import Address, LinkProblem
    from palabre.base.postgres import PostgresProblem
    from palabre.hosting.enlist import enlist
    from palabre.hosting.problems import HostProblem
    from palabre.hosting.state import StateProblem

    settings = chosen(data, port, None)
    try:
        address = Address.parse(typer.get_text_stream("stdin").readline() if of == "-" else of)
        for advice in asyncio.run(enlist(settings, address)):
            Console(stderr=True, highlight=False).print(advice, style="yellow", markup=False)
    except (HostProblem, LinkProblem, StateProblem, PostgresProblem) as problem:
        fail(f"This cannot be a standby: {problem}", problem)
    if of != "-":
        _without_the_secret(data, port)
    run_host(chosen(data, port, None))


def _without_the_secret(data: Any, port: int | None) -> None:
    """Go on as `palabre serve`: the command line, which every user of this machine can read, holds the address for a moment
    only."""
    sys.stdout.flush()
    sys.stderr.flush()
    more = [*(["--data", str(data)] if data else []), *(["--port", str(port)] if port is not None else [])]
    os.execv(sys.executable, [sys.executable, "-m", "palabre", "serve", *more])  # noqa: S606 - ourselves


def _invite(name: str, host: str) -> None:
    from palabre.hosting import control
    from palabre.hosting import invite as inviting

    with _words():
        try:
            address = control.done(current().data, "invite", name=name, host=host)["address"]
        except control.NotRunning:
            address = str(inviting.invite(current(), name, host))
            _console.print("The network is not running: start it, and then on the new host run:")
        else:
            _console.print("On the new host, with the same version of Palabre, run:")
        _console.print(f"  palabre standby --of {shlex.quote(address)} --data /srv/palabre", markup=False)
        _console.print(
            "Whoever has this address can copy the whole network: pass it on as you would a password. The new host must "
            "reach this one by it (else give --host), through the firewall too."
        )


def _forget(name: str) -> None:
    from palabre.hosting import control
    from palabre.hosting import invite as inviting

    with _words():
        try:
            control.done(current().data, "forget", name=name)
        except control.NotRunning:
            inviting.forget(current().data, name)
        _console.print(f"{name} is forgotten: it cannot follow any more, and nothing is kept for it or waits for it.")


def _status(as_json: bool) -> None:
    from palabre.hosting import control
    from palabre.hosting.state import load
    from palabre.hosting.status import lines

    with _words():
        try:
            told = control.done(current().data, "status")
        except control.NotRunning:
            here = load(current().data)
            told = {"role": here.role, "term": here.term, "running": False}
        if as_json:
            typer.echo(json.dumps(told))
            return
        for line in lines(told):
            _console.print(line, markup=False)


@contextlib.contextmanager
def _words() -> Iterator[None]:
    """What goes wrong is said, and ends the command with status 1."""
    from palabre.hosting.problems import HostProblem
    from palabre.hosting.state import StateProblem

    try:
        yield
    except (HostProblem, StateProblem) as problem:
        fail(sentence(problem), problem)


def sentence(problem: Exception) -> str:
    """Its words with a capital letter and a full stop."""
    words = str(problem).rstrip(".")
    return f"{words[:1].upper()}{words[1:]}."
