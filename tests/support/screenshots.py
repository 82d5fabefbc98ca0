"""Takes pictures of the sample pages: python -m tests.support.screenshots FOLDER [PAGE…] [--views=phone-light-en,…].

Views are WHERE-THEME-LANGUAGE: phone, narrow or desktop; light or dark; en or fr.
"""

import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support import preview
from tests.support.pages import PAGES

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"phone": (360, 740), "narrow": (320, 640), "tablet": (820, 1100), "desktop": (1280, 900)}


def take(browser: Browser, address: str, view: str, names: list[str], folder: Path) -> None:
    """One picture a page in one view."""
    where, theme, lang = view.split("-")
    width, height = SIZES[where]
    tab = browser.new_page(
        viewport={"width": width, "height": height}, has_touch=where != "desktop", color_scheme=theme
    )  # type: ignore[arg-type]
    tab.on("console", lambda message: print(f"{name}: {message.text}") if message.type == "error" else None)
    for name in names:
        tab.goto(f"{address}/{name}?lang={lang}")
        tab.screenshot(path=folder / f"{name.replace('/', '-')}.{view}.png", full_page=True)
        wide = tab.evaluate("document.scrollingElement.scrollWidth")
        if wide > width:
            print(f"{name} {view}: {wide} px wide")
    tab.close()


def main(folder: Path, names: list[str], views: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    server = preview.server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for view in views:
            take(browser, f"http://127.0.0.1:{server.server_port}", view, names, folder)
        browser.close()


if __name__ == "__main__":
    options = [word.removeprefix("--views=") for word in sys.argv if word.startswith("--views=")]
    plain = [word for word in sys.argv[1:] if not word.startswith("--")]
    main(Path(plain[0]), plain[1:] or list(PAGES), (options or ["desktop-light-en,phone-dark-fr"])[0].split(","))
