"""move: this network goes on on another host; forward: what stays behind."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from palabre.base import i18n
from palabre.entrypoints.cli import remote
from palabre.entrypoints.cli.bars import Bars
from palabre.entrypoints.cli.database import DataFolder, choose, fail
from palabre.entrypoints.cli.standby import sentence
from palabre.hosting import HostProblem
from palabre.settings import Settings, current

_err = Console(stderr=True, highlight=False, soft_wrap=True)


def move(
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="Where to: the name of a standby that follows this host already (`palabre standby --list`); a folder on "
            "this machine; or ssh://USER@HOST/PATH, where Palabre is installed in PATH (`make install`).",
        ),
    ] = "",
    port: Annotated[int | None, typer.Option("--port", help="Port that the new host listens on.")] = None,
    folder: Annotated[str, typer.Option("--folder", help="With ssh: the new data folder there.")] = "palabre-data",
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask before the network changes hosts.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Call off the move that is under way.")] = False,
    status: Annotated[bool, typer.Option("--status", help="After a move: how many requests still come here.")] = False,
    data: DataFolder = None,
) -> None:
    """Move the running network to another host: nothing is lost, and members wait a few seconds at most."""
    choose(data)
    try:
        if cancel:
            return _say_last("cancel_move")
        if status:
            return _tell_status()
        if not to:
            fail("Say where to: --to NAME, FOLDER or ssh://USER@HOST/PATH.")
        name = _standby_for(to, port, folder)
        if not yes:
            _confirm(name)
        _hand_over(name)
    except HostProblem as problem:
        fail(sentence(problem), problem)


def _standby_for(to: str, port: int | None, folder: str) -> str:
    """The name of the standby that is to serve; made first where `to` is a place."""
    if to.startswith("ssh://"):
        return _made_by_ssh(to, port, folder)
    if "/" in to or Path(to).is_dir():
        return _made_here(Path(to).resolve(), port)
    return to


def _made_here(folder: Path, port: int | None) -> str:
    if port is None:
        fail("Two hosts on one machine need two ports: say --port for the new one.")
    name, address = _invited("127.0.0.1")
    command = [sys.executable, "-m", "palabre", "standby", "--of", "-", "--data", str(folder), "--port", str(port)]
    log = Path(f"{folder}.log")
    _err.print(f"Making a standby in {folder}, which goes on by itself (its words are in {log}).", markup=False)
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - this very program
            command,
            env=_environment(folder, port),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    assert process.stdin
    with process.stdin as given:  # the address holds a secret: not on the command line, which everybody may read
        given.write(f"{address}\n".encode())
    _wait_until_it_follows(name, lambda: _gave_up(log) if process.poll() is not None else "")
    return name


def _environment(folder: Path, port: int) -> dict[str, str]:
    """Ours, but for what only one host on a machine can have."""
    ours = {"DATABASE_URL", "PALABRE_DATABASE_URL", "PALABRE_LINK_PORT", "PALABRE_MEDIA_STORE"}
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return kept | {"PALABRE_DATA": str(folder), "PALABRE_PORT": str(port)}


def _made_by_ssh(to: str, port: int | None, folder: str) -> str:
    where, path = remote.parse(to)
    name, address = _invited("")
    _err.print(
        f"Making a standby on {where}, which goes on by itself (its words are in {folder}.log there). Ctrl-C ends the "
        f"waiting; `palabre standby --forget {name}` gives it up. Nothing changes here until you are asked.",
        markup=False,
    )
    there = remote.RemoteStandby(where, path, folder, port, address)
    try:
        _wait_until_it_follows(name, there.gave_up, lambda: _news_of(there, name))
    finally:
        there.leave()
    return name


def _news_of(there: remote.RemoteStandby, name: str) -> str:
    if there.is_cut():
        return (
            f"The ssh connection to {there.where} is cut. The new host goes on by itself, and this waits until it follows. "
            f"After Ctrl-C, `palabre move --to {name}` goes on from there."
        )
    return f"{there.where}: {there.says}" if there.says else ""


def _invited(host: str) -> tuple[str, str]:
    """Name and address for a new standby of ours."""
    from palabre.hosting import control

    done = control.done(current().data, "invite", 30, host=host)
    return str(done["name"]), str(done["address"])


def _wait_until_it_follows(name: str, gave_up: Callable[[], str], news: Callable[[], str] = str) -> None:
    """Raises HostProblem with the words of a standby that gave up, and then nothing waits for it any more."""
    from palabre.hosting import control

    said = ""
    with _err.status(f"{name} copies the network…"):
        while True:
            if words := gave_up():
                with contextlib.suppress(HostProblem):
                    control.done(current().data, "forget", 30, name=name)
                raise HostProblem(words)
            if (words := news()) and words != said:
                _err.print(said := words, markup=False)
            found = control.done(current().data, "status", 30)
            if any(one["name"] == name and one["streaming"] for one in found["standbys"]):
                return
            time.sleep(0.5)


def _gave_up(log: Path) -> str:
    words = " ".join(log.read_text(errors="replace").strip().splitlines()[-3:])
    return f"the new host gave up: {words or 'it said nothing'}"


def _confirm(name: str) -> None:
    settings = current()
    _err.print(
        f"The network moves to {name}:\n"
        "  1. when it is close behind, requests wait (seconds) and it catches up to the last byte;\n"
        "  2. this host stops for good, and can't be started by mistake;\n"
        f"  3. {name} serves; this host hands on every request that still comes here.\n"
        "Until 2 you can call it off (Ctrl-C, or `palabre move --cancel`) and nothing has changed.\n"
        f"Then let {_dns(settings)} A short time to live (300 s), set now, makes that quick.",
        markup=False,
    )
    if not typer.confirm("Move now?", err=True):
        _err.print("Nothing has changed. The standby goes on following.")
        raise typer.Exit(1)


def _dns(settings: Settings) -> str:
    """What record to change, with where it points now."""
    name = settings.name.partition(":")[0]
    if not settings.domain and not settings.public_url:
        return "whoever uses it know its new address: it has no name in the DNS (settings domain and public_url)."
    with contextlib.suppress(OSError):
        found = sorted({str(info[4][0]) for info in socket.getaddrinfo(name, None)})
        return f"the DNS records A and AAAA of {name} (now {', '.join(found)}) point to the new host."
    return f"the DNS records A and AAAA of {name} point to the new host."


def _hand_over(name: str) -> None:
    from palabre.hosting import control

    data = current().data
    try:
        done = _shown(control.ask(data, "move", 180, to=name))
    except KeyboardInterrupt:
        with contextlib.suppress(HostProblem):
            _say_last("cancel_move")
        raise typer.Exit(1) from None
    _err.print(
        f"[bold green]The network is served by {name}[/] ({done['host']}). Requests waited {done['seconds']:.1f} seconds."
    )
    _err.print(
        f"Now let {_dns(current())} Until then this host hands requests on: leave it running.\n"
        "`palabre move --status` tells when none come any more; then stop it.\n"
        "To go back: make a standby of the new host here (`palabre standby --invite` there, `--of` here, in an empty "
        "folder), and move again.",
        markup=False,
    )


def _shown(steps: Iterator[dict[str, Any]]) -> dict[str, Any]:
    """Each step as it comes; the end's figures."""
    behind = 0
    with Bars() as bars:
        for told in steps:
            if "step" in told:
                _err.print(f"• {told['step']}", markup=False)
            elif "progress" in told:
                left = told["progress"]["bytes_behind"] // 1024
                behind = max(behind, left, 1)
                bars("catching up", behind - left, behind)
            elif "done" in told:
                return dict(told["done"])
    raise HostProblem("the host broke off: look at its log, and at `palabre move --status`")


def _say_last(verb: str) -> None:
    from palabre.hosting import control

    typer.echo(control.done(current().data, verb, 30))


def _tell_status() -> None:
    from palabre.hosting import control

    found = control.done(current().data, "status", 30)
    if found["role"] != "moved":
        fail(f"This host has not moved: it is {found['role']}.")
    typer.echo(
        f"This network has moved to {found['to']}, which {'serves it' if found['serves'] else 'does not serve yet'}."
    )
    if not found.get("forwarded"):
        typer.echo("No request has come here since.")
        return
    ago = i18n.span(timedelta(seconds=max(1.0, time.time() - found["last_forwarded"])), i18n.SOURCE)
    were = "request was" if found["forwarded"] == 1 else "requests were"
    typer.echo(f"{found['forwarded']:,} {were} handed on since; the last one {ago} ago.")


def forward(
    fd: Annotated[int, typer.Option("--fd", help="An inherited listening socket.")],
    leashed: Annotated[bool, typer.Option("--leashed", help="Stop when stdin is closed.", hidden=True)] = False,
) -> None:
    """Hand every request on to the host that this network has moved to. `palabre serve` starts it."""
    from palabre.hosting.forwarding import run
    from palabre.process import stop_with_parent

    if leashed:
        stop_with_parent()
    asyncio.run(run(fd))
