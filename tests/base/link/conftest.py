"""Two hosts in one process: the first listens, Alice's new machine calls it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from palabre.base import link

SECRET = link.new_secret()


@pytest.fixture(params=["asyncio", "uvloop"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return ("asyncio", {"use_uvloop": request.param == "uvloop"})


async def echo(
    peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    while chunk := await reader.read(65536):
        writer.write(chunk)
        await writer.drain()


async def whoami(
    peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await link.answer(writer, you=peer.name, host=peer.host, said=args)


async def sorry(
    peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await link.answer(writer, error="Not today; try tomorrow.")


@pytest.fixture
def identity(tmp_path: Path) -> link.Identity:
    return link.Identity.of(tmp_path / "link")


@pytest.fixture
async def listening(identity: link.Identity) -> AsyncIterator[link.Listening]:
    kept = link.hashed(SECRET)

    def admits(name: str, secret: str) -> bool:
        return name == "alpha" and link.matches(secret, kept)

    made = await link.serve("127.0.0.1", 0, identity, admits, {"echo": echo, "whoami": whoami, "sorry": sorry})
    yield made
    await made.close()


@pytest.fixture
def address(listening: link.Listening, identity: link.Identity) -> link.Address:
    return link.Address("127.0.0.1", listening.port, "alpha", identity.fingerprint, SECRET)


@pytest.fixture
async def at_first_host(
    identity: link.Identity,
) -> AsyncIterator[Callable[..., object]]:
    """Serve something of one test's own; the address to call."""
    opened: list[link.Listening] = []

    async def serve(**services: link.Service) -> link.Address:
        made = await link.serve("127.0.0.1", 0, identity, lambda _, secret: secret == SECRET, services)
        opened.append(made)
        return link.Address("127.0.0.1", made.port, "alpha", identity.fingerprint, SECRET)

    yield serve
    for made in opened:
        await made.close()
