"""Plain text from the HTML other servers make. One name, `plain_text`, stands for all of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import nh3

_BLOCKS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "pre"}
_KEPT = _BLOCKS | {"br", "li", "a", "span", "img", "code"}
_ATTRIBUTES = {"a": {"href", "class"}, "img": {"alt"}, "span": {"class"}, "p": {"class"}}
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HARD_SPACE = "\0"  # a space of preformatted text, while the others are collapsed
_DEEPEST_QUOTE = 5
# No real post is larger; reading well what is takes a time that grows with its square.
_LONGEST, _MOST_TAGS = 200_000, 5_000
_TAG = re.compile(r"(?:<[^<>]*>\s*)+")
_BLANK_LINES = re.compile(r"\n{3,}")


def plain_text(html: str, mention: Callable[[str, str], str] | None = None, without: str | None = None) -> str:
    """The text of `html`, with links written out in full.

    `mention(words, href)` gives what to write for a link of class mention; elements of class `without` are left out.
    """
    if len(html) > _LONGEST or html.count("<") > _MOST_TAGS:
        return unescape(_TAG.sub("\n", html)).strip()
    # nh3 reads like a browser and gives back well-formed HTML, on which HTMLParser is fast and right.
    clean = nh3.clean(html, tags=_KEPT, attributes=_ATTRIBUTES, link_rel=None)
    writer = _Writer(mention or (lambda words, href: words), without)
    writer.feed(clean)
    writer.close()
    lines = (line.strip(" ").replace(_HARD_SPACE, " ") for line in "".join(writer.out).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


class _Writer(HTMLParser):
    def __init__(self, mention: Callable[[str, str], str], without: str | None) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._mention, self._without = mention, without
        self._link: tuple[str, list[str], int] | None = None
        self._quotes: list[int] = []
        self._pre = 0
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        classes = (has.get("class") or "").split()
        if self._hidden or (self._without and self._without in classes):
            if tag not in ("br", "img"):
                self._hidden.append(tag)
        elif tag == "br":
            self.out.append("\n")
        elif tag == "li":
            self.out.append("\n- ")
        elif tag == "img":
            self.out.append(has.get("alt") or "")
        elif tag == "a":
            self._link = has.get("href") or "", classes, len(self.out)
        elif tag in _BLOCKS:
            self.out.append("\n\n")
            self._pre += tag == "pre"
            if tag == "blockquote":
                self._quotes.append(len(self.out))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if self._hidden[-1] == tag:
                self._hidden.pop()
        elif tag == "a" and self._link:
            href, classes, start = self._link
            self._link = None
            self._rewrite(start, lambda words: self._link_words(words, href, classes))
        elif tag in _BLOCKS:
            self._pre -= tag == "pre"
            if tag == "blockquote" and self._quotes:
                start = self._quotes.pop()
                if len(self._quotes) < _DEEPEST_QUOTE:
                    self._rewrite(start, _quoted)
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.out.append(data.replace(" ", _HARD_SPACE) if self._pre else _SPACES.sub(" ", data))

    def _rewrite(self, start: int, change: Callable[[str], str]) -> None:
        words = "".join(self.out[start:])
        del self.out[start:]
        self.out.append(change(words))

    def _link_words(self, words: str, href: str, classes: list[str]) -> str:
        if "mention" in classes and words.startswith("@"):
            return self._mention(words, href)
        if words.startswith(("#", "@")) or not href.startswith(("http://", "https://")):
            return words
        shown = words.strip().rstrip("…").removeprefix("https://").removeprefix("http://")
        if shown in href:
            return href
        return f"{words} ({href})"


def _quoted(words: str) -> str:
    tidy = _BLANK_LINES.sub("\n\n", words.strip("\n "))
    return "\n".join(f"> {line.strip(' ')}".rstrip(" ") for line in tidy.split("\n"))
