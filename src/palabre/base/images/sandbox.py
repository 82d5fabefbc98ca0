"""Pictures decoded in a process of their own, bounded in memory and time, so that a hostile file can only harm itself.

One short-lived process a picture: nothing stays in memory when nobody posts, and no picture can touch the next one.
What comes back is data, never code: one line of JSON, then the bytes it announces.
"""

import asyncio
import json
import os
import resource
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from weakref import WeakKeyDictionary

from palabre.base.images import renditions
from palabre.base.images.renditions import Limits, Processed, Rendition
from palabre.base.images.sniffing import ImageRefused, ImageType, admit

MEMORY = 1_500_000_000  # of address space; the worst allowed AVIF takes half of it
CPU_SECONDS = 30
SECONDS = 90
AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
_VERBS = {"process": renditions.process, "avatar": renditions.avatar, "header": renditions.header}
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def process(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """`renditions.process`, out of harm's way."""
    return await _run("process", data, limits or Limits(), declared)


async def avatar(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """`renditions.avatar`, out of harm's way."""
    return await _run("avatar", data, limits or Limits(), declared)


async def header(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """`renditions.header`, out of harm's way."""
    return await _run("header", data, limits or Limits(), declared)


async def _run(verb: str, data: bytes, limits: Limits, declared: str | None) -> Processed:
    admit(data, declared, limits.max_bytes)
    order = {"verb": verb, "limits": asdict(limits), "declared": declared, "memory": MEMORY, "cpu": CPU_SECONDS}
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(AT_ONCE)):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", __name__, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=_environment()
        )
        try:
            async with asyncio.timeout(SECONDS):
                answer, complaint = await child.communicate(json.dumps(order).encode() + b"\n" + data)
        except TimeoutError:
            raise ImageRefused("too_complex") from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    assert child.returncode is not None
    if child.returncode < 0:  # killed by its limits, or by a fault in a decoder
        raise ImageRefused("too_complex")
    if child.returncode > 0:
        raise RuntimeError(f"The picture process failed: {complaint[-2000:].decode(errors='replace')}")
    return _unpack(answer)


def _environment() -> dict[str, str]:
    """Only what Python needs to start: no passwords or keys of the server."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "VIPS_DISC_THRESHOLD": "2g", "MALLOC_ARENA_MAX": "1"}


def _pack(done: Processed) -> bytes:
    renditions = (done.original, done.small)
    head = {
        "renditions": [(each.content_type, each.width, each.height, len(each.data)) for each in renditions],
        "facts": (done.blurhash, done.colour, done.animated),
    }
    return b"\n".join((json.dumps(head).encode(), b"".join(each.data for each in renditions)))


def _unpack(answer: bytes) -> Processed:
    line, _, rest = answer.partition(b"\n")
    head = json.loads(line)
    if "refused" in head:
        raise ImageRefused(head["refused"], **head["values"])
    renditions = []
    for content_type, width, height, length in head["renditions"]:
        renditions.append(Rendition(rest[:length], ImageType(content_type), int(width), int(height)))
        rest = rest[length:]
    original, small = renditions
    blurhash, colour, animated = head["facts"]
    return Processed(original, small, str(blurhash), str(colour), bool(animated))


def _child() -> None:
    line, _, data = sys.stdin.buffer.read().partition(b"\n")
    order = json.loads(line)
    for bound, value in (
        (resource.RLIMIT_AS, order["memory"]),
        (resource.RLIMIT_CPU, order["cpu"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(bound, (value, value))
    try:
        answer = _pack(_VERBS[order["verb"]](data, Limits(**order["limits"]), order["declared"]))
    except ImageRefused as refused:
        answer = json.dumps({"refused": refused.code, "values": refused.values}).encode()
    except MemoryError:
        answer = json.dumps({"refused": "too_complex", "values": {}}).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _child()
