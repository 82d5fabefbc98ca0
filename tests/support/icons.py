"""Makes static/icons.svg and the home-screen icons: python -m tests.support.icons FOLDER-OF-LUCIDE-ICONS.

The folder is `icons/` of the npm package lucide-static; see static/vendor/README.md.
"""

import re
import sys
from pathlib import Path

import pyvips

from palabre.entrypoints.web.assets import STATIC

ICONS = """
arrow-left arrow-up at-sign ban bell bell-off book-open bookmark bot check chevron-right circle-help clock
compass copy download ellipsis external-link eye eye-off file-text flag gavel globe hash heart history house image
image-plus info key-round languages link list-checks lock log-in log-out mail menu message-circle moon pin
play reply repeat-2 scale search send settings share shield smartphone sun-moon ticket trash-2
triangle-alert upload user user-check user-plus user-x users volume-off wifi-off x square-pen
""".split()

MARK = (STATIC / "mark.svg").read_text()


def symbol(name: str, svg: str) -> str:
    """One picture of the sprite, without the wrapping that the sprite gives to all."""
    inner = re.sub(r"\s+", " ", re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S)[1]).replace("> <", "><").strip()  # type: ignore[index]
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>'


def sprite(folder: Path) -> str:
    """All icons as one SVG."""
    lines = [symbol(name, (folder / f"{name}.svg").read_text()) for name in sorted(ICONS)]
    mark = symbol("palabre", MARK).replace("0 0 24 24", "0 0 48 48")
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', mark, *lines, "</svg>", ""])


def home_screen_icon(size: int, filled: float) -> bytes:
    """The mark in white on green; `filled` is how much of the square it takes (masks may cut off the rest)."""
    inset = 48 * (1 / filled - 1) / 2
    side = 48 + 2 * inset
    mark = MARK.replace("#1c6b4a", "#ffffff").replace(
        'viewBox="0 0 48 48"', f'width="{size}" height="{size}" viewBox="{-inset} {-inset} {side} {side}"'
    )
    ground = f'<rect x="{-inset}" y="{-inset}" width="{side}" height="{side}" fill="#1c6b4a"/>'
    svg = re.sub(r"(<svg[^>]*>)", rf"\1{ground}", mark)
    png: bytes = pyvips.Image.svgload_buffer(svg.encode()).pngsave_buffer(compression=9, palette=True)
    return png


if __name__ == "__main__":
    (STATIC / "icons.svg").write_text(sprite(Path(sys.argv[1])))
    for size, filled in ((180, 0.7), (192, 0.7), (512, 0.56)):
        (STATIC / f"icon-{size}.png").write_bytes(home_screen_icon(size, filled))
