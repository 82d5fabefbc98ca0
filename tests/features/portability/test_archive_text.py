"""Plain text out of other servers' HTML, and items out of large JSON files."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palabre.features.portability.imports.plain import plain_text
from palabre.features.portability.imports.scan import Broken, inside_array, spans


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One<br>two</p><p>three</p>", "One\ntwo\n\nthree"),
        ("<p>a &lt;b&gt; &amp;amp; c</p>", "a <b> &amp; c"),
        ("<ul><li>one</li><li>two</li></ul><p>after</p>", "- one\n- two\n\nafter"),
        ("<blockquote><p>said</p><p>more</p></blockquote><p>me</p>", "> said\n>\n> more\n\nme"),
        ("<pre><code>if x:\n    y</code></pre>", "if x:\n    y"),
        (
            '<a href="https://a.example/x?b=1&amp;c=2"><span class="invisible">https://</span>a.example/x…</a>',
            "https://a.example/x?b=1&c=2",
        ),
        ('see <a href="https://a.example/x">this page</a>', "see this page (https://a.example/x)"),
        ('<a href="https://a.example/tags/cats" class="mention hashtag">#<span>cats</span></a>', "#cats"),
        ('<a href="javascript:alert(1)">hm</a><script>alert(1)</script><style>x</style>', "hm"),
        ('<p>cat <img src="https://a.example/x.png" alt=":blobcat:"></p>', "cat :blobcat:"),
        ("no tags, an unclosed <b>one & an odd <", "no tags, an unclosed one & an odd <"),
        ("<p>  spaces \n\n and   lines </p>", "spaces and lines"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_person_would_read(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_mentions_and_what_is_shown_elsewhere_can_be_rewritten() -> None:
    bob = '<a class="u-url mention" href="https://b.example/@bob">@<span>bob</span></a>'
    html = f'<p class="quote-inline">RE: x<br></p><p>{bob} hi</p>'
    assert plain_text(html, lambda words, href: f"{words}@b.example", without="quote-inline") == "@bob@b.example hi"


@pytest.mark.parametrize(
    "html", ["<div>" * 200_000, "&" * 1_000_000, "<blockquote>a" * 4_900, "<!--" * 300_000, "<" * 900_000]
)
def test_hostile_html_takes_no_time(html: str) -> None:
    started = time.process_time()
    plain_text(html)
    assert time.process_time() - started < 3


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=50)
@given(
    before=st.dictionaries(st.text(), anything, max_size=3),
    items=st.lists(anything, max_size=6),
    indent=st.sampled_from([None, 1]),
)
def test_each_item_of_an_array_is_found_whatever_is_around(
    before: dict[str, object], items: list[object], indent: int | None
) -> None:
    before.pop("orderedItems", None)
    data = json.dumps({**before, "orderedItems": items, "after": items}, indent=indent).encode()
    found = [json.loads(data[first:last]) for first, last in spans(data, inside_array(data, "orderedItems"))]
    assert found == items


@settings(max_examples=300)
@given(st.text(alphabet='[]{}",:\\a1 \n', max_size=80))
def test_no_input_makes_the_scan_fail_otherwise(text: str) -> None:
    data = b'{"orderedItems":[' + text.encode()
    try:
        found = list(spans(data, inside_array(data, "orderedItems")))
    except Broken:
        return
    assert all(first < last for first, last in found)
