"""DATA/control: a Unix socket by which commands talk to the running supervisor. JSON lines: one asks
(`{"do": "promote", "force": true}`), any number of `{"step": …}` answer, and one `{"done": …}` or `{"error": …}` ends.
"""

import asyncio
import contextlib
import hashlib
import os
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import structlog

from palabre.hosting.problems import HostProblem

Handler = Callable[..., AsyncIterator[dict[str, Any]]]
"""Called with what was asked; yields steps, and at last what is done. A HostProblem is told in its words."""

_PATH_LIMIT = 100  # bytes; Linux allows 107, macOS 103
_SHORT = Path("/tmp")  # noqa: S108 - not TMPDIR: all processes must agree
_log = structlog.get_logger()


class NotRunning(HostProblem):
    """No supervisor runs on this folder."""


def path_of(data: Path) -> Path:
    path = data.resolve() / "control"
    if len(os.fsencode(path)) <= _PATH_LIMIT:
        return path
    return _SHORT / f"palabre-{hashlib.sha256(os.fsencode(path)).hexdigest()[:16]}.control"


async def serve(data: Path, handlers: Mapping[str, Handler]) -> asyncio.Server | None:
    """Until closed. None where another supervisor on this folder listens already."""
    path = path_of(data)
    if await asyncio.to_thread(is_running, data):
        return None
    path.unlink(missing_ok=True)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if _is_ours(writer.get_extra_info("socket"), data):
                await _answer(await reader.readline(), handlers, writer)
        finally:
            writer.close()

    before = os.umask(0o177)
    try:
        return await asyncio.start_unix_server(answer, path)
    finally:
        os.umask(before)


def _is_ours(sock: socket.socket, data: Path) -> bool:
    """Whether the other end is root, the user who runs this, or the folder's owner; where the system doesn't tell, the
    file's mode does."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _, uid, _ = struct.unpack("3i", sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return uid in (0, os.geteuid(), data.stat().st_uid)


async def _answer(line: bytes, handlers: Mapping[str, Handler], writer: asyncio.StreamWriter) -> None:
    """What was begun is ended, also when nobody listens any more."""
    try:
        asked = msgspec.json.decode(line, type=dict[str, Any])
        verb = asked.pop("do", "")
        if verb not in handlers:
            raise HostProblem(f"this host cannot do that now: {verb}")
        async for told in handlers[verb](**asked):
            await _tell(writer, told)
    except (HostProblem, msgspec.DecodeError, TypeError) as error:
        await _tell(writer, {"error": str(error)})
    except Exception as error:
        _log.exception("control_failed")
        await _tell(writer, {"error": f"{type(error).__name__}: {error}"})


async def _tell(writer: asyncio.StreamWriter, told: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):
        writer.write(msgspec.json.encode(told) + b"\n")
        await writer.drain()


def ask(data: Path, verb: str, patience: float | None = None, **asked: Any) -> Iterator[dict[str, Any]]:
    """Each step as it comes, `{"done": …}` at last. Blocks. Raises NotRunning, or HostProblem with the supervisor's
    words; `patience`: seconds between two lines."""
    with contextlib.closing(_connect(data)) as sock:
        sock.settimeout(patience)
        try:
            sock.sendall(msgspec.json.encode({"do": verb, **asked}) + b"\n")
            for line in sock.makefile("rb"):
                told = msgspec.json.decode(line, type=dict[str, Any])
                if "error" in told:
                    raise HostProblem(told["error"])
                yield told
                if "done" in told:
                    return
        except OSError as error:
            raise HostProblem(f"the running host stopped answering: {error or type(error).__name__}") from error
    raise HostProblem("the running host ended before it was done")


def done(data: Path, verb: str, patience: float | None = 30, **asked: Any) -> Any:
    """The answer alone."""
    for told in ask(data, verb, patience, **asked):
        if "done" in told:
            return told["done"]
    raise HostProblem("the running host gave no answer")


def is_running(data: Path) -> bool:
    try:
        _connect(data).close()
    except NotRunning:
        return False
    return True


def _connect(data: Path) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(os.fsencode(path_of(data)))
    except (FileNotFoundError, ConnectionRefusedError) as error:
        sock.close()
        raise NotRunning(f"nothing runs on {data}: start it with `palabre serve --data {data}`") from error
    except OSError as error:
        sock.close()
        raise HostProblem(f"the running host cannot be asked: {error}") from error
    if not _is_ours(sock, data):  # in /tmp anybody can listen, and he would be told the link's secrets
        sock.close()
        raise HostProblem(f"{path_of(data)} belongs to somebody else: remove it")
    return sock
