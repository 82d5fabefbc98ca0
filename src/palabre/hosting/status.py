"""What a host says of itself and its standbys, in words."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from palabre.hosting import clocks


def lines(told: dict[str, Any]) -> Iterator[str]:
    """Of what the control socket answers to `status`."""
    if told.get("running") is False:
        yield f"Nothing runs here. This folder's role is: {told['role']} (term {told['term']})."
    elif told["role"] == "standby":
        yield from _of_standby(told)
    elif told["role"] == "serving":
        yield from _of_serving(told)
    elif told["role"] == "moved":
        yield "This network has moved to another host; `palabre move --status` tells more."
    else:
        yield f"This folder's role is: {told['role']} (term {told['term']})."


def _of_standby(told: dict[str, Any]) -> Iterator[str]:
    yield f"This is the standby of {urlsplit(told['of']).netloc} (term {told['term']})."
    if told["promoting"]:
        yield "It is being promoted."
    if told["copying"]:
        done, total = told["copying"]
        yield f"It is copying the database: {done / 1024:.0f} of {total / 1024:.0f} MB."
    if told["seconds_behind"] is None:
        yield "It has not caught up with the first host since it was started."
    else:
        yield f"It is {told['seconds_behind']:.1f} s ({size(told['bytes_behind'])}) behind."
    if told["problem"]:
        silent = told["seconds_silent"]
        yield told["problem"] + (f" It was last heard {silent:.0f} s ago." if silent is not None else "")
    yield from clocks.words(told["clock_ahead"])
    if told["slot"] not in ("", "reserved"):
        yield f"The first host will not keep much longer what this one misses (its slot is {told['slot']})."
    if told["media_waiting"] is not None:
        yield (
            "All media are here."
            if told["media_complete"] and not told["media_waiting"]
            else f"Media files still to come: {told['media_waiting']}."
        )
    if told["media_problem"]:
        yield f"Media: {told['media_problem']}"


def _of_serving(told: dict[str, Any]) -> Iterator[str]:
    yield f"This host serves (term {told['term']})."
    if told["to_fence"]:
        yield f"The host that served before ({told['to_fence']}) has not heard so yet: keep it off, or reachable from here."
    standbys = told.get("standbys", [])
    if not standbys:
        yield "It has no standby. `palabre standby --invite` prints how to make one."
    for one in standbys:
        yield f"{one['name']}: {_seen(one)}"
    if told["synchronous"] and writes_wait(told):
        yield "Writes WAIT: standby_synchronous is set and no standby is there. Start it, or `palabre standby --forget NAME`."
    elif told["synchronous"]:
        yield "Each write is acknowledged once a standby has it, too (standby_synchronous)."


def writes_wait(told: dict[str, Any]) -> bool:
    """Whether nothing can be acknowledged now."""
    waited = [one for one in told.get("standbys", []) if one["waited_for"]]
    return bool(waited) and not any(one["streaming"] for one in waited)


def _seen(one: dict[str, Any]) -> str:
    if one["streaming"]:
        media = f", {one['media_waiting']} media files behind" if one["media_waiting"] else ""
        return f"follows, {one['seconds_behind']:.1f} s ({size(one['bytes_behind'])}) behind{media}"
    if one["slot"] is None:
        return "invited, has not come yet"
    if one["slot"] == "lost":
        return "away for too long: it will copy everything anew when it is back"
    return f"away; what it misses is kept ({one['slot']})"


def size(number: int) -> str:
    return f"{number / 1024**2:.1f} MB" if number >= 1024**2 else f"{number} bytes"
