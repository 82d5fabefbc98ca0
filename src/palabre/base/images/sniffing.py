"""What a file really is, told by its first bytes and never by its name, and why a picture is turned away."""

import re
from enum import StrEnum

from palabre.base.errors import Refused


def N_(words: str) -> str:
    """Marks words for translation."""
    return words


IMAGE_REFUSALS = {
    "empty": N_("This file is empty. Choose another one."),
    "too_large": N_("This picture weighs {size} MB; at most {limit} MB are allowed. Save it smaller and try again."),
    "too_many_pixels": N_(
        "This picture measures {width}×{height}; at most {limit} megapixels and {side} pixels a side "
        "are allowed. Shrink it and try again."
    ),
    "animation_too_long": N_(
        "This animation has {frames} frames of {width}×{height}, which is too much. Make it shorter "
        "or smaller, or post it as a video."
    ),
    "not_an_image": N_("This file is not a picture that can be shown here. Use JPEG, PNG, GIF, WebP or AVIF."),
    "unsupported": N_("This is {kind}, which cannot be shown here as a picture. Save it as JPEG or PNG and try again."),
    "wrong_type": N_("This file was sent as {declared} but is a picture. Send it again as {found}."),
    "broken": N_("This picture is damaged or incomplete. Open it, save it anew and try again."),
    "too_complex": N_(
        "This picture asks too much of the server. Save it anew as JPEG or PNG, or smaller, and try again."
    ),
    "bad_focus": N_("The focal point must be two numbers between -1 and 1, such as 0.5,-0.3."),
}


class ImageRefused(Refused):
    """A picture that is not taken: a stable `code`, and a `message` that tells the member what to do.

    `IMAGE_REFUSALS[code]` is the message to translate; `values` fill its places.
    """

    def __init__(self, code: str, **values: str | int) -> None:
        field = "focus" if code == "bad_focus" else "file"
        super().__init__(IMAGE_REFUSALS[code].format(**values), field=field, code=code)
        self.values = values


class ImageType(StrEnum):
    """The kinds of picture taken, by content type."""

    JPEG = "image/jpeg"
    PNG = "image/png"  # animated ones too
    GIF = "image/gif"
    WEBP = "image/webp"
    AVIF = "image/avif"

    @property
    def extension(self) -> str:
        return {"jpeg": "jpg"}.get(name := self.partition("/")[2], name)


_AVIF_BRANDS = {b"avif", b"avis"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OTHERS = (
    (b"%PDF-", "a PDF document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"OggS", "a sound or a video"),
    (b"\x00\x00\x01\xba", "a video"),
    (b"FLV\x01", "a video"),
    (b"ID3", "a sound"),
    (b"fLaC", "a sound"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"BM", "a BMP picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"8BPS", "a Photoshop file"),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(!doctype|[a-z?!])", re.IGNORECASE)
_SVG = re.compile(rb"<svg[\s>:]|<!doctype svg", re.IGNORECASE)


def sniff(data: bytes) -> ImageType | None:
    """The kind of picture these bytes begin as, or None."""
    if data.startswith(b"\xff\xd8\xff"):
        return ImageType.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return ImageType.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return ImageType.GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return ImageType.WEBP
    if _brands(data) & _AVIF_BRANDS:
        return ImageType.AVIF
    return None


def recognise(data: bytes) -> str | None:
    """What a file that is none of our pictures is, in words for the member, or None."""
    if brands := _brands(data):
        return "an HEIC photo" if brands & _HEIC_BRANDS else "a video"
    if data[:4] == b"RIFF":
        return {b"AVI ": "a video", b"WAVE": "a sound"}.get(data[8:12])
    if _MARKUP.match(data):
        return "an SVG drawing" if _SVG.search(data[:4096]) else "a web page"
    return next((name for start, name in _OTHERS if data.startswith(start)), None)


def _brands(data: bytes) -> set[bytes]:
    """The brands an ISO media file (AVIF, HEIC, MP4, MOV) declares in its first box."""
    if data[4:8] != b"ftyp":
        return set()
    box = data[8 : min(int.from_bytes(data[:4]), 256)]
    return {box[:4]} | {box[at : at + 4] for at in range(8, len(box) - 3, 4)}


def admit(data: bytes, declared: str | None, max_bytes: int) -> ImageType:
    """The kind of picture, or ImageRefused: cheap checks on weight, first bytes and the declared content type.

    One kind of picture sent as another is fine, since it is redrawn; anything else is not.
    """
    if not data:
        raise ImageRefused("empty")
    if len(data) > max_bytes:
        raise ImageRefused("too_large", size=-(-len(data) // 1_000_000), limit=max_bytes // 1_000_000)
    kind = sniff(data)
    if kind is None:
        other = recognise(data)
        raise ImageRefused("unsupported", kind=other) if other else ImageRefused("not_an_image")
    declared = (declared or "").partition(";")[0].strip().lower()
    if declared not in ("", "application/octet-stream") and not declared.startswith("image/"):
        raise ImageRefused("wrong_type", declared=declared[:40], found=kind)
    return kind
