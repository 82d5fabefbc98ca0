"""Of two hosts that both would serve, the one with the lower term stops. Each looks after it: the one that was promoted
tells the other as soon as it reaches it, and a host that starts asks first."""

import asyncio
import contextlib
from typing import Any

import structlog

from palabre.base.link import Address, Identity, LinkProblem, ask
from palabre.hosting import state
from palabre.hosting.host import Host
from palabre.hosting.state import State

_log = structlog.get_logger()
_PATIENCE = 2.0  # seconds for other hosts to answer before this one serves
_FENCING = 5.0  # seconds for the other to stop
_PAUSE = 1.0


async def until_overtaken(host: Host) -> None:
    """Also where it is only we who can reach the other, or where it has forgotten that it must fence us."""
    while True:
        if await is_overtaken(host):
            return
        await asyncio.sleep(_PAUSE)


async def is_overtaken(host: Host) -> bool:
    """Whether another host serves in our place; then this folder's role is `moved` from now on."""
    here = host.state
    addresses = {peer.address for peer in here.peers.values() if peer.address} | set(here.others.values())
    if not addresses:
        return False
    found = await asyncio.gather(*(_ask(address) for address in addresses))
    ours = (here.term, Identity.of(host.data / "link").fingerprint)
    right = [one for one in found if _right_by(*one) > ours]
    for told, address in sorted(right, key=lambda one: _right_by(*one))[-1:]:
        moved(host, told["term"], address, told.get("url", ""))
    return bool(right)


def _right_by(told: dict[str, Any], address: str) -> tuple[int, str]:
    """Of two that serve, the greater is right. Where two standbys were promoted at once, it is one of them, no matter which."""
    serves = told.get("role") == "serving" or told.get("promoting")
    return (told["term"], Address.parse(address).pin if serves else "") if "term" in told else (0, "")


async def _ask(address: str) -> tuple[dict[str, Any], str]:
    with contextlib.suppress(LinkProblem, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            return await ask(Address.parse(address), "status"), address
    return {}, address


def moved(host: Host, term: int, to: str, url: str) -> State:
    """Durably: this host does not serve any more."""
    if (here := host.state).role == "moved" and here.term >= term:
        return here
    made = state.update(host.data, role="moved", term=term, to=to, url=url)
    _log.error("another_host_serves", term=term, to=Address.parse(to).place, url=url)
    host.voice.say(f"{Address.parse(to).place} serves this network now (term {term}): this host stops.")
    return made


async def fence_other(host: Host) -> None:
    """Tell the host in whose place we serve, until it has heard."""
    said = ""
    while other := host.state.fencing:
        try:
            async with asyncio.timeout(_FENCING):
                done = await _fence(host, Address.parse(other))
            why = "" if done else "it does not give way"
        except (LinkProblem, TimeoutError) as problem:
            why = str(problem) or "it does not answer"
        if not why:
            state.update(host.data, fencing="")
            _log.info("other_host_fenced", host=Address.parse(other).place)
            return
        if why != said:
            _log.warning("other_host_not_fenced_yet", host=Address.parse(other).place, why=why)
        said = why
        await asyncio.sleep(_PAUSE)  # never longer: what it takes meanwhile is lost


async def _fence(host: Host, other: Address) -> bool:
    found = await ask(other, "status")
    if found.get("role") == "serving":
        found = await ask(other, "fence", term=host.state.term, url=host.settings.origin)
    return found.get("role") != "serving"
