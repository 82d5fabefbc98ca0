"""A picture made to bring the server down harms only the process that opened it."""

import asyncio
import io
import json
import os
import subprocess
import sys
from collections.abc import Coroutine
from typing import Any

import anyio
import pytest
from PIL import Image

from palabre.base.images import renditions as images
from palabre.base.images import sandbox
from palabre.base.images.renditions import Limits
from palabre.base.images.sniffing import ImageRefused

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


PHOTO = saved(Image.radial_gradient("L").resize((640, 480)).convert("RGB"), "JPEG")
PNG = saved(Image.radial_gradient("L"), "PNG")
GIF = saved(Image.new("P", (99, 66), 1), "GIF", save_all=True, append_images=[Image.new("P", (99, 66), 2)])
GENEROUS = Limits(max_bytes=100_000_000)


@pytest.fixture(scope="module")
def heavy() -> bytes:
    """30 megapixels of noise: seconds of work and hundreds of megabytes."""
    return saved(Image.effect_noise((6000, 5000), 60), "PNG", compress_level=1)


async def refusal(work: Coroutine[Any, Any, object]) -> str:
    with pytest.raises(ImageRefused) as refused:
        await work
    return refused.value.code


def children() -> list[str]:
    """Our own children still about, zombies included."""
    with open(f"/proc/self/task/{os.getpid()}/children") as listing:
        return listing.read().split()


@pytest.mark.parametrize("verb", ["process", "avatar", "header"])
async def test_what_comes_out_is_what_the_plain_functions_give(verb: str) -> None:
    for data in (PHOTO, PNG, GIF):
        assert await getattr(sandbox, verb)(data) == getattr(images, verb)(data)


async def test_refusals_come_through_with_their_words() -> None:
    with pytest.raises(ImageRefused) as refused:
        await sandbox.process(PHOTO, Limits(max_pixels=100_000))
    assert refused.value.code == "too_many_pixels" and "640×480" in refused.value.message
    assert await refusal(sandbox.process(PNG[:900])) == "broken"
    assert await refusal(sandbox.avatar(PNG, declared="text/html")) == "wrong_type"


async def test_what_is_no_picture_does_not_even_start_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_ask_child", None)
    assert await refusal(sandbox.process(b"<html>")) == "unsupported"


async def test_a_picture_that_asks_for_too_much_memory_is_refused(
    heavy: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MEMORY", 150_000_000)
    assert await refusal(sandbox.process(heavy, GENEROUS)) == "too_complex"
    assert (await sandbox.process(PHOTO)).original.size == "640x480"


@pytest.mark.parametrize(("bound", "value"), [("CPU_SECONDS", 1), ("SECONDS", 0.2)])
async def test_a_picture_that_takes_too_long_is_refused(
    heavy: bytes, monkeypatch: pytest.MonkeyPatch, bound: str, value: float
) -> None:
    monkeypatch.setattr(sandbox, bound, value)
    assert await refusal(sandbox.process(heavy, GENEROUS)) == "too_complex"
    assert not children()


async def test_a_decoder_that_crashes_refuses_one_picture_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    start = anyio.run_process

    async def start_and_crash(command: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return await start([sys.executable, "-c", "import os; os.kill(os.getpid(), 11)"], **options)

    with monkeypatch.context() as patched:
        patched.setattr(anyio, "run_process", start_and_crash)
        assert await refusal(sandbox.process(PHOTO)) == "too_complex"
    assert await sandbox.process(PHOTO)


async def test_a_fault_of_the_server_is_not_blamed_on_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "asdict", lambda limits: {"no_such_limit": 1})
    with pytest.raises(RuntimeError, match="no_such_limit"):
        await sandbox.process(PHOTO)


async def test_when_alice_gives_up_waiting_the_work_stops(heavy: bytes) -> None:
    with anyio.move_on_after(0.5) as waiting:
        await sandbox.process(heavy, GENEROUS)
    assert waiting.cancelled_caught and not children()


async def test_many_at_once_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    most = 0
    ask = sandbox._ask_child

    async def counted(question: bytes) -> subprocess.CompletedProcess[bytes]:
        nonlocal most, running
        running += 1
        most = max(most, running)
        try:
            return await ask(question)
        finally:
            running -= 1

    running = 0
    monkeypatch.setattr(sandbox, "_ask_child", counted)
    await asyncio.gather(*(sandbox.avatar(PNG) for _ in range(3 * sandbox.AT_ONCE)))
    assert most == sandbox.AT_ONCE


async def test_the_process_gets_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALABRE_SECRET_KEY", "hunter2")
    start = anyio.run_process

    async def start_and_tell(command: object, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return await start(["/usr/bin/env"], **options)

    monkeypatch.setattr(anyio, "run_process", start_and_tell)
    environment = (await sandbox._ask_child(b"")).stdout
    assert b"LC_ALL=C.UTF-8" in environment and b"hunter2" not in environment


def test_an_idle_server_never_loads_the_image_library() -> None:
    code = """
import asyncio, io, sys
from palabre.base.images import sandbox
data = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")
assert asyncio.run(sandbox.process(data)).original.size == "1x1"
assert not {"pyvips", "PIL", "blurhash", "cffi"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_picture_does_not_load_the_whole_of_palabre() -> None:
    order = {"verb": "process", "limits": {}, "declared": None, "memory": 1_500_000_000, "cpu": 30}
    command = [sys.executable, "-X", "importtime", "-P", "-c", sandbox._START]
    child = subprocess.run(command, input=json.dumps(order).encode() + b"\n" + PNG, capture_output=True, check=True)
    assert b"pyvips" in child.stderr and b"renditions" in child.stdout
    assert not [name for name in (b"palabre.features", b"asyncpg", b"asyncio") if name in child.stderr]
