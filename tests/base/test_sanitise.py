"""HTML from elsewhere may say what it likes and do nothing."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.base.sanitise import sanitise, text_of

ALLOWED: dict[str, set[str]] = {
    "a": {"href", "rel", "target", "class", "translate"},
    "span": {"class", "translate"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
    **{tag: set() for tag in ("br", "pre", "blockquote", "code", "ul", "ruby", "rt", "rp")},
    **{tag: set() for tag in ("b", "strong", "i", "em", "u", "s", "del")},
}
CLASSES = {"h-card", "u-url", "mention", "hashtag", "ellipsis", "invisible", "quote-inline"}
SCRAPS = """
<script> </script> <style> <svg> <math> <title> <textarea> <noscript> <template> <!-- --> <![CDATA[ <?x
<p> </p> <b/onclick=x> </b> <a </a> <h1> <h2/ <div </div> <ul><li> </ul> <pre> <br> <iframe <font
href= class= style= src= onload=x onerror=alert(1) rel=opener target=_self class=invisible 'mention evil'
javascript:alert(1) java\x1ascript: &#106;avascript: data:text/html, https://e.example /x //e.example mailto:eve
" ' = < > / &lt; &#26; &#x1a; &#0; & ; é title=x lang=fr
""".split()
SOUP = st.lists(st.sampled_from([*SCRAPS, " ", " ", "\n", "\x00", "\x1a", "\ud800"])).map("".join)


class Reader(HTMLParser):
    """Stands for a browser: notes every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    assert "\x1a" not in html
    html.encode()
    for tag, attributes in Reader(html).seen:
        assert set(attributes) <= ALLOWED[tag] | {"lang"}
        assert set((attributes.get("class") or "").split()) <= CLASSES
        if "href" in attributes:
            assert urlsplit(attributes["href"] or "").scheme in {"http", "https", "mailto", "xmpp", "matrix"}
            assert attributes["rel"] == "nofollow noopener"


@given(SOUP | st.text(st.characters(codec=None)))
def test_nothing_that_runs_comes_through(html: str) -> None:
    assert_harmless(sanitise(html))
    assert_harmless(sanitise(sanitise(html)))


@pytest.mark.parametrize(
    ("html", "safe"),
    [
        ("<p>Hello <b>Bob</b><br>!</p>", "<p>Hello <b>Bob</b><br>!</p>"),
        ("<script>alert(1)</script>hi", "hi"),
        ("<p onclick=x style=y id=z class='evil quote-inline'>hi</p>", '<p class="quote-inline">hi</p>'),
        ("<h2 class=x>News</h2>today", "<p><strong>News</strong></p>today"),
        ("<div>one</div><div>two</div>", "<p>one</p><p>two</p>"),
        ("<div><p>one</p></div>", "<p>one</p>"),
        ("<b style='x'>bold</b> <blockquote>said</blockquote>", "<b>bold</b> <blockquote>said</blockquote>"),
        ('<span class="h-card x" translate="no" id=x>@eve</span>', '<span class="h-card" translate="no">@eve</span>'),
        ('<p lang="fr" title="x">Salut</p>', '<p lang="fr">Salut</p>'),
        ("<ol start=3 reversed><li value=7>x</ol>", '<ol start="3" reversed=""><li value="7">x</li></ol>'),
        ("&#26;/x", "/x"),
        ("1 < 2 && 3 > 2", "1 &lt; 2 &amp;&amp; 3 &gt; 2"),
    ],
)
def test_eves_formatting_stays_and_the_rest_goes(html: str, safe: str) -> None:
    assert sanitise(html) == safe


@pytest.mark.parametrize(
    "address", ["javascript:x", " JaVaScript:x", "data:text/html,x", "vbscript:x", "/local", "//e.example", "\x1a/@bob"]
)
def test_only_addresses_that_show_where_they_go_are_links(address: str) -> None:
    assert "href" not in sanitise(f'<a href="{address}">look</a>')
    assert text_of(sanitise(f'<a href="{address}">look</a>')) == "look"


def test_a_link_opens_apart_and_vouches_for_nothing() -> None:
    [(tag, attributes)] = Reader(sanitise('<a href="https://e.example/" rel="opener me" target="_self">e</a>')).seen
    assert tag == "a"
    assert attributes == {"href": "https://e.example/", "rel": "nofollow noopener", "target": "_blank"}


def test_endless_nesting_is_cut_short() -> None:
    assert sanitise("<blockquote>" * 50_000 + "deep").count("<blockquote>") < 5_000
    assert len(sanitise("x" * 1_000_000)) == 100_000


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one<br>two<br class=x />three</p><p>four &amp; five &lt;6&gt;</p>", "one\ntwo\nthree\n\nfour & five <6>"),
        ("<ul><li>one</li><li>two</li></ul>after", "one\ntwo\n\nafter"),
        ("<h1>News</h1><p>today</p>", "News\n\ntoday"),
        ("<style>p {}</style><p title='a>b'>x</p><!-- y -->", "x"),
        ("lines\nin source", "lines in source"),
        ('<a href="\x1a/@bob">@<span>bob</span></a>', "@bob"),
        ("&#26;", ""),
    ],
)
def test_html_reads_as_text(html: str, text: str) -> None:
    assert text_of(html) == text


@given(SOUP | st.text(st.characters(codec=None)))
def test_any_html_reads_as_clean_text(html: str) -> None:
    text = text_of(html)
    text.encode()
    assert "\x1a" not in text
