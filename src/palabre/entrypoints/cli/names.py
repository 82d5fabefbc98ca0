"""What doctor finds about the network's names: whether each leads here, and which DNS record it lacks."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from palabre.base import signing
from palabre.base.db import Database
from palabre.features import instance
from palabre.features.instance import NotUs
from palabre.names import origins
from palabre.settings import current


@dataclass(frozen=True)
class Checked:
    """A name of this network. `problem`: why it doesn't lead here, or ""; `advice`: what to do; `first`: it is the first."""

    host: str
    first: bool
    problem: str = ""
    advice: str = ""


async def examine(db: Database) -> AsyncIterator[Checked]:
    """Each name the world may know; none where the network is only tried out on this machine."""
    settings = current()
    asked = origins() if settings.public_url or settings.domains else []
    async with db.transaction() as conn:
        key = (await signing.signer(conn)).public
    known: list[str] = []
    for origin in asked[1:] if settings.domain_lost else asked:
        checked, found = await _check(origin, key, known)
        known = known or ([] if checked.problem else found)
        yield checked


async def _check(origin: str, key: signing.PublicKey, known: list[str]) -> tuple[Checked, list[str]]:
    """With the addresses it has. `known`: those of a name that leads here."""
    parts, first = urlsplit(origin), origin == current().origin
    host = parts.hostname or ""
    found = await _addresses(host)
    if not found:
        advice = f"Make a DNS record: {record(host, known)}"
        return Checked(parts.netloc, first, "DNS doesn't know it", advice), []
    try:
        await instance.prove(origin, key)
    except NotUs as why:
        advice = (
            f"Is Palabre running, does the proxy serve {host} with a certificate, and does DNS lead here: "
            f"{record(host, known)}?"
        )
        return Checked(parts.netloc, first, str(why), advice), found
    return Checked(parts.netloc, first), found


def record(host: str, addresses: list[str]) -> str:
    """The line of a zone file that makes a name lead here. `addresses`: those of a name that does; empty: unknown."""
    lines = [f"{host}. 300 IN {'AAAA' if ip_address(each).version == 6 else 'A'} {each}" for each in addresses]
    return ", ".join(lines) or f"{host}. 300 IN A (or AAAA), followed by this host's public address"


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return list(dict.fromkeys(str(where[0]).partition("%")[0] for *_, where in found))
