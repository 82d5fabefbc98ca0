"""Of two hosts that both would serve, the one with the lower term stops. Each looks after it: the one that was promoted
tells the other as soon as it reaches it, and a host that starts asks first."""

import asyncio
import contextlib
from typing import Any

import structlog

from palabre.base.link import Address, LinkProblem, ask
from palabre.hosting import state
from palabre.hosting.host import Host
from palabre.hosting.state import Peer, State

_log = structlog.get_logger()
_PATIENCE = 2.0  # seconds for other hosts to answer before this one serves
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15.0


async def is_overtaken(host: Host) -> bool:
    """Whether another host serves in our place; then this folder's role is `moved` from now on."""
    here = host.state
    found = await asyncio.gather(*(_ask(peer) for peer in here.peers.values() if peer.address))
    higher = [(told, address) for told, address in found if told.get("term", 0) > here.term]
    for told, address in sorted(higher, key=lambda pair: pair[0]["term"])[-1:]:
        moved(host, told["term"], address, told.get("url", ""))
    return bool(higher)


async def _ask(peer: Peer) -> tuple[dict[str, Any], str]:
    with contextlib.suppress(LinkProblem, TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            return await ask(Address.parse(peer.address), "status"), peer.address
    return {}, peer.address


def moved(host: Host, term: int, to: str, url: str) -> State:
    """Durably: this host does not serve any more."""
    made = state.update(host.data, role="moved", term=term, to=to, url=url)
    _log.error("another_host_serves", term=term, to=Address.parse(to).place, url=url)
    host.voice.say(f"{Address.parse(to).place} serves this network now (term {term}): this host stops.")
    return made


async def fence_other(host: Host) -> None:
    """Tell the host in whose place we serve, until it has heard."""
    pause, said = _FIRST_PAUSE, ""
    while other := host.state.fencing:
        try:
            async with asyncio.timeout(_LONGEST_PAUSE):
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
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)


async def _fence(host: Host, other: Address) -> bool:
    found = await ask(other, "status")
    if found.get("role") == "serving":
        found = await ask(other, "fence", term=host.state.term, url=host.settings.origin)
    return found.get("role") != "serving"
