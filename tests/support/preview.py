"""Shows every page with sample data: python -m tests.support.preview [PORT], then open the address it prints.

Pages are rendered anew at each request, under the same content security policy as the real thing.
?lang=fr, ?theme=dark and ?dir=rtl change how a page is shown.
"""

import mimetypes
import sys
import tempfile
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from palabre.entrypoints.web import render
from palabre.entrypoints.web.assets import PREFIX, STATIC
from tests.support import pictures, samples
from tests.support.pages import PAGES

CSP = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:"


def show(name: str, lang: str = "en", theme: str = "auto") -> str:
    """One sample page as HTML."""
    page = PAGES[name]
    values = {"path": f"/{name}", "unread": 3, "instance": samples.instance} | page.values
    return render.page(page.template, lang=lang, theme=theme, me=page.me, **values)


class Handler(BaseHTTPRequestHandler):
    """Sample pages by name, the static files, and drawn pictures."""

    def __init__(self, media: Path, *args: object) -> None:
        self.media = media
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(url.query).items()}
        name = url.path.strip("/")
        if url.path.startswith(PREFIX):
            self.send_file(STATIC / url.path.removeprefix(PREFIX))
        elif url.path.startswith("/media/"):
            self.send_file(self.media / url.path.removeprefix("/media/"))
        elif name in PAGES:
            page = show(name, asked.get("lang", "en"), asked.get("theme", "auto"))
            self.send(200, page.replace('dir="ltr"', f'dir="{asked.get("dir", "ltr")}"', 1), "text/html; charset=utf-8")
        else:
            links = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in PAGES)
            self.send(200 if not name else 404, f"<!doctype html><title>Pages</title><ul>{links}</ul>", "text/html")

    def send_file(self, path: Path) -> None:
        if path.is_file():
            self.send(200, path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        else:
            self.send(404, "", "text/plain")

    def send(self, status: int, body: str | bytes, kind: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Says nothing: the reader looks at pages, not at lines."""


def server(port: int = 0) -> ThreadingHTTPServer:
    """A server of the sample pages, not yet running; port 0 takes any free one."""
    media = Path(tempfile.mkdtemp(prefix="palabre-preview-"))
    pictures.draw_all(media)
    return ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, media))


if __name__ == "__main__":
    running = server(int(sys.argv[1]) if len(sys.argv) > 1 else 8765)
    print(f"http://127.0.0.1:{running.server_port}")
    running.serve_forever()
