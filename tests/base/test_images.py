"""Alice posts pictures from her phone; Dan sends files that are not what they claim. Neither gives anything away."""

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator

import blurhash
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from palabre.base.errors import Refused
from palabre.base.images.renditions import (
    Limits,
    Processed,
    Rendition,
    avatar,
    header,
    parse_focus,
    process,
    read_dimensions,
)
from palabre.base.images.sniffing import IMAGE_REFUSALS, ImageRefused, ImageType, recognise, sniff

SECRETS = (b"SECRET", b"Exif\0", b"EXIF", b"xmpmeta", b"http://ns.adobe.com", b"Photoshop 3.0", b"ICC_PROFILE", b"iCCP")
MAKERS = {
    "JPEG": ImageType.JPEG,
    "PNG": ImageType.PNG,
    "GIF": ImageType.GIF,
    "WEBP": ImageType.WEBP,
    "AVIF": ImageType.AVIF,
}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><SECRET/></x:xmpmeta>'


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """Red at the top left, green at the top right, blue below, with a gradient, so that turning shows."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, width // 4, height // 4), (220, 30, 30))
    draw.rectangle((width - width // 4, 0, width, height // 4), (30, 200, 30))
    draw.rectangle((0, height - height // 4, width, height), (30, 30, 220))
    return image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_gps(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "SECRET phone", "SECRET Alice"
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0), 29: "SECRET date"})
    return exif


def icc() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + b"SECRET"


def jpeg_with_everything() -> bytes:
    data = saved(photo(), "JPEG", exif=with_gps(), xmp=XMP, comment=b"SECRET comment", icc_profile=icc(), dpi=(72, 72))
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x10\x1c\x02\x50\0\x0aSECRET IPTC"
    app13 = b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc
    return data[:2] + app13 + data[2:]


def png_with_everything() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "SECRET")
    text.add_itxt("XML:com.adobe.xmp", XMP.decode())
    text.add_text("long", "SECRET" * 99, zip=True)
    return saved(photo(), "PNG", exif=with_gps(), pnginfo=text, icc_profile=icc())


def animation(kind: str, frames: int = 3, size: tuple[int, int] = (120, 80)) -> bytes:
    colours = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]
    images = [Image.new("RGB", size, colours[number % 3]) for number in range(frames)]
    for number, image in enumerate(images):
        image.putpixel((number % size[0], 0), (9, 9, 9))
    times = [100 + number % 50 * 10 for number in range(frames)]
    return saved(images[0], kind, save_all=True, append_images=images[1:], duration=times, loop=0)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


NOTHING_MUCH = zlib.compress(b"\0" * 100_000_000)


def bomb(width: int, height: int) -> bytes:
    """A PNG of some 100 kB that says it is far larger."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", NOTHING_MUCH) + chunk(b"IEND", b"")


def opened(rendition: Rendition) -> Image.Image:
    image = Image.open(io.BytesIO(rendition.data))
    assert image.size == (rendition.width, rendition.height)
    assert Image.MIME[str(image.format)] == rendition.content_type
    return image


def refusal(call: Callable[[], object]) -> ImageRefused:
    with pytest.raises(ImageRefused) as refused:
        call()
    return refused.value


# What is left of a file


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 2
    while data[at + 1] != 0xDA:
        length = struct.unpack(">H", data[at + 2 : at + 4])[0]
        yield data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def assert_bare(rendition: Rendition) -> None:
    """Only what is needed to show the picture: no block of any other kind, no word of the original."""
    data = rendition.data
    for secret in SECRETS:
        assert secret not in data
    image = opened(rendition)
    image.load()
    assert not image.getexif() and not ({"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info))
    match rendition.content_type:
        case ImageType.JPEG:
            for marker, body in jpeg_segments(data):
                assert marker in {0xC0, 0xC2, 0xC4, 0xDB, 0xDD} or (marker == 0xE0 and body[:5] == b"JFIF\0"), hex(
                    marker
                )
                assert marker != 0xE0 or body[12:14] == b"\0\0"  # no thumbnail
            assert data.endswith(b"\xff\xd9")
        case ImageType.PNG:
            at, kinds = 8, set()
            while at < len(data):
                kinds.add(data[at + 4 : at + 8])
                at += 12 + struct.unpack(">I", data[at : at + 4])[0]
            assert kinds <= {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"pHYs", b"bKGD"}
        case ImageType.WEBP:
            at = 12
            while at < len(data):
                name, length = struct.unpack("<4sI", data[at : at + 8])
                assert name in {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}, name
                at += 8 + length + length % 2


@pytest.mark.parametrize("redraw", [process, avatar, header])
@pytest.mark.parametrize("kind", ["JPEG with everything", "PNG with everything", "WEBP", "AVIF", "GIF", "MPO"])
def test_where_alice_lives_and_who_she_is_never_leave_with_the_picture(
    kind: str, redraw: Callable[[bytes], Processed]
) -> None:
    if kind == "JPEG with everything":
        data = jpeg_with_everything()
    elif kind == "PNG with everything":
        data = png_with_everything()
    elif kind == "GIF":
        data = saved(photo(), "GIF", comment=b"SECRET")
    elif kind == "MPO":
        data = saved(photo(), "MPO", save_all=True, append_images=[photo(320, 240)], exif=with_gps())
    else:
        data = saved(photo(), kind, exif=with_gps(), xmp=XMP, icc_profile=icc())
    assert b"SECRET" in data
    done = redraw(data)
    assert_bare(done.original)
    assert_bare(done.small)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_leaves_nothing_behind_either(kind: str) -> None:
    data = animation(kind)
    tail = b"SECRET<script>alert(1)</script>"
    done = process(data + tail)
    assert_bare(done.original)
    assert_bare(done.small)


@pytest.mark.parametrize(
    "tail", [b"<script>SECRET()</script>", b"PK\x03\x04SECRET", b"%PDF-1.7 SECRET", b"\0" * 9 + b"ftypisomSECRET"]
)
@pytest.mark.parametrize("kind", list(MAKERS))
def test_of_a_file_that_is_two_things_only_the_picture_stays(kind: str, tail: bytes) -> None:
    try:
        done = process(saved(photo(), kind) + tail)
    except ImageRefused as refused:
        assert refused.code == "broken"
    else:
        assert tail not in done.original.data and tail not in done.small.data
        assert_bare(done.original)


def test_a_script_in_a_comment_of_a_gif_is_gone() -> None:
    data = saved(photo(), "GIF", comment=b"*/=1;SECRET();/*")
    assert b"SECRET" not in process(data).original.data


# What it looks like afterwards


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_sideways_is_shown_upright(kind: str, orientation: int) -> None:
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = photo().transpose(turn[orientation]) if orientation > 1 else photo()
    data = saved(lying, kind, exif=with_gps(orientation))
    dimensions = read_dimensions(data)
    assert (dimensions.width, dimensions.height) == (640, 480)
    for done in (process(data).original, process(data).small):
        upright = opened(done).convert("RGB")
        assert upright.size == (640, 480)
        corners = [upright.getpixel(point) for point in ((30, 30), (610, 30), (30, 450))]
        for corner, colour in zip(corners, ((220, 30, 30), (30, 200, 30), (30, 30, 220)), strict=True):
            assert all(abs(a - b) < 25 for a, b in zip(corner, colour, strict=True)), (corner, colour)


@pytest.mark.parametrize(
    ("kind", "kept"), [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "png"), ("WEBP", "webp"), ("AVIF", "webp")]
)
def test_each_kind_is_kept_as_one_that_every_client_shows(kind: str, kept: str) -> None:
    done = process(saved(photo(), kind))
    assert done.original.extension == kept and done.small.extension == "webp" and not done.animated
    assert done.original.content_type == {"jpg": "image/jpeg"}.get(kept, f"image/{kept}")


def test_a_large_photo_is_kept_within_4k_and_its_small_one_within_vga() -> None:
    done = process(saved(photo(5000, 4000), "JPEG", quality=60))
    assert 0.99 * 3840 * 2160 < done.original.width * done.original.height <= 3840 * 2160
    assert 0.98 * 640 * 480 < done.small.width * done.small.height <= 640 * 480
    assert done.original.aspect == pytest.approx(1.25, abs=0.001) == pytest.approx(done.small.aspect, abs=0.01)
    assert done.original.size == f"{done.original.width}x{done.original.height}"
    assert opened(done.original).info["progressive"]


def test_a_small_picture_is_never_enlarged() -> None:
    done = process(saved(photo(33, 17), "PNG"))
    assert done.original.size == done.small.size == "33x17"


@pytest.mark.parametrize("size", [(1, 1), (1, 16_384), (16_384, 2), (3, 9000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_extreme_shapes_are_drawn_too(kind: str, size: tuple[int, int]) -> None:
    data = saved(Image.new("RGB", size, (1, 2, 250)), kind)
    for redraw in (process, avatar, header):
        done = redraw(data)
        opened(done.original).load()
        opened(done.small).load()
        assert blurhash.decode(done.blurhash, 2, 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_mode_of_png_becomes_plain_srgb(mode: str) -> None:
    image = Image.new("I;16", (40, 30), 30_000) if mode == "I;16" else photo(40, 30).convert(mode)
    assert opened(process(saved(image, "PNG")).original).mode in {"RGB", "RGBA"}


def test_sixteen_bits_a_colour_become_eight() -> None:
    import pyvips

    deep = pyvips.Image.black(64, 64, bands=4).linear(1, [200, 100, 50, 255]).copy(interpretation="srgb").cast("uchar")
    pixel = opened(process(bytes(deep.colourspace("rgb16").pngsave_buffer())).original).convert("RGB").getpixel((9, 9))
    assert all(abs(a - b) <= 2 for a, b in zip(pixel, (200, 100, 50), strict=True))


def test_print_colours_become_screen_colours() -> None:
    red = Image.new("CMYK", (64, 64), (0, 230, 230, 0))
    pixel = opened(process(saved(red, "JPEG")).original).convert("RGB").getpixel((9, 9))
    assert pixel[0] > 180 and pixel[1] < 110 and pixel[2] < 110


def test_a_picture_in_another_colour_space_is_converted_before_its_profile_is_dropped() -> None:
    import pyvips

    wide = pyvips.Image.black(64, 64, bands=3).copy(interpretation="srgb")
    profile = wide.icc_export(output_profile="p3").get("icc-profile-data")
    data = saved(Image.new("RGB", (64, 64), (200, 100, 50)), "PNG", icc_profile=bytes(profile))
    red, green, blue = opened(process(data).original).convert("RGB").getpixel((9, 9))
    assert red > 208 and green < 97 and blue < 42  # as the wider space shows it, not as its numbers read


@pytest.mark.parametrize("profile", [b"nonsense", b"\xff" * 600])
def test_a_broken_colour_profile_is_ignored(profile: bytes) -> None:
    assert_bare(process(saved(photo(), "JPEG", icc_profile=profile)).original)


def test_transparency_is_kept() -> None:
    done = process(saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))
    for rendition in (done.original, done.small):
        assert opened(rendition).convert("RGBA").getpixel((9, 9))[3] == 0
    assert done.colour == "#ffffff"


def test_a_photo_sent_as_png_is_kept_light_and_a_drawing_exact() -> None:
    noisy = Image.effect_noise((900, 700), 80).convert("RGB")
    assert process(saved(noisy, "PNG")).original.extension == "webp"
    drawing = photo(900, 700).quantize(8).convert("RGB")
    kept = opened(process(saved(drawing, "PNG")).original)
    assert kept.convert("RGB").tobytes() == drawing.tobytes()


def test_the_blurhash_and_the_colour_tell_what_will_appear() -> None:
    picture = Image.new("RGB", (400, 200), (220, 20, 20))
    picture.paste((20, 20, 220), (200, 0, 400, 200))
    done = process(saved(picture, "JPEG", quality=95))
    for left, _, _, right in blurhash.decode(done.blurhash, 4, 3):
        assert left[0] > 180 > 90 > left[2] and right[2] > 180 > 90 > right[0]
    assert all(abs(int(done.colour[at : at + 2], 16) - want) <= 4 for at, want in ((1, 120), (3, 20), (5, 120)))
    assert re.fullmatch(r"#[0-9a-f]{6}", done.colour)


def test_a_rendition_is_named_by_what_it_holds() -> None:
    rendition = process(saved(photo(), "JPEG")).original
    assert rendition.sha256 == hashlib.sha256(rendition.data).hexdigest()
    assert process(saved(photo(), "JPEG")).original.sha256 == rendition.sha256


# What moves


@pytest.mark.parametrize("redraw", [process, avatar, header])
@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_goes_on_moving_and_has_a_still(kind: str, redraw: Callable[[bytes], Processed]) -> None:
    done = redraw(animation(kind))
    moving, still = opened(done.original), opened(done.small)
    assert done.animated and moving.n_frames == 3 and getattr(still, "n_frames", 1) == 1
    for number, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255))):
        moving.seek(number)
        moving.load()
        seen = moving.convert("RGB").getpixel((moving.width // 2, moving.height // 2))
        assert all(abs(a - b) < 25 for a, b in zip(seen, colour, strict=True))
        assert moving.info["duration"] == 100 + number * 10
    assert still.convert("RGB").getpixel((9, 9))[0] > 230


def test_a_large_animation_shrinks_to_720p() -> None:
    done = process(animation("GIF", frames=3, size=(2400, 1800)))
    assert 0.98 * 1280 * 720 < done.original.width * done.original.height <= 1280 * 720
    assert opened(done.original).n_frames == 3


def test_an_animated_png_is_taken_as_its_first_frame() -> None:
    data = animation("PNG")
    assert b"acTL" in data and sniff(data) is ImageType.PNG
    done = process(data)
    assert not done.animated and b"acTL" not in done.original.data
    assert opened(done.original).convert("RGB").getpixel((60, 40)) == (255, 0, 0)


def test_an_animation_of_too_many_frames_is_refused_before_it_is_decoded() -> None:
    short = Limits(max_frames=10)
    assert process(animation("GIF", frames=10), short).animated
    refused = refusal(lambda: process(animation("GIF", frames=11), short))
    assert refused.code == "animation_too_long" and "shorter" in refused.message
    narrow = Limits(max_animation_pixels=120 * 80 * 3 - 1)
    for kind in ("GIF", "WEBP"):
        assert refusal(lambda kind=kind: avatar(animation(kind), narrow)).code == "animation_too_long"


# What is refused


def test_a_100_kb_file_that_claims_900_megapixels_is_refused_unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    from palabre.base.images import drawing

    monkeypatch.setattr(drawing, "still", None)
    data = bomb(30_000, 30_000)
    assert 90_000 < len(data) < 120_000
    refused = refusal(lambda: process(data))
    assert refused.code == "too_many_pixels" and "30000×30000" in refused.message and "40 megapixels" in refused.message


def test_limits_count_pixels_sides_and_bytes() -> None:
    assert refusal(lambda: read_dimensions(bomb(16_385, 1))).code == "too_many_pixels"
    assert read_dimensions(bomb(16_384, 1)).width == 16_384
    assert refusal(lambda: read_dimensions(bomb(8_000, 5_001))).code == "too_many_pixels"
    assert read_dimensions(bomb(8_000, 5_000)).height == 5_000
    refused = refusal(lambda: process(saved(photo(), "PNG") + b"\0" * 16_000_000))
    assert refused.code == "too_large" and "17 MB" in refused.message and "16 MB" in refused.message


def test_a_png_that_breaks_its_promise_of_pixels_is_refused() -> None:
    assert refusal(lambda: process(bomb(6_000, 6_000)[:90_000])).code == "broken"


def test_a_picture_of_one_kind_sent_as_another_is_fine() -> None:
    for kind in MAKERS:
        for declared in ("image/jpeg", "IMAGE/PNG; charset=x", "application/octet-stream", "", None):
            assert process(saved(photo(64, 64), kind), declared=declared)


def test_a_picture_sent_as_something_else_is_refused() -> None:
    refused = refusal(lambda: process(saved(photo(), "PNG"), declared="text/html"))
    assert refused.code == "wrong_type" and "text/html" in refused.message


FTYP = b"\0\0\0\x18ftyp%s\0\0\0\0%siso8"
NOT_OURS = [
    (b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
    (b"\xef\xbb\xbf\n <HTML><body>", "a web page"),
    (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "an SVG drawing"),
    (b"<svg><script/></svg>", "an SVG drawing"),
    (b"%PDF-1.7\n", "a PDF document"),
    (FTYP % (b"heic", b"mif1"), "an HEIC photo"),
    (FTYP % (b"mif1", b"heic"), "an HEIC photo"),
    (FTYP % (b"isom", b"mp42"), "a video"),
    (FTYP % (b"qt  ", b"qt  "), "a video"),
    (b"\x1aE\xdf\xa3\x01\0", "a video"),
    (b"RIFF\0\0\0\0AVI LIST", "a video"),
    (b"RIFF\0\0\0\0WAVEfmt ", "a sound"),
    (b"ID3\x04", "a sound"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"BM\0\0\0\0", "a BMP picture"),
    (b"II*\0\x08\0", "a TIFF picture"),
    (b"GIF88a", None),
    (b"\x7fELF", None),
    (b"just words", None),
]


@pytest.mark.parametrize(("data", "name"), NOT_OURS)
def test_a_file_that_is_no_picture_is_named_for_what_it_is(data: bytes, name: str | None) -> None:
    assert sniff(data) is None and recognise(data) == name
    refused = refusal(lambda: process(data + b"\0" * 100, declared="image/jpeg"))
    if name:
        assert refused.code == "unsupported" and name in refused.message and "JPEG" in refused.message
    else:
        assert refused.code == "not_an_image"


def test_an_empty_file_is_refused() -> None:
    assert refusal(lambda: process(b"")).code == "empty"


@pytest.mark.parametrize(("kind", "found"), MAKERS.items())
def test_pictures_are_known_by_their_first_bytes(kind: str, found: ImageType) -> None:
    assert sniff(saved(photo(64, 64), kind)) is found
    if kind in ("GIF", "WEBP", "AVIF"):
        assert sniff(animation(kind)) is found


def test_a_moving_avif_shows_its_first_frame() -> None:
    done = process(animation("AVIF"))
    assert not done.animated and opened(done.original).convert("RGB").getpixel((60, 40))[0] > 200


@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_picture_cut_short_is_refused_and_says_so(kind: str) -> None:
    data = saved(photo(), kind)
    for part in (0.2, 0.5, 0.9):
        assert refusal(lambda part=part: process(data[: int(len(data) * part)])).code == "broken"
    assert "damaged" in IMAGE_REFUSALS["broken"]


def test_a_refusal_is_an_answer_and_not_a_fault() -> None:
    refused = refusal(lambda: process(b"words"))
    assert isinstance(refused, Refused) and (refused.status, refused.field) == (422, "file")
    assert refusal(lambda: parse_focus("x")).field == "focus"


def test_every_refusal_can_be_put_into_words() -> None:
    values = dict.fromkeys(["size", "limit", "width", "height", "side", "frames", "kind", "declared", "found"], 7)
    for code in IMAGE_REFUSALS:
        assert "{" not in ImageRefused(code, **values).message


# Files nobody would think of

SAMPLES = (
    [saved(photo(48, 32), kind) for kind in MAKERS]
    + [animation(kind, size=(24, 16)) for kind in ("GIF", "WEBP", "PNG", "AVIF")]
    + [jpeg_with_everything(), png_with_everything(), saved(photo(48, 32), "JPEG", progressive=True)]
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_damaged_files_are_drawn_or_refused_but_never_break_anything(draw: st.DataObject) -> None:
    data = bytearray(draw.draw(st.sampled_from(SAMPLES)))
    for _ in range(draw.draw(st.integers(0, 8))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    if draw.draw(st.booleans()):
        del data[draw.draw(st.integers(0, len(data))) :]
    redraw = draw.draw(st.sampled_from([process, avatar, header]))
    try:
        done = redraw(bytes(data))
    except ImageRefused as refused:
        assert refused.code in IMAGE_REFUSALS
    else:
        opened(done.original).load()
        opened(done.small).load()


@given(st.binary(max_size=64))
def test_any_bytes_at_all_are_told_apart(data: bytes) -> None:
    sniff(data)
    recognise(data)


# Portraits and focal points


@pytest.mark.parametrize("redraw", [avatar, header])
@pytest.mark.parametrize("size", [(1600, 900), (900, 1600), (2000, 2000)])
def test_portraits_are_cut_from_the_middle(redraw: Callable[[bytes], Processed], size: tuple[int, int]) -> None:
    box = (400, 400) if redraw is avatar else (1500, 500)
    picture = Image.new("RGB", size, (0, 0, 200))
    middle = (size[0] // 2, size[1] // 2)
    ImageDraw.Draw(picture).rectangle((middle[0] - 50, middle[1] - 50, middle[0] + 50, middle[1] + 50), (250, 0, 0))
    done = redraw(saved(picture, "JPEG"))
    shown = opened(done.original)
    assert shown.width / shown.height == pytest.approx(box[0] / box[1], rel=0.01) and shown.width <= box[0]
    assert shown.getpixel((shown.width // 2, shown.height // 2))[0] > 200
    assert shown.getpixel((2, 2))[2] > 150
    assert done.small == done.original


def test_a_small_portrait_keeps_its_shape_without_being_enlarged() -> None:
    assert avatar(saved(photo(100, 60), "PNG")).original.size == "60x60"
    assert header(saved(photo(300, 300), "PNG")).original.size == "300x100"
    assert avatar(saved(photo(2000, 1500), "JPEG")).original.size == "400x400"
    assert header(saved(photo(2000, 1500), "JPEG")).original.size == "1500x500"


@pytest.mark.parametrize(
    ("text", "focus"),
    [("0.5,-0.3", (0.5, -0.3)), ("-1,1", (-1.0, 1.0)), (" 0 , 0 ", (0.0, 0.0)), ("1e-1,0", (0.1, 0.0))],
)
def test_a_focal_point_is_two_numbers(text: str, focus: tuple[float, float]) -> None:
    assert parse_focus(text) == focus


@pytest.mark.parametrize("text", ["", "0.5", "1.1,0", "0,-1.01", "nan,0", "0,inf", "a,b", "0,0,0", "0;0", "1" * 5000])
def test_anything_else_is_no_focal_point(text: str) -> None:
    assert refusal(lambda: parse_focus(text)).code == "bad_focus"
