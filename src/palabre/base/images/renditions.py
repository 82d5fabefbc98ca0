"""Pictures redrawn: upright, in sRGB, no larger than needed, with nothing of the original file left but its look.

Pure and synchronous; `sandbox` runs it where a bad file can do no harm. The image library is loaded on first use.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from math import isfinite, sqrt
from typing import Any

from . import drawing
from .sniffing import ImageRefused, ImageType, admit

WEBP_SIDE = 16383  # the format knows no longer one
LIGHT = 64_000  # bytes, below which no picture is worth losing detail
AVATAR = (400, 400)
HEADER = (1500, 500)


@dataclass(frozen=True)
class Limits:
    """What is taken, and how large it is kept."""

    max_bytes: int = 16_000_000
    max_pixels: int = 40_000_000
    max_side: int = 16_384
    max_frames: int = 1_000
    max_animation_pixels: int = 100_000_000  # of all frames together
    original_pixels: int = 3840 * 2160
    animation_pixels: int = 1280 * 720
    small_pixels: int = 640 * 480
    png_weight: float = 0.5  # bytes a pixel; a heavier PNG is a photo, and kept as WebP


@dataclass(frozen=True)
class Dimensions:
    """What the header of a picture says, already upright. Kinds other than GIF and WebP count as one frame."""

    kind: ImageType
    width: int
    height: int
    frames: int

    @property
    def animated(self) -> bool:
        return self.frames > 1

    def within(self, pixels: int) -> tuple[int, int]:
        """The size in the same shape of at most so many pixels, never larger than the picture."""
        factor = min(1.0, sqrt(pixels / (self.width * self.height)), WEBP_SIDE / max(self.width, self.height))
        return max(1, int(self.width * factor)), max(1, int(self.height * factor))

    def filling(self, box: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
        """The size to crop to (the box, or smaller in its shape), and that of the whole picture just covering it."""
        scale = max(box[0] / self.width, box[1] / self.height)
        width, height = (max(1, round(side / max(1.0, scale))) for side in box)
        cover = min(1.0, scale)
        return (width, height), (max(width, round(self.width * cover)), max(height, round(self.height * cover)))


@dataclass(frozen=True)
class Rendition:
    data: bytes
    content_type: ImageType
    width: int
    height: int

    @property
    def extension(self) -> str:
        return self.content_type.extension

    @property
    def size(self) -> str:
        return f"{self.width}x{self.height}"

    @property
    def aspect(self) -> float:
        return self.width / self.height

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Processed:
    """A picture as it is kept. `small` never moves; of an avatar or a header it is the same size as `original`."""

    original: Rendition
    small: Rendition
    blurhash: str
    colour: str
    animated: bool


def read_dimensions(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Dimensions:
    """What the picture is and measures, read from its header alone; ImageRefused for what is not worth decoding."""
    limits = limits or Limits()
    kind = admit(data, declared, limits.max_bytes)
    with drawing.refusing_damage():
        width, height, frames = drawing.measure(data, kind)
    if max(width, height) > limits.max_side or width * height > limits.max_pixels:
        megapixels = limits.max_pixels // 1_000_000
        raise ImageRefused("too_many_pixels", width=width, height=height, limit=megapixels, side=limits.max_side)
    if frames > 1 and (frames > limits.max_frames or frames * width * height > limits.max_animation_pixels):
        raise ImageRefused("animation_too_long", frames=frames, width=width, height=height)
    return Dimensions(kind, width, height, frames)


def process(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """A picture for a post."""
    limits = limits or Limits()
    source = read_dimensions(data, limits, declared)
    size = source.within(limits.animation_pixels if source.animated else limits.original_pixels)
    small_size = source.within(min(limits.small_pixels, size[0] * size[1]))
    with drawing.refusing_damage():
        still = drawing.still(data, source.kind, size, source.width / size[0])
        small = _webp(drawing.resize(still, small_size), small_size)
        if source.animated:
            original = _webp(drawing.roll(data, source.kind, size), size)
        else:
            original = _keep(still, source.kind, size, limits.png_weight)
        return Processed(original, small, *drawing.blurhash_and_colour(still), source.animated)


def avatar(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """A member's picture: the middle of what was sent, square."""
    return _portrait(data, AVATAR, limits or Limits(), declared)


def header(data: bytes, limits: Limits | None = None, declared: str | None = None) -> Processed:
    """The banner over a profile: the middle of what was sent, three times as wide as high."""
    return _portrait(data, HEADER, limits or Limits(), declared)


def _portrait(data: bytes, box: tuple[int, int], limits: Limits, declared: str | None) -> Processed:
    source = read_dimensions(data, limits, declared)
    size, cover = source.filling(box)
    with drawing.refusing_damage():
        still = drawing.crop_centre(drawing.still(data, source.kind, cover, source.width / cover[0]), size)
        if source.animated:
            original = _webp(drawing.crop_centre_of_each(drawing.roll(data, source.kind, cover), size), size)
            small = _webp(still, size)
        else:
            original = small = _keep(still, source.kind, size, limits.png_weight)
        return Processed(original, small, *drawing.blurhash_and_colour(still), source.animated)


def _keep(still: Any, kind: ImageType, size: tuple[int, int], png_weight: float) -> Rendition:
    """Photos stay JPEG, drawings stay lossless while that is cheap, the rest becomes WebP."""
    if kind is ImageType.JPEG:
        return Rendition(drawing.jpeg(still), ImageType.JPEG, *size)
    if kind in (ImageType.PNG, ImageType.GIF):
        lossless = drawing.png(still)
        if len(lossless) <= max(LIGHT, png_weight * size[0] * size[1]):
            return Rendition(lossless, ImageType.PNG, *size)
    return _webp(still, size)


def _webp(image: Any, size: tuple[int, int]) -> Rendition:
    return Rendition(drawing.webp(image), ImageType.WEBP, *size)


def parse_focus(text: str) -> tuple[float, float]:
    """The focal point `x,y`, each from -1 (left, bottom) to 1 (right, top)."""
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError:
        raise ImageRefused("bad_focus") from None
    if not (isfinite(x) and isfinite(y) and -1 <= x <= 1 and -1 <= y <= 1):
        raise ImageRefused("bad_focus")
    return x, y
