"""Who may dial this host's link: standbys are invited by an address, and forgotten."""

import contextlib
import socket
from pathlib import Path

import msgspec

from palabre.base.link import Address, Identity, hashed, matches, new_secret
from palabre.hosting import names, state
from palabre.hosting.problems import HostProblem
from palabre.hosting.state import Peer, State
from palabre.settings import Settings

ELSEWHERE = (
    "The database is not Palabre's own (DATABASE_URL names it), so its own means keep a copy: "
    "docs/operators/high-availability.md tells how. Media lie in media_store."
)


def standbys(of: State) -> list[str]:
    return sorted(name for name in of.peers if name != names.FIRST)


def others(of: State, name: str) -> dict[str, str]:
    """The link addresses of all standbys but this one, as we dial them: if we are gone, they must find each other."""
    return {one: of.peers[one].address for one in standbys(of) if one != name and of.peers[one].address}


def invite(settings: Settings, name: str = "", host: str = "") -> Address:
    """An address by which one new host may follow this one. A name that is taken by a standby is refused."""
    if settings.database_url.get_secret_value():
        raise HostProblem(ELSEWHERE)
    secret, chosen = new_secret(), ""

    def admit(old: State) -> State:
        nonlocal chosen
        if old.role != "serving":
            raise HostProblem("this host does not serve: invite on the one that does")
        chosen = names.check(name) if name else _free_name(old)
        if (found := old.peers.get(chosen)) and found.address:
            raise HostProblem(f"there is a standby named {chosen}: give another --name, or --forget it first")
        return msgspec.structs.replace(old, peers=old.peers | {chosen: Peer(digest=hashed(secret))})

    new = state.change(settings.data, admit)
    pin = Identity.of(settings.data / "link").fingerprint
    return Address(host or reachable_by(settings), new.link_port or settings.link_port, chosen, pin, secret)


def _free_name(old: State) -> str:
    """The first whom nobody has, or who never came."""
    count = 1
    while True:
        name = "standby" if count == 1 else f"standby{count}"
        if name not in old.peers or not old.peers[name].address:
            return name
        count += 1


def reachable_by(settings: Settings) -> str:
    """By which address others reach this machine, as far as it knows itself."""
    if settings.link_host not in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return settings.link_host
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def admits(data: Path, name: str, secret: str) -> bool:
    peer = state.load(data).peers.get(name)
    return peer is not None and matches(secret, peer.digest)


def forget(data: Path, name: str) -> None:
    """It may no longer dial; `replicas` then keeps nothing for it, and lets no write wait for it. The host in whose place
    this one serves can be forgotten too, once it needn't hand requests on."""

    def drop(old: State) -> State:
        is_old_host = name == names.FIRST and name in old.peers and old.role == "serving"
        if name not in standbys(old) and not is_old_host:
            raise HostProblem(f"there is no standby named {name}; known are: {', '.join(standbys(old)) or 'none'}")
        return msgspec.structs.replace(old, peers={other: peer for other, peer in old.peers.items() if other != name})

    state.change(data, drop)
