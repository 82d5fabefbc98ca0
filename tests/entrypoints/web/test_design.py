"""The design keeps its promises: readable colours, light files, and sides that turn with the language."""

import hashlib
import re
from pathlib import Path

import pytest

from palabre.entrypoints.web.assets import STATIC, url_for_static

SHEETS = sorted((STATIC / "css").glob("*.css"))
CSS = "".join(sheet.read_text() for sheet in SHEETS)
COLOURS = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", CSS))
PAGE = ("paper", "raised", "sunken")

# Text on what it lies upon, and the least contrast WCAG AA asks of it.
PAIRS = [
    *[(text, ground, 4.5) for text in ("ink", "muted", "accent", "deep") for ground in PAGE],
    *[(text, ground, 4.5) for text in ("danger", "love", "gold") for ground in PAGE],
    *[("edge", ground, 3.0) for ground in PAGE],
    *[("on-accent", ground, 4.5) for ground in ("accent", "deep")],
    *[(text, "tint", 4.5) for text in ("deep", "ink")],
    *[(text, "danger-soft", 4.5) for text in ("danger", "ink")],
    *[(text, "gold-soft", 4.5) for text in ("gold", "ink")],
    ("love", "love-soft", 4.5),
    ("on-danger", "danger", 4.5),
    ("paper", "ink", 4.5),
]


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "least"), PAIRS)
def test_colours_are_readable(text: str, ground: str, least: float, theme: str) -> None:
    side = ["light", "dark"].index(theme)
    lighter, darker = sorted((luminance(COLOURS[name].split(", ")[side]) for name in (text, ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_pages_stay_light() -> None:
    assert sum(sheet.stat().st_size for sheet in SHEETS) < 41_000
    assert (STATIC / "palabre.js").stat().st_size < 10_000


def test_sides_turn_with_the_language() -> None:
    sides = "left|right|top|bottom"
    patterns = (
        rf"(?:margin|padding|border)-(?:{sides})",
        rf"[\s;{{](?:{sides}|width|height):",
        "text-align: (?:left|right)",
    )
    physical = [found for pattern in patterns for found in re.findall(pattern, CSS)]
    assert physical == []


def test_every_variable_in_use_is_set() -> None:
    used = set(re.findall(r"var\((--[\w-]+)", CSS))
    assert used <= set(re.findall(r"(--[\w-]+):", CSS))


def test_addresses_change_with_the_content() -> None:
    name = "palabre.js"
    assert url_for_static(name) == f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def test_vendored_files_are_what_they_say() -> None:
    table = (STATIC / "vendor" / "README.md").read_text()
    for script in (STATIC / "vendor").glob("*.js"):
        assert hashlib.sha256(script.read_bytes()).hexdigest() in table


def test_the_browser_bar_has_the_colour_of_the_page() -> None:
    base = Path(STATIC.parent / "templates" / "base.html").read_text()
    assert re.findall(r'name="theme-color"[^>]*content="(#\w+)"', base) == COLOURS["paper"].split(", ")
