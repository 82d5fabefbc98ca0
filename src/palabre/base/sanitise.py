"""The one HTML sanitiser, for what was written elsewhere and is shown here."""

import re
from html import unescape

import nh3

# Honest posts stay far below.
_LONGEST = 100_000
_MOST_TAGS = 5_000

_TAGS = {
    *("p", "br", "span", "a", "pre", "blockquote", "ul", "ol", "li", "ruby", "rt", "rp"),
    *("b", "strong", "i", "em", "u", "s", "del", "code"),
}
_NOT_TRANSLATED = {"translate": {"no"}}
_cleaner = nh3.Cleaner(
    tags=_TAGS,
    attributes={"*": {"lang"}, "a": {"href"}, "ol": {"start", "reversed"}, "li": {"value"}},
    tag_attribute_values={"a": _NOT_TRANSLATED, "span": _NOT_TRANSLATED},
    allowed_classes={
        "a": {"u-url", "mention", "hashtag"},
        "span": {"h-card", "ellipsis", "invisible", "quote-inline"},
        "p": {"quote-inline"},
    },
    url_schemes={"http", "https", "mailto", "xmpp", "matrix"},
    url_relative="deny",
    link_rel="nofollow noopener",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
_stripper = nh3.Cleaner(tags=set())

# U+001A stands for this network's own origin wherever HTML is stored, so it must never come from outside.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_HEADING = re.compile(r"<(/?)h[1-6](?:\s[^<>]*)?>", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(/?)(?:div|section|article|header|footer|aside|main|figure|figcaption|table|tr|dl|dt|dd)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)
# Without attributes the parser keeps no more than three of a kind open; with them, nesting is unlimited and slow.
_FORMATTING = re.compile(r"<(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/][^>]{0,300}>", re.IGNORECASE)

_LINE_END = re.compile(r"<br(?:[\s/][^<>]*)?>|</(?:li|tr)>", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:p|ul|ol|pre|blockquote|h[1-6]|div)>", re.IGNORECASE)
_GAP = re.compile(r"\n{3,}")


def sanitise(html: str) -> str:
    """Safe HTML with the tags of a post: no script, no style, no foreign class, no address that runs anything."""
    html = _bounded(html)
    html = _HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", html)
    html = _BLOCK.sub(r"<\1p>", html)
    return _CONTROLS.sub("", _cleaner.clean(html)).replace("<p></p>", "")


def text_of(html: str) -> str:
    """What one reads of this HTML, as plain text: lines and paragraphs kept, tags gone."""
    html = _LINE_END.sub("\n", _bounded(html).replace("\n", " "))
    text = unescape(_stripper.clean(_PARAGRAPH_END.sub("\n\n", html)))
    return _GAP.sub("\n\n", _CONTROLS.sub("", text)).strip()


def _bounded(html: str) -> str:
    """What the parser can take without trouble: hostile nesting costs it quadratic time."""
    html = _SURROGATES.sub("", html[:_LONGEST])
    return _FORMATTING.sub(r"<\1>", "<".join(html.split("<", _MOST_TAGS)[:_MOST_TAGS]))
