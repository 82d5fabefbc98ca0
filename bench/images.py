"""Thumbnails a second from a 12-megapixel photo: our image library against Pillow, and all that a post asks for.

python -m bench.images [seconds per line]
"""

import asyncio
import io
import sys
import time
from collections.abc import Callable

import pyvips
from PIL import Image

from palabre.base.images import renditions as images
from palabre.base.images import sandbox

BOX = (800, 600)


def photo() -> bytes:
    """4000×3000 of clouds and grain, about what a phone writes."""
    clouds = Image.effect_noise((125, 94), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((4000, 3000), 12)
    bands = (Image.blend(clouds, grain, share) for share in (0.2, 0.25, 0.3))
    out = io.BytesIO()
    Image.merge("RGB", tuple(bands)).save(out, "JPEG", quality=90)
    return out.getvalue()


def with_pyvips(data: bytes) -> None:
    pyvips.Image.thumbnail_buffer(data, BOX[0], height=BOX[1]).jpegsave_buffer(Q=85, keep="none")


def with_pyvips_without_shortcut(data: bytes) -> None:
    full = pyvips.Image.jpegload_buffer(data, access="sequential")
    full.thumbnail_image(BOX[0], height=BOX[1]).jpegsave_buffer(Q=85, keep="none")


def with_pillow(data: bytes) -> None:
    image = Image.open(io.BytesIO(data))
    image.thumbnail(BOX, Image.Resampling.LANCZOS)
    image.save(io.BytesIO(), "JPEG", quality=85)


def with_pillow_without_shortcut(data: bytes) -> None:
    image = Image.open(io.BytesIO(data))
    image.resize(BOX, Image.Resampling.LANCZOS).save(io.BytesIO(), "JPEG", quality=85)


def in_the_sandbox(verb: str) -> Callable[[bytes], None]:
    return lambda data: asyncio.run(getattr(sandbox, verb)(data)) and None


def measure(name: str, work: Callable[[bytes], object], data: bytes, seconds: float) -> None:
    work(data)
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        work(data)
        done += 1
    print(f"{name:<52}{done / spent:>8.1f}/s{1000 * spent / done:>9.0f} ms")


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(1)
    data = photo()
    print(f"A JPEG of 4000×3000, {len(data) / 1e6:.1f} MB, one at a time, one thread")
    for name, work in (
        ("pyvips: to 800×600, reading the JPEG reduced", with_pyvips),
        ("Pillow: the same", with_pillow),
        ("pyvips: to 800×600, all pixels decoded", with_pyvips_without_shortcut),
        ("Pillow: the same", with_pillow_without_shortcut),
        ("images.process: original, small, blurhash, colour", images.process),
        ("sandbox.process: the same in its own process", in_the_sandbox("process")),
        ("images.avatar", images.avatar),
        ("sandbox.avatar", in_the_sandbox("avatar")),
    ):
        measure(name, work, data, seconds)


if __name__ == "__main__":
    main()
