"""What members write: cleaned, taken apart, written as HTML, counted. Pure, and linear in the length of the text."""

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import NamedTuple, TypeAlias

import regex
from linkify_it import LinkifyIt

from palabre.base.chars import clean, graphemes
from palabre.base.fold import tag_key as tag_key
from palabre.base.origin import SENTINEL
from palabre.base.sanitise import text_of

Handle: TypeAlias = tuple[str, str | None]
"""(username, domain), in lower case; the domain is None for somebody of this network."""

URL_LENGTH = 23
"""What any URL counts, as Mastodon clients count."""


class Text(NamedTuple):
    written: str


class Link(NamedTuple):
    written: str


class Mention(NamedTuple):
    written: str
    handle: Handle


class Tag(NamedTuple):
    written: str
    name: str
    """As written, without the #."""
    key: str
    """By what the tag is stored and found."""


Token: TypeAlias = Text | Link | Mention | Tag


class Parsed(NamedTuple):
    """A cleaned text taken apart. The `written` of its tokens, joined, are that text."""

    tokens: tuple[Token, ...]
    mentions: tuple[Handle, ...]
    """Each once, in order."""
    tags: tuple[Tag, ...]
    """Each key once, as first written, in order."""
    links: tuple[str, ...]
    """Each once, in order."""


class MentionTarget(NamedTuple):
    """Whom a handle turned out to name."""

    url: str
    acct: str
    username: str


_WORD = r"\p{L}\p{M}\p{Nd}_"
# Each branch begins with a letter that a search can leap to, and looks behind from there.
_START = re.compile(
    r"@(?<![\w/=]@)(?=[A-Za-z0-9_])"
    r"|#(?<![\w/=]#)|＃(?<![\w/=]＃)"
    r"|h(?<![A-Za-z0-9_@]h)(?ai:ttps?://)|H(?<![A-Za-z0-9_@]H)(?ai:ttps?://)"
)
_MENTION = regex.compile(
    rf"@([A-Za-z0-9_]++(?:[.-]++[A-Za-z0-9_]++)*+)(?:@([{_WORD}]++(?:[.-]++[{_WORD}]++)*+))?+(?![{_WORD}])"
)
_TAG = regex.compile(rf".([\p{{L}}\p{{Nd}}_][{_WORD}]*+(?:[·・\u200c][{_WORD}]++)*+)")
_LONGEST_TAG = 100
# No URL runs on past a space or an invisible mark; one longer than this opens nowhere.
_LONGEST_URL = 2048
_RUN = re.compile(rf"[^\s\xad\u061c\u200b\u200e\u200f\u2060-\u206f]{{1,{_LONGEST_URL + 1}}}")
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_linkify = LinkifyIt()


def parse(source: str) -> Parsed:
    """Find mentions, tags and links in the text (which is cleaned first)."""
    tokens = tuple(_tokens(clean(source)))
    tags: dict[str, Tag] = {}
    for token in tokens:
        if isinstance(token, Tag):
            tags.setdefault(token.key, token)
    return Parsed(
        tokens=tokens,
        mentions=tuple(dict.fromkeys(token.handle for token in tokens if isinstance(token, Mention))),
        tags=tuple(tags.values()),
        links=tuple(dict.fromkeys(token.written for token in tokens if isinstance(token, Link))),
    )


def _tokens(text: str) -> Iterator[Token]:
    done = at = 0
    while start := _START.search(text, at):
        at = start.end()
        if token := _READERS[text[start.start()]](text, start.start()):
            if done < start.start():
                yield Text(text[done : start.start()])
            yield token
            done = at = start.start() + len(token.written)
    if done < len(text):
        yield Text(text[done:])


def _mention(text: str, at: int) -> Mention | None:
    found = _MENTION.match(text, at)
    return Mention(found[0], (found[1].lower(), found[2].lower() if found[2] else None)) if found else None


def _tag(text: str, at: int) -> Tag | None:
    found = _TAG.match(text, at)
    if not found:
        return None
    key = tag_key(found[1])
    known = _TAG.fullmatch("#" + key) and any(map(str.isalpha, key)) and len(key) <= _LONGEST_TAG
    return Tag(found[0], found[1], key) if known else None


def _link(text: str, at: int) -> Link | None:
    run = _RUN.match(text, at)
    assert run
    candidate = _before_unclosed(run[0])
    scheme = candidate.index(":") + 1
    url = candidate[: scheme + _linkify.test_schema_at(candidate, "https:", scheme)]
    found = _AUTHORITY.match(url)
    # A name and password before the host only ever disguise where a link goes.
    return Link(url) if found and "." in found[1] and "@" not in found[1] and len(url) <= _LONGEST_URL else None


def _before_unclosed(run: str) -> str:
    """What precedes brackets that nothing closes: there any URL ends, and linkify would look to the end each time."""
    for opening, closing in ("()", "[]", "{}"):
        unclosed = run.find(opening, run.rfind(closing) + 1)
        if unclosed >= 0:
            run = run[:unclosed]
    return run


_READERS: Mapping[str, Callable[[str, int], Token | None]] = {
    "@": _mention, "#": _tag, "＃": _tag, "h": _link, "H": _link
}  # fmt: skip

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_URL_START = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_SHOWN_OF_URL = 30
_SAFE_URLS = ("https://", "http://", SENTINEL + "/")


def render(parsed: Parsed, mentions: Mapping[Handle, MentionTarget], tag_url: Callable[[str], str]) -> str:
    """The HTML Mastodon clients know; a handle that `mentions` lacks stays text."""
    if not parsed.tokens:
        return ""
    ambiguous = _ambiguous({mentions[handle] for handle in parsed.mentions if handle in mentions})
    parts = []
    for token in parsed.tokens:
        match token:
            case Link():
                parts.append(_link_html(token.written))
            case Tag():
                parts.append(_tag_html(token, tag_url(token.key)))
            case Mention() if token.handle in mentions:
                target = mentions[token.handle]
                name = target.acct if target.username.lower() in ambiguous else target.username
                parts.append(_mention_html(token, target.url, name))
            case _:
                paragraphs = _BLANK_LINES.sub("</p><p>", escape(token.written, quote=False))
                parts.append(paragraphs.replace("\n", "<br />"))
    return f"<p>{''.join(parts)}</p>"


def _ambiguous(targets: set[MentionTarget]) -> set[str]:
    """The usernames that two of these people share, so that their servers must be shown."""
    names = [username for username, _ in {(target.username.lower(), target.acct.lower()) for target in targets}]
    return {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()


def _link_html(url: str) -> str:
    start = _URL_START.match(url)
    assert start
    rest = url[start.end() :]
    shown, hidden = rest[:_SHOWN_OF_URL], rest[_SHOWN_OF_URL:]
    return (
        f'<a href="{escape(url)}" rel="nofollow noopener" target="_blank" translate="no">'
        f'<span class="invisible">{start[0]}</span>'
        f'<span class="{"ellipsis" if hidden else ""}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(hidden)}</span></a>'
    )


def _tag_html(tag: Tag, url: str) -> str:
    if not url.startswith(_SAFE_URLS):
        return escape(tag.written)
    return f'<a href="{escape(url)}" class="mention hashtag" rel="tag">#<span>{escape(tag.name)}</span></a>'


def _mention_html(mention: Mention, url: str, name: str) -> str:
    if not url.startswith(_SAFE_URLS):
        return escape(mention.written)
    return (
        f'<span class="h-card" translate="no"><a href="{escape(url)}" class="u-url mention">'
        f"@<span>{escape(name)}</span></a></span>"
    )


def length(source: str | Parsed) -> int:
    """Characters as people see them; a URL counts 23, a mention without its server."""
    parsed = parse(source) if isinstance(source, str) else source
    return graphemes("".join(map(_counted, parsed.tokens)))


def _counted(token: Token) -> str:
    match token:
        case Link():
            return "x" * URL_LENGTH
        case Mention(handle=(username, _)):
            return "@" + username
        case _:
            return token.written


def plain(html: str) -> str:
    """HTML as readable text, for previews, descriptions and search."""
    return text_of(html)
