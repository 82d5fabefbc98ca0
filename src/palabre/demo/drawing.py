"""Pictures drawn by code: portraits, landscapes, and what people photograph. The same seed draws the same."""

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Literal

SVG = "http://www.w3.org/2000/svg"
_SKIES = (
    ("#f6d365", "#fda085"),
    ("#89f7fe", "#66a6ff"),
    ("#30415d", "#f2a65a"),
    ("#a1c4fd", "#fbe7c6"),
    ("#0f2027", "#4c7a8c"),
)
_GREENS = ("#1f4037", "#2f6b4f", "#4f8a5b", "#7fae6a", "#a9c77f")
_PLUMS = ("#2b2d42", "#4a4e69", "#7d6b91", "#a793ac", "#cdb4c6")
_BRIGHT = ("#e76f51", "#f4a261", "#e9c46a", "#2a9d8f", "#457b9d", "#8d5a97", "#d1495b", "#66a182")
_SKIN = ("#f6d7c3", "#eab896", "#c98d63", "#9c6644", "#6f4529", "#f3cfa5")
_HAIR = ("#2b1b12", "#5a3a22", "#a0662f", "#d9a441", "#8c8c8c", "#b5442c", "#e8e3da", "#3d2f5b")


def save(svg: str, form: Literal["JPEG", "PNG"] = "JPEG") -> bytes:
    """The drawing as a file; a JPEG says where it was taken and with what, as those of telephones do."""
    import pyvips

    # Strangers' drawings are never read in; these are our own.
    pyvips.operation_block_set("VipsForeignLoadSvg", False)
    image = pyvips.Image.svgload_buffer(svg.encode())
    if form == "PNG":
        return bytes(image.pngsave_buffer())
    image = image.flatten(background=[255, 255, 255]).copy()
    exif = {"ifd0-Model": "Telephone 12", "ifd3-GPSLatitudeRef": "N", "ifd3-GPSLatitude": "48/1 51/1 29/1"}
    exif |= {"ifd3-GPSLongitudeRef": "E", "ifd3-GPSLongitude": "2/1 17/1 40/1"}
    for name, value in exif.items():
        image.set_type(pyvips.GValue.gstr_type, f"exif-{name}", value)
    return bytes(image.jpegsave_buffer(Q=85))


def portrait(seed: int, form: Literal["JPEG", "PNG"] = "JPEG") -> bytes:
    """An avatar: somebody, in simple shapes."""
    rng = random.Random(seed)
    light, dark = rng.sample(_BRIGHT, 2)
    skin, hair, clothes = rng.choice(_SKIN), rng.choice(_HAIR), rng.choice(_BRIGHT)
    behind = f'<ellipse cx="200" cy="200" rx="104" ry="{rng.choice((116, 130, 170))}" fill="{hair}"/>'
    fringe = rng.choice(
        (
            f'<path d="M104 180 Q120 84 200 84 Q280 84 296 180 Q250 130 200 132 Q150 130 104 180Z" fill="{hair}"/>',
            f'<path d="M106 170 Q130 80 220 88 Q290 96 294 170 Q240 150 190 120 Q150 150 106 170Z" fill="{hair}"/>',
            f'<circle cx="200" cy="80" r="42" fill="{hair}"/><path d="M110 165 Q200 70 290 165 Q200 120 110 165Z" fill="{hair}"/>',
        )
    )
    glasses = '<g fill="none" stroke="#333" stroke-width="6"><circle cx="164" cy="204" r="28"/><circle cx="236" cy="204" r="28"/><path d="M192 204h16"/></g>'
    body = (
        f'<rect width="400" height="400" fill="url(#g)"/>{behind}'
        f'<path d="M60 400 Q70 300 200 300 Q330 300 340 400Z" fill="{clothes}"/><rect x="172" y="260" width="56" height="60" rx="24" fill="{skin}"/>'
        f'<ellipse cx="200" cy="200" rx="86" ry="100" fill="{skin}"/>{fringe}'
        '<circle cx="164" cy="204" r="9" fill="#2b2320"/><circle cx="236" cy="204" r="9" fill="#2b2320"/>'
        f'<path d="M168 248 Q200 {rng.choice((268, 276, 284))} 232 248" fill="none" stroke="#7a3b32" stroke-width="8" stroke-linecap="round"/>'
        f"{glasses if rng.random() < 0.35 else ''}"
    )
    return save(_framed(400, 400, body, light, dark), form)


def landscape(seed: int, width: int = 1200, height: int = 400) -> bytes:
    """Hills behind hills, a sun or a moon: for headers, and for photos of the weather."""
    return save(_landscape(random.Random(seed), width, height))


def _landscape(rng: random.Random, width: int, height: int, more: str = "") -> str:
    top, bottom = rng.choice(_SKIES)
    hills = rng.choice((_GREENS, _PLUMS))
    sun = f'<circle cx="{rng.randrange(width)}" cy="{rng.randrange(height // 6, height // 2)}" r="{height // 9}" fill="#fff6d6" opacity=".9"/>'
    layers = "".join(_hill(rng, width, height, height * (0.45 + 0.13 * n), hills[-1 - n]) for n in range(4))
    return _framed(
        width, height, f'<rect width="{width}" height="{height}" fill="url(#g)"/>{sun}{layers}{more}', top, bottom
    )


def _hill(rng: random.Random, width: int, height: int, level: float, colour: str) -> str:
    points = [(x, level + rng.uniform(-0.09, 0.09) * height) for x in range(0, width + 1, width // 6)]
    path = f"M0 {height}L0 {points[0][1]:.0f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) // 2
        path += f"C{middle} {y0:.0f} {middle} {y1:.0f} {x1} {y1:.0f}"
    return f'<path d="{path}L{width} {height}Z" fill="{colour}"/>'


def _framed(width: int, height: int, body: str, top: str, bottom: str) -> str:
    shade = f'<linearGradient id="g" x2="0" y2="1"><stop stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/></linearGradient>'
    return f'<svg xmlns="{SVG}" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><defs>{shade}</defs>{body}</svg>'


def photo(topic: str, seed: int) -> bytes:
    """What somebody who writes about this would photograph."""
    rng = random.Random(seed)
    draw = _SUBJECTS.get(topic)
    return save(draw(rng) if draw else _landscape(rng, 960, 640))


def _flowers(rng: random.Random) -> str:
    stems = ""
    for x in range(70, 930, 60):
        top, colour = rng.randrange(180, 420), rng.choice(_BRIGHT)
        petals = "".join(
            f'<ellipse cx="{x}" cy="{top - 26}" rx="13" ry="26" fill="{colour}" transform="rotate({a} {x} {top})"/>'
            for a in range(0, 360, 60)
        )
        stems += f'<path d="M{x} 640Q{x + rng.randrange(-30, 30)} {top + 120} {x} {top}" stroke="#3c6e47" stroke-width="9" fill="none"/>{petals}<circle cx="{x}" cy="{top}" r="13" fill="#ffe08a"/>'
    return _landscape(rng, 960, 640, stems)


def _rails(rng: random.Random) -> str:
    sleepers = "".join(
        f'<path d="M{480 - y * 0.9:.0f} {420 + y}h{y * 1.8:.0f}" stroke="#5b4636" stroke-width="{4 + y // 14}"/>'
        for y in range(6, 220, 22)
    )
    rails = '<path d="M474 424L300 640M486 424L660 640" stroke="#333a44" stroke-width="9"/>'
    colour = rng.choice(_BRIGHT)
    train = f'<rect x="430" y="340" width="100" height="90" rx="18" fill="{colour}"/><rect x="444" y="354" width="72" height="34" rx="6" fill="#dff1ff"/><circle cx="450" cy="412" r="8" fill="#fff3b0"/><circle cx="510" cy="412" r="8" fill="#fff3b0"/>'
    return _landscape(rng, 960, 640, sleepers + rails + train)


def _cat(rng: random.Random) -> str:
    fur = rng.choice(("#3a3a3a", "#c9772f", "#8b8680", "#efe6da"))
    body = (
        f'<rect width="960" height="640" fill="url(#g)"/><rect y="500" width="960" height="140" fill="#b08968"/>'
        f'<ellipse cx="480" cy="430" rx="150" ry="130" fill="{fur}"/><path d="M620 480q140 0 110-150" stroke="{fur}" stroke-width="34" fill="none" stroke-linecap="round"/>'
        f'<circle cx="480" cy="280" r="95" fill="{fur}"/><path d="M400 240l-6-90 76 44zM560 240l6-90-76 44z" fill="{fur}"/>'
        '<ellipse cx="446" cy="276" rx="13" ry="18" fill="#b7d36b"/><ellipse cx="514" cy="276" rx="13" ry="18" fill="#b7d36b"/>'
        '<path d="M470 312h20l-10 12z" fill="#d98c8c"/><path d="M380 306l70 8M380 330l70-4M580 306l-70 8M580 330l-70-4" stroke="#fff" stroke-width="3"/>'
    )
    return _framed(960, 640, body, *rng.choice(_SKIES))


def _plate(rng: random.Random) -> str:
    food = "".join(
        f'<circle cx="{480 + rng.randrange(-120, 120)}" cy="{320 + rng.randrange(-120, 120)}" r="{rng.randrange(20, 52)}" fill="{rng.choice(_BRIGHT)}"/>'
        for _ in range(14)
    )
    body = f'<rect width="960" height="640" fill="url(#g)"/><circle cx="480" cy="320" r="270" fill="#f8f5f0"/><circle cx="480" cy="320" r="200" fill="#eee7dd"/>{food}'
    return _framed(960, 640, body, "#8a5a3b", "#c89f7b")


def _shelf(rng: random.Random) -> str:
    spines, x = "", 30
    while x < 900:
        wide, tall = rng.randrange(26, 64), rng.randrange(300, 470)
        spines += f'<rect x="{x}" y="{540 - tall}" width="{wide}" height="{tall}" rx="4" fill="{rng.choice(_BRIGHT)}"/><rect x="{x + 6}" y="{580 - tall}" width="{wide - 12}" height="10" fill="#fff8"/>'
        x += wide + 4
    return _framed(
        960,
        640,
        f'<rect width="960" height="640" fill="url(#g)"/>{spines}<rect y="540" width="960" height="34" fill="#6b4a32"/>',
        "#efe3cf",
        "#cdb596",
    )


def _screen(rng: random.Random) -> str:
    lines = "".join(
        f'<rect x="{130 + 40 * rng.randrange(4)}" y="{y}" width="{rng.randrange(90, 480)}" height="14" rx="7" fill="{rng.choice(_BRIGHT)}"/>'
        for y in range(130, 500, 32)
    )
    body = f'<rect width="960" height="640" fill="url(#g)"/><rect x="80" y="70" width="800" height="470" rx="22" fill="#1e2230"/>{lines}<rect x="430" y="540" width="100" height="60" fill="#777"/>'
    return _framed(960, 640, body, "#d7e1ec", "#9fb3c8")


def _street(rng: random.Random) -> str:
    houses, x = "", 0
    while x < 960:
        wide, tall = rng.randrange(90, 170), rng.randrange(180, 380)
        windows = "".join(
            f'<rect x="{x + dx}" y="{640 - tall + dy}" width="22" height="30" fill="{rng.choice(("#ffe9a8", "#39435a"))}"/>'
            for dx in range(18, wide - 30, 38)
            for dy in range(30, tall - 40, 56)
        )
        houses += f'<rect x="{x}" y="{640 - tall}" width="{wide}" height="{tall}" fill="{rng.choice(_BRIGHT)}"/><path d="M{x} {640 - tall}l{wide // 2}-54 {wide // 2} 54z" fill="#7a4a3a"/>{windows}'
        x += wide
    return _framed(960, 640, f'<rect width="960" height="640" fill="url(#g)"/>{houses}', *rng.choice(_SKIES))


def _pitch(rng: random.Random) -> str:
    stripes = "".join(f'<rect x="{x}" width="80" height="640" fill="#4c9a57"/>' for x in range(0, 960, 160))
    lines = '<g fill="none" stroke="#fff" stroke-width="6"><rect x="40" y="40" width="880" height="560"/><path d="M480 40v560"/><circle cx="480" cy="320" r="90"/></g>'
    team = "".join(
        f'<circle cx="{rng.randrange(80, 880)}" cy="{rng.randrange(80, 560)}" r="14" fill="{c}"/>'
        for c in ("#d1495b", "#1d3557") * 6
    )
    return _framed(960, 640, f'<rect width="960" height="640" fill="#58a864"/>{stripes}{lines}{team}', "#fff", "#fff")


_SUBJECTS: dict[str, Callable[[random.Random], str]] = {
    "gardening": _flowers,
    "trains": _rails,
    "cats": _cat,
    "cooking": _plate,
    "books": _shelf,
    "code": _screen,
    "town": _street,
    "football": _pitch,
}

#: What can be seen on the drawings, for those who cannot see them.
DESCRIBED: dict[str, dict[str, str]] = {
    "gardening": {"en": "A row of bright flowers in front of green hills", "fr": "Une rangée de fleurs vives devant des collines"},
    "trains": {"en": "A small train coming towards us out of the hills", "fr": "Un petit train sort des collines et vient vers nous"},
    "cats": {"en": "A cat sitting on a windowsill, tail up, looking at the camera", "fr": "Un chat assis sur un rebord, la queue en l'air, qui regarde l'appareil"},
    "cooking": {"en": "A plate seen from above, full of many-coloured things", "fr": "Une assiette vue d'en haut, pleine de choses de toutes les couleurs"},
    "books": {"en": "A shelf of books with colourful spines", "fr": "Une étagère de livres aux dos colorés"},
    "code": {"en": "A screen with lines of code in several colours", "fr": "Un écran avec des lignes de code de plusieurs couleurs"},
    "town": {"en": "A street of painted houses, some windows lit", "fr": "Une rue de maisons peintes, quelques fenêtres allumées"},
    "football": {"en": "A football pitch from above, red against blue", "fr": "Un terrain de football vu du ciel, rouges contre bleus"},
    "weather": {"en": "Hills behind hills under a wide sky", "fr": "Des collines derrière des collines sous un grand ciel"},
}  # fmt: skip
