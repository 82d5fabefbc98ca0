"""Draws the pictures of the sample posts, so that none has to be kept or fetched."""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

SKIES = {
    "hills": ((244, 178, 102), (250, 226, 182), (94, 128, 92)),
    "hive": ((236, 200, 120), (250, 232, 180), (150, 104, 40)),
    "bread": ((214, 170, 128), (240, 214, 180), (140, 88, 52)),
    "lake": ((150, 190, 210), (222, 234, 238), (52, 100, 120)),
}
FACES = {"alice": (196, 120, 74), "bob": (84, 116, 148), "carol": (150, 98, 132), "eve": (104, 138, 96)}


def _blend(a: tuple[int, ...], b: tuple[int, ...], t: float) -> tuple[int, int, int]:
    red, green, blue = (round(x + (y - x) * t) for x, y in zip(a, b, strict=True))
    return red, green, blue


def landscape(name: str, width: int = 1200, height: int = 800) -> Image.Image:
    top, horizon, ground = SKIES[name]
    chance = random.Random(name)
    picture = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(picture)
    for y in range(height):
        draw.line([(0, y), (width, y)], fill=_blend(top, horizon, min(1, y / height * 1.6)))
    radius = width // 12
    sun = (width * chance.uniform(0.2, 0.8), height * 0.3)
    draw.ellipse(
        [sun[0] - radius, sun[1] - radius, sun[0] + radius, sun[1] + radius], fill=_blend(horizon, (255, 255, 255), 0.5)
    )
    for layer in range(6):
        base, wave, phase = height * (0.45 + layer * 0.1), height * 0.08, chance.uniform(0, 9)
        ridge = [
            (x, base + wave * math.sin(x / width * (3 + layer) + phase) * math.cos(x / width * 7 + phase))
            for x in range(0, width + 9, 8)
        ]
        draw.polygon([*ridge, (width, height), (0, height)], fill=_blend(horizon, ground, (layer + 1) / 6))
    return picture.filter(ImageFilter.GaussianBlur(1))


def face(name: str) -> Image.Image:
    colour = FACES[name]
    picture = Image.new("RGB", (192, 192), _blend(colour, (255, 255, 255), 0.55))
    draw = ImageDraw.Draw(picture)
    draw.ellipse([26, 118, 166, 260], fill=colour)
    draw.ellipse([56, 38, 136, 128], fill=_blend(colour, (255, 236, 214), 0.75))
    draw.pieslice([50, 28, 142, 118], 180, 360, fill=_blend(colour, (30, 20, 10), 0.6))
    return picture


def draw_all(folder: Path) -> None:
    """Writes every sample picture into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SKIES:
        landscape(name).save(folder / f"{name}.jpg", quality=85)
    for name in FACES:
        face(name).save(folder / f"face-{name}.jpg", quality=90)
