"""Pictures decoded in a process of their own, bounded in memory and time, so that a hostile file can only harm itself.

One short-lived process a picture: nothing stays in memory when nobody posts, and no picture can touch the next one.
What comes back is data, never code: one line of JSON, then the bytes it announces.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from subprocess import CompletedProcess
from weakref import WeakKeyDictionary

import anyio

from palabre.base.images.renditions import Limits, Processed, Rendition
from palabre.base.images.sniffing import ImageRefused, ImageType, admit

MEMORY = 1_500_000_000  # of address space; the worst allowed AVIF takes half of it
CPU_SECONDS = 30
SECONDS = 90
AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
# The modules of this folder without their packages: all that the package imports would cost half a second a picture.
_START = f"""
import sys, types
sys.modules["media"] = media = types.ModuleType("media")
media.__path__ = [{str(Path(__file__).parent)!r}]
from media.sandboxed import main
main()
"""
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
        child = await _ask_child(json.dumps(order).encode() + b"\n" + data)
    if child.returncode < 0:  # killed by its limits, or by a fault in a decoder
        raise ImageRefused("too_complex")
    if child.returncode > 0:
        raise RuntimeError(f"The picture process failed: {child.stderr[-2000:].decode(errors='replace')}")
    return _unpack(child.stdout)


async def _ask_child(question: bytes) -> CompletedProcess[bytes]:
    """What a fresh process answers; it is killed when it takes too long, or when nobody waits for it any more."""
    command = [sys.executable, "-P", "-c", _START]
    try:
        with anyio.fail_after(SECONDS):
            return await anyio.run_process(command, input=question, check=False, env=_environment())
    except TimeoutError:
        raise ImageRefused("too_complex") from None


def _environment() -> dict[str, str]:
    """Only what Python needs to start: no passwords or keys of the server."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "VIPS_DISC_THRESHOLD": "2g", "MALLOC_ARENA_MAX": "1"}


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
