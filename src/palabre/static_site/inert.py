"""A page as the server gives it, made into one that needs no server.

What sends something, or leads to what is not in the copy, is taken out; links become ways from file to file, so that the
copy works on a web host, below any path of it, and read from a folder.
"""

from collections.abc import Collection, Iterator
from functools import cache
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from palabre.entrypoints.web.assets import STATIC
from palabre.static_site import addresses
from palabre.static_site.wish import Wish

_OUT = (
    "script, form, details.menu, link[rel=manifest], meta[name=htmx-config], .toasts, .only-js, .look, a[data-share], "
    "noscript, dialog"
)
_POINTING = (("a", "href"), ("link", "href"), ("img", "src"), ("video", "src"), ("video", "poster"), ("audio", "src"))
#: Links that are nothing but the way: where that leads nowhere, their words go too. Elsewhere they stay.
_ONLY_WAYS = {"button", "nav-link", "back"}
_CSP = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"


class Page:
    """`address` is normal. After `settle`, `wanted` names what it leads to and shows."""

    def __init__(self, html: str, address: str, wish: Wish) -> None:
        self._tree = LexborHTMLParser(html)
        self._wish = wish
        self._path = address.partition("?")[0]
        self._address, self._file = address, addresses.place(address)
        self.wanted: dict[str, None] = {}

    def doubtful(self) -> set[str]:
        """What members' own words lead to here; nobody promised that it is still there."""
        links = self._tree.css(".prose a[href]")
        return {target for link in links if (target := self._target(link.attributes["href"] or ""))}

    def settle(
        self, gone: Collection[str], newer: str | None, notice: str, *, indexed: bool, rooted: bool = False
    ) -> bytes:
        """The page as a file. `newer`: the page before this one, `notice`: HTML that says what this is.

        `rooted`: links begin at the copy's root, for a page that is shown at any address.
        """
        self._say(notice)
        self._settle_deeds()
        for node in self._tree.css(_OUT):
            node.decompose()
        for link in self._tree.css("a[rel=prev]"):
            link.attrs["href"] = newer or self._path
        for tag, attribute in _POINTING:
            for node in self._tree.css(f"{tag}[{attribute}]"):
                self._point(node, attribute, gone, rooted)
        self._settle_head(indexed)
        self._draw_icons()
        for node in self._tree.css("[hx-get], [hx-post], [hx-trigger], [data-back], [data-zoom], [data-copied]"):
            for name in [name for name in node.attributes if name.startswith(("hx-", "data-"))]:
                del node.attrs[name]
        for paragraph in self._tree.css("p.buttons"):
            if paragraph.css_first("*:not(p)") is None:
                paragraph.decompose()
        return (self._tree.html or "").encode()

    def _say(self, notice: str) -> None:
        main = self._tree.css_first("main")
        if main and main.first_child:
            main.first_child.insert_before(_element(notice))

    def _path_of(self, href: str) -> str | None:
        """The address on this network that a link means; None where it leads elsewhere."""
        if href.startswith("/") and not href.startswith("//"):
            return href
        whole = urljoin(f"{self._wish.origin}{self._address}", href)
        if whole == self._wish.origin:
            return "/"
        return whole.removeprefix(self._wish.origin) if whole.startswith(f"{self._wish.origin}/") else None

    def _target(self, href: str) -> str | None:
        """The normal address that a link means, if it is one of the copy."""
        path = self._path_of(href)
        if path is None:
            return None
        return addresses.normal("/contact" if path.startswith("/notice") else path)

    def _point(self, node: LexborNode, attribute: str, gone: Collection[str], rooted: bool) -> None:
        value = node.attributes[attribute] or ""
        if value.startswith("#") or node.attributes.get("rel") == "canonical" or self._path_of(value) is None:
            return
        target = self._target(value)
        if target is None or target in gone:
            _take_out(node)
            return
        self.wanted[target] = None
        file = addresses.place(target)
        way = f"{self._wish.base}{file}" if rooted else addresses.relative(file, self._file)
        address, hash_sign, fragment = value.partition("#")
        version = address[address.find("?") :] if "?" in address and target.startswith("/static/") else ""
        node.attrs[attribute] = f"{way}{version}{hash_sign}{fragment}"

    def _settle_deeds(self) -> None:
        """What one can do with a post becomes how often it was done."""
        for footer in self._tree.css("footer.actions"):
            shown = []
            for deed in footer.css("form.toggle button, a.action"):
                tally = deed.css_first(".tally")
                if tally and tally.text(strip=True):
                    shown.append(f'<span class="action">{deed.inner_html}</span>')
            if shown:
                footer.replace_with(_element(f'<footer class="actions">{"".join(shown)}</footer>'))
            else:
                footer.decompose()

    def _settle_head(self, indexed: bool) -> None:
        head = self._tree.head
        assert head is not None
        for node in self._tree.css("link[rel=canonical]"):
            node.attrs["href"] = f"{self._wish.origin}{node.attributes['href']}"
        for node in self._tree.css("meta[property='og:url'], meta[property='og:image']"):
            target = self._target(node.attributes["content"] or "")
            if target:
                node.attrs["content"] = absolute(target, self._wish)
        head.insert_child(_element(f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">', "meta"))
        if not indexed:
            head.insert_child(_element('<meta name="robots" content="noindex">', "meta"))

    def _draw_icons(self) -> None:
        """The symbols used stand in the page itself: browsers take none from another file that lies in a folder."""
        used: dict[str, None] = {}
        for node in self._tree.css("use[href]"):
            name = (node.attributes["href"] or "").rpartition("#")[2]
            used[name] = None
            node.attrs["href"] = f"#icon-{name}"
        symbols = "".join(_symbols()[name] for name in used if name in _symbols())
        if symbols and self._tree.body:
            self._tree.body.insert_child(_element(f'<svg width="0" height="0" hidden>{symbols}</svg>', "svg"))


def absolute(target: str, wish: Wish) -> str:
    """Where a normal address will be found once the copy is on its host."""
    return f"{wish.url.rstrip('/')}/{addresses.place(target).removesuffix('index.html')}"


def _take_out(node: LexborNode) -> None:
    classes = set((node.attributes.get("class") or "").split())
    if node.tag != "a" or classes & _ONLY_WAYS or any(above.tag == "nav" for above in _above(node)):
        node.decompose()
    else:
        node.unwrap()


def _above(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _element(html: str, selector: str = "body > *") -> LexborNode:
    found = LexborHTMLParser(html).css_first(selector)
    assert found is not None, html
    return found


@cache
def _symbols() -> dict[str, str]:
    sprite = LexborHTMLParser((STATIC / "icons.svg").read_text("utf-8"))
    found = {}
    for symbol in sprite.css("symbol"):
        name = symbol.attributes["id"] or ""
        symbol.attrs["id"] = f"icon-{name}"
        found[name] = symbol.html or ""
    return found
