"""Making a new data folder the standby of another host: ask that host, compare, and only then write anything."""

import socket
from pathlib import Path
from typing import Any

import msgspec

from palabre.base.link import Address, Identity, LinkProblem, ask, hashed, new_secret
from palabre.features.portability.restore import settings_file
from palabre.hosting import names, state
from palabre.hosting.facts import compare, facts
from palabre.hosting.invite import ELSEWHERE
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import Peer, State
from palabre.settings import Settings, networks_own, only_networks_own

_OURS = {"palabre.toml", "host.json", "host.lock", state.ROOM, "link"}
"""What may lie in the folder of a standby that has copied nothing yet."""


async def enlist(settings: Settings, address: Address) -> list[str]:
    """From now on this folder is the standby of that host; words of advice for whoever did it. Raises HostProblem,
    and then nothing has changed."""
    if settings.database_url.get_secret_value():
        raise HostProblem(ELSEWHERE)
    data, here = settings.data, state.load(settings.data)
    if is_standby_of(here, address):
        state.update(data, of=str(address))  # perhaps with another secret, or the host has another place
        return []
    _check_empty(data, here)
    names.check(address.name)
    try:
        theirs = await ask(address, "hello", new=True)
    except LinkProblem as problem:
        raise HostProblem(str(problem)) from problem
    compare(theirs, facts(data))
    data.mkdir(mode=0o755, parents=True, exist_ok=True)
    advice = _settle(settings, theirs)
    state.update(
        data,
        role="standby",
        term=theirs["term"],
        name=address.name,
        of=str(address),
        link_port=free_link_port(settings),
    )
    return advice


def is_standby_of(here: State, address: Address) -> bool:
    return here.role == "standby" and Address.parse(here.of).pin == address.pin and here.name == address.name


def _check_empty(data: Path, here: State) -> None:
    if here.role == "standby":
        raise HostProblem(
            f"{data} is the standby of another host ({here.of.partition('?')[0]}): choose an empty folder"
        )
    found = sorted(path.name for path in data.iterdir() if path.name not in _OURS) if data.exists() else []
    if found or here.role != "serving" or here.peers:
        what = ", ".join(found[:3]) or "host.json of another network"
        raise HostProblem(f"{data} is not empty ({what}): a standby copies everything, so choose an empty folder")


def _settle(settings: Settings, theirs: dict[str, Any]) -> list[str]:
    """What the network's settings are there goes into our palabre.toml, where we have nothing else."""
    ours, told = networks_own(settings), only_networks_own(theirs["network"])
    missing = {name: value for name, value in told.items() if name not in ours}
    differing = [name for name, value in told.items() if ours.get(name, value) != value]
    differing += settings_file.add(settings.data, missing) if missing else []
    if not differing:
        return []
    return [
        f"Other here than there: {', '.join(sorted(differing))}. This host is to serve as that one does: make them the same."
    ]


def free_link_port(settings: Settings) -> int:
    """0: the one in the settings; another where two hosts share a machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("0.0.0.0" if ":" in settings.link_host else settings.link_host, settings.link_port))  # noqa: S104
        except OSError:
            probe.bind(("0.0.0.0", 0))  # noqa: S104
            return int(probe.getsockname()[1])
    return 0


def our_address(settings: Settings, link_port: int) -> Address:
    """Where the first host finds us, with a new secret by which it may dial. Its host part may be wrong behind NAT."""
    secret = new_secret()

    def admit(old: State) -> State:
        peers = old.peers | {names.FIRST: Peer(digest=hashed(secret), address=old.of)}
        return msgspec.structs.replace(old, peers=peers)

    state.change(settings.data, admit)
    pin = Identity.of(settings.data / "link").fingerprint
    host = settings.link_host if settings.link_host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    return Address(host, link_port, names.FIRST, pin, secret)
