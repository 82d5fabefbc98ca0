"""The pixels: all that touches the image library, which is loaded on first use since it costs memory even when idle."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from .sniffing import ImageRefused, ImageType

# One loader for each kind we sniffed: the library is never left to guess, so no other decoder can be reached.
_LOADERS = {
    ImageType.JPEG: "jpegload_buffer",
    ImageType.PNG: "pngload_buffer",
    ImageType.GIF: "gifload_buffer",
    ImageType.WEBP: "webpload_buffer",
    ImageType.AVIF: "heifload_buffer",
}
_MOVING = (ImageType.GIF, ImageType.WEBP)
_TINY = 32


@cache
def _vips() -> Any:
    import pyvips

    pyvips.block_untrusted_set(True)
    pyvips.cache_set_max(0)
    pyvips.concurrency_set(1)
    return pyvips


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Whatever the decoder complains about is the file's fault, or its appetite: ImageRefused."""
    try:
        yield
    except (_vips().Error, UnicodeDecodeError) as error:  # the latter when the complaint quotes bytes of the file
        starved = any(
            word in str(error).lower() for word in ("out of memory", "insufficient memory", "creating thread")
        )
        raise ImageRefused("too_complex" if starved else "broken") from None


def _load(data: bytes, kind: ImageType, **options: Any) -> Any:
    return getattr(_vips().Image, _LOADERS[kind])(data, fail_on="error", access="sequential", **options)


def measure(data: bytes, kind: ImageType) -> tuple[int, int, int]:
    """Width and height as shown, and the number of frames, from the header alone."""
    image = _load(data, kind)
    frames = image.get("n-pages") if kind in _MOVING and image.get_typeof("n-pages") else 1
    sideways = frames == 1 and image.get_typeof("orientation") and image.get("orientation") >= 5
    return (image.height, image.width, frames) if sideways else (image.width, image.height, frames)


def still(data: bytes, kind: ImageType, size: tuple[int, int], shrink: float) -> Any:
    """The (first) frame in 8-bit sRGB, upright, of exactly this size; `shrink` is how many times smaller."""
    if kind is ImageType.JPEG:  # the decoder can leave out what would be thrown away
        step = next(step for step in (8, 4, 2, 1) if step <= max(1, shrink))
        return resize(_load(data, kind, shrink=step), size).copy_memory()
    return resize(_load(data, kind), size).copy_memory()


def roll(data: bytes, kind: ImageType, size: tuple[int, int]) -> Any:
    """All frames of an animation at this size, one below the other; to be read once, from the top."""
    return resize(_load(data, kind, n=-1), size, no_rotate=True)


def resize(image: Any, size: tuple[int, int], **options: Any) -> Any:
    """At exactly this size, in 8-bit sRGB."""
    if image.get_typeof("icc-profile-data"):  # not otherwise: it would cost a second for nothing
        options["output_profile"] = "srgb"
    return image.thumbnail_image(size[0], height=size[1], size="force", **options).colourspace("srgb")


def crop_centre(image: Any, size: tuple[int, int]) -> Any:
    """The middle of a still."""
    width, height = size
    return image.crop((image.width - width) // 2, (image.height - height) // 2, width, height)


def crop_centre_of_each(roll: Any, size: tuple[int, int]) -> Any:
    """The middle of every frame of a roll."""
    frames = roll.copy_memory().pagesplit()
    joined = _vips().Image.arrayjoin([crop_centre(frame, size) for frame in frames], across=1).copy()
    joined.set_type(_vips().GValue.gint_type, "page-height", size[1])
    return joined


def jpeg(image: Any) -> bytes:
    return bytes(image.jpegsave_buffer(Q=85, interlace=True, optimize_coding=True, keep="none"))


def png(image: Any) -> bytes:
    return bytes(image.pngsave_buffer(compression=6, keep="none"))


def webp(image: Any) -> bytes:
    """Stills and rolls alike."""
    return bytes(image.webpsave_buffer(Q=82, effort=2, keep="none"))


def blurhash_and_colour(image: Any) -> tuple[str, str]:
    """The blurred placeholder, and the average colour as `#rrggbb`; what is transparent counts as white."""
    from blurhash import encode

    tiny = image.thumbnail_image(_TINY, height=_TINY, size="down")
    if tiny.hasalpha():
        tiny = tiny.flatten(background=255)
    raw = tiny.write_to_memory()
    pixels = [raw[at : at + 3] for at in range(0, len(raw), 3)]
    rows = [pixels[at : at + tiny.width] for at in range(0, len(pixels), tiny.width)]
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    average = (sum(pixel[band] for pixel in pixels) // len(pixels) for band in range(3))
    return encode(rows, across, down), "#" + "".join(f"{value:02x}" for value in average)
