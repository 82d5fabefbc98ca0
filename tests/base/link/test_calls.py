import asyncio
import contextlib
import dataclasses
import socket
import ssl
from collections.abc import Awaitable, Callable

import aiohttp
import pytest

from palabre.base import link
from palabre.base.link import wire
from tests.base.link.conftest import SECRET

Serve = Callable[..., Awaitable[link.Address]]


async def test_words_go_there_and_back(address: link.Address) -> None:
    assert await link.ask(address, "whoami", ask="é") == {"you": "alpha", "host": "127.0.0.1", "said": {"ask": "é"}}
    reader, writer = await link.dial(address, "echo")
    writer.write(b"to and fro" * 100_000)
    assert await reader.readexactly(1_000_000) == b"to and fro" * 100_000
    writer.close()


async def test_a_service_that_answers_with_an_error_is_heard(address: link.Address) -> None:
    with pytest.raises(link.LinkProblem, match="Not today") as problem:
        await link.ask(address, "sorry")
    assert not problem.value.refused


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"pin": "0" * 64}, "certificate is another"),
        ({"secret": "guessed"}, "doesn't admit “alpha”"),
        ({"name": "eve"}, "doesn't admit “eve”"),
    ],
)
async def test_who_is_not_who_he_should_be_is_refused(
    address: link.Address, changes: dict[str, str], says: str
) -> None:
    with pytest.raises(link.LinkProblem, match=says) as problem:
        await link.ask(dataclasses.replace(address, **changes), "whoami")
    assert problem.value.refused and "standby --invite" in str(problem.value)


async def test_the_secret_is_never_told_to_an_impostor(
    address: link.Address, tmp_path_factory: pytest.TempPathFactory
) -> None:
    heard: list[str] = []

    def curious(name: str, secret: str) -> bool:
        heard.append(secret)
        return True

    other = link.Identity.of(tmp_path_factory.mktemp("eve") / "link")
    eve = await link.serve("127.0.0.1", 0, other, curious, {})
    with pytest.raises(link.LinkProblem):
        await link.dial(dataclasses.replace(address, port=eve.port), "whoami")
    await eve.close()
    assert heard == []


async def test_an_unknown_service_and_another_version_are_named(
    address: link.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(link.LinkProblem, match="doesn't offer “gossip”") as problem:
        await link.dial(address, "gossip")
    assert problem.value.refused
    reader, writer = await _by_hand(address)
    await link.say(writer, {"link": 7, "name": "alpha", "secret": SECRET, "service": "whoami", "args": {}})
    assert await link.hear(reader) == {"no": "version", "link": 1}
    writer.close()


async def test_a_stranger_hears_no_and_nothing_else(address: link.Address) -> None:
    for service in ("whoami", "gossip"):
        for version in (1, 7):
            reader, writer = await _by_hand(address)
            await link.say(writer, {"link": version, "name": "alpha", "secret": "guessed", "service": service})
            assert await reader.read() == b'{"no":"you"}\n'
            writer.close()
    for nonsense in (b"hello\n", b"[]\n", b"\xff\xfe\n", b"x" * 300_000, b"{}" * 9000 + b"\n"):
        reader, writer = await _by_hand(address)
        writer.write(nonsense)
        assert await _rest(reader) == b""
        writer.transport.abort()


async def test_a_browser_and_an_old_tls_get_nothing(address: link.Address) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"http://127.0.0.1:{address.port}/")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode, old.maximum_version = False, ssl.CERT_NONE, ssl.TLSVersion.TLSv1_2
    with pytest.raises((ssl.SSLError, OSError)):
        await asyncio.open_connection("127.0.0.1", address.port, ssl=old)
    assert (await link.ask(address, "whoami"))["you"] == "alpha"


async def test_who_calls_something_else_is_told_so(address: link.Address) -> None:
    async def web(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(web, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(link.LinkProblem, match="isn't the link of a Palabre host"):
        await link.dial(dataclasses.replace(address, port=port), "whoami")
    server.close()
    with pytest.raises(link.LinkProblem, match="Nothing answers"):
        await link.dial(dataclasses.replace(address, port=_free()), "whoami")
    with pytest.raises(link.LinkProblem, match="can't be reached"):
        await link.dial(dataclasses.replace(address, host="nowhere.invalid"), "whoami")


async def test_who_dawdles_is_cut_and_keeps_nobody_out(address: link.Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HANDSHAKE_SECONDS", 3.0)
    silent = [await asyncio.open_connection("127.0.0.1", address.port) for _ in range(80)]
    with pytest.raises(link.LinkProblem, match="too many callers"):
        await link.ask(address, "whoami")
    for reader, _ in silent:
        assert await _rest(reader) == b""
    for _, writer in silent:
        writer.close()
    monkeypatch.undo()
    assert (await link.ask(address, "whoami"))["you"] == "alpha"


async def test_a_handshake_without_a_word_is_cut(address: link.Address, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HANDSHAKE_SECONDS", 0.5)
    reader, writer = await _by_hand(address)
    assert await _rest(reader) == b""
    writer.transport.abort()


async def test_many_calls_at_once_of_a_host_that_is_known(address: link.Address) -> None:
    await link.ask(address, "whoami")
    answers = await asyncio.gather(*(link.ask(address, "whoami", n=n) for n in range(200)))
    assert [answer["said"]["n"] for answer in answers] == list(range(200))


async def test_a_host_that_says_nothing_is_not_waited_for(
    address: link.Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "HANDSHAKE_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silently = dataclasses.replace(address, port=silent.getsockname()[1])
        with pytest.raises(link.LinkProblem, match="doesn't answer"):
            await link.dial(silently, "whoami")


async def test_a_port_in_use_is_said_so(listening: link.Listening, identity: link.Identity) -> None:
    with pytest.raises(link.LinkProblem, match=f"Port {listening.port} of 127.0.0.1 can't be used"):
        await link.serve("127.0.0.1", listening.port, identity, lambda name, secret: True, {})


async def test_a_call_cut_in_the_middle_is_noticed(at_first_host: Serve) -> None:
    async def half(
        peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"half of it")
        await writer.drain()
        writer.transport.abort()

    address = await at_first_host(half=half)
    reader, _writer = await link.dial(address, "half")
    with pytest.raises((asyncio.IncompleteReadError, OSError)):
        await reader.readexactly(20)
    with pytest.raises(link.LinkProblem, match="broke off"):
        await link.ask(address, "half")


async def test_a_slow_reader_makes_the_sender_wait(at_first_host: Serve) -> None:
    sent = 0

    async def flood(
        peer: link.Peer, args: dict[str, object], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        nonlocal sent
        for _ in range(1024):
            writer.write(bytes(65536))
            await writer.drain()
            sent += 65536

    address = await at_first_host(flood=flood)
    reader, writer = await link.dial(address, "flood")
    await reader.readexactly(1)
    before = -1
    while sent != before:  # until it stands still
        before = sent
        await asyncio.sleep(0.2)
    assert sent < 24 * 1024**2  # what the kernel's buffers take; ours are far smaller
    assert len(reader._buffer) <= 4 * wire.LIMIT
    rest = 1
    while chunk := await reader.read(65536):
        rest += len(chunk)
    assert rest == 1024 * 65536 == sent
    writer.close()


async def test_closing_cuts_who_is_still_connected(
    at_first_host: Serve, listening: link.Listening, address: link.Address
) -> None:
    reader, writer = await link.dial(address, "echo")
    await listening.close()
    assert await _rest(reader) == b""
    writer.close()
    with pytest.raises(link.LinkProblem, match="Nothing answers"):
        await link.dial(address, "echo")


async def _by_hand(address: link.Address) -> link.Streams:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return await asyncio.open_connection("127.0.0.1", address.port, ssl=context)


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except OSError:
        return b""


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as tcp:
        return int(tcp.getsockname()[1])


async def test_a_strangers_nested_words_leave_no_connection_behind(address: link.Address) -> None:
    """They are read before anybody has proved himself."""
    reader, writer = await asyncio.open_connection(
        address.host, address.port, ssl=ssl._create_unverified_context(), server_hostname=""
    )
    writer.write(b"[" * 15_000 + b"\n")
    async with asyncio.timeout(60):
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
    writer.close()
