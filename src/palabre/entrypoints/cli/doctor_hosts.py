"""doctor, of the hosts: what this one is for, and how far its standbys are."""

from collections.abc import Iterator
from typing import Any

from palabre.entrypoints.cli.finding import Finding
from palabre.hosting import clocks, control
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import State
from palabre.hosting.status import lines, size, writes_wait

_MOST_BEHIND = 60.0  # seconds


def elsewhere(here: State, told: dict[str, Any] | None) -> Iterator[Finding]:
    """Of a folder that doesn't serve. `told`: what its supervisor says, None while it doesn't run."""
    if here.role == "moved":
        yield Finding(f"This network has moved: {here.url or here.to.partition('?')[0]} serves it now", None)
        return
    place = here.of.partition("?")[0]
    if told is None:
        yield Finding(f"This is the standby of {place}, and it does not run", False, "Start it: `palabre serve`.")
        return
    behind, silent = told["seconds_behind"], told["seconds_silent"]
    well = behind is not None and behind < _MOST_BEHIND
    for line in lines(told | {"clock_ahead": None}):
        yield Finding(line, None)
    for line in clocks.words(told["clock_ahead"]):
        yield Finding(line, False)
    yield Finding(
        f"It has what the first host had {behind:.0f} s ago" if behind is not None else "It never caught up yet",
        well,
        "" if well else _advice(silent),
    )


def _advice(silent: float | None) -> str:
    if silent is None or silent > _MOST_BEHIND:
        return "The first host does not answer: look there. If it is gone, `palabre promote`."
    return "Is the line between the two too slow, or this disk? See the log of `palabre serve`."


def of_standbys(standbys: list[dict[str, Any]], synchronous: bool) -> Iterator[Finding]:
    """Of a serving host."""
    if not standbys:
        yield Finding("There is no standby", None, "`palabre standby --invite` tells how to make one.")
    for one in standbys:
        yield _of_standby(one)
    if writes_wait({"standbys": standbys}):
        yield Finding(
            "Writes wait: standby_synchronous is set, and no standby is there",
            False,
            "Start the standby, or `palabre standby --forget NAME`.",
        )
    elif synchronous:
        waited = [one["name"] for one in standbys if one["waited_for"]]
        yield Finding(
            f"Writes wait until one of {', '.join(waited)} has them, too"
            if waited
            else "standby_synchronous is set; it takes effect once a standby follows",
            True if waited else None,
        )


def _of_standby(one: dict[str, Any]) -> Finding:
    name = one["name"]
    if one["slot"] is None:
        return Finding(f"The standby {name} is invited, and has not come yet", None)
    if one["slot"] == "lost":
        return Finding(
            f"The standby {name} was away for too long",
            False,
            "It copies everything anew once it is back. Raise standby_keep?",
        )
    if not one["streaming"]:
        return Finding(
            f"The standby {name} is away; what it misses is kept for now ({one['slot']})",
            False,
            "Start it, or `palabre standby --forget` it.",
        )
    seconds, media = one["seconds_behind"], one["media_waiting"] or 0
    well = seconds < _MOST_BEHIND
    said = f"The standby {name} follows, {seconds:.1f} s ({size(one['bytes_behind'])}) and {media} media files behind"
    return Finding(said, well, "" if well else "Is the line between the two, or its disk, too slow?")


def asked(data: Any) -> dict[str, Any] | None:
    """What the supervisor says of itself."""
    try:
        return dict(control.done(data, "status"))
    except HostProblem:
        return None
