"""What a copy has beside the network's own pages: for whoever asks for what isn't there, and for search engines."""

from collections.abc import Iterator
from itertools import islice
from xml.sax.saxutils import escape

from palabre.static_site.inert import Page, absolute
from palabre.static_site.store import Ledger
from palabre.static_site.wish import Wish
from palabre.static_site.words import Words

_MOST = 50_000  # addresses in one site map
_HEAD = '<?xml version="1.0" encoding="utf-8"?>'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def files(ledger: Ledger, wish: Wish) -> Iterator[tuple[str, bytes]]:
    """Path and content of each."""
    yield ".nojekyll", b""  # hosts that run Jekyll would leave out .well-known
    yield "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {wish.url}/sitemap.xml\n".encode()
    maps, found, number = [], ledger.indexed(), 0
    while part := list(islice(found, _MOST)):
        number += 1
        maps.append(f"sitemap-{number}.xml")
        lines = (f"<url><loc>{escape(absolute(address, wish))}</loc></url>" for address in part)
        yield maps[-1], "\n".join([_HEAD, f"<urlset {_SPACE}>", *lines, "</urlset>"]).encode()
    listed = (f"<sitemap><loc>{escape(wish.url)}/{name}</loc></sitemap>" for name in maps)
    yield "sitemap.xml", "\n".join([_HEAD, f"<sitemapindex {_SPACE}>", *listed, "</sitemapindex>"]).encode()


def nobody(html: bytes, address: str, wish: Wish, *, rooted: bool = False) -> bytes:
    """The network's own page for what is not there."""
    page = Page(html.decode() or "<main><p>404</p></main>", address, wish)
    return page.settle((), None, Words(wish).notice(address), indexed=False, rooted=rooted)
