"""What Alice types, and what becomes of it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.base.sanitise import sanitise
from palabre.base.text import (
    Handle,
    Link,
    Mention,
    MentionTarget,
    Parsed,
    Tag,
    Text,
    clean,
    length,
    parse,
    plain,
    render,
    tag_key,
)

BOB = MentionTarget("\x1a/@bob", "bob", "bob")
EVE = MentionTarget("https://far.example/@eve", "eve@far.example", "eve")
PEOPLE: dict[Handle, MentionTarget] = {("bob", None): BOB, ("eve", "far.example"): EVE}

SCRAPS = [
    *("@", "@bob", "@eve@far.example", "@nobody", "#", "＃", "#cats", "#1", "https://far.example", "HTTPS://", "www."),
    *("bob@far.example", "/", "?", "=", ".", "-", "_", "(", ")", "[", "]", "{", "}", "'", '"', "<", ">", "&", ";", "·"),
    *("&lt;", "<script>", "javascript:", " ", "\n", "\n\n", "\t", "\r", "\x1a", "\x00", "\u200b", "\u2066", "\u0301"),
    *("é", "猫", "👩", "\u200d", "\ud800", "\ufe0f", "a", "B", "1", "http://"),
]  # fmt: skip
ANY = st.text(st.characters(codec=None)) | st.lists(st.sampled_from(SCRAPS)).map("".join)


def tag_url(key: str) -> str:
    return f"\x1a/tags/{key}"


def html_of(source: str) -> str:
    return render(parse(source), PEOPLE, tag_url)


@pytest.mark.parametrize(
    ("source", "handles"),
    [
        ("@Bob, @bob! and @BOB", [("bob", None)]),
        ("@carol @bob", [("carol", None), ("bob", None)]),
        ("(@bob) “@carol” @@dan", [("bob", None), ("carol", None), ("dan", None)]),
        ("@Eve@Far.Example. @eve", [("eve", "far.example"), ("eve", None)]),
        ("@bob@", [("bob", None)]),
        ("@jean.luc-x_ and @bob.", [("jean.luc-x_", None), ("bob", None)]),
        ("@eve@müller.example", [("eve", "müller.example")]),
        ("bob@far.example élise@far.example", []),
        ("https://far.example/@bob?x=@carol", []),
        ("far.example/@bob x=@carol", []),
        ("@ bob @é @bobé @\u200bbob @.bob", []),
        ("@\u017fam", []),
    ],
)
def test_mentions(source: str, handles: list[Handle]) -> None:
    assert list(parse(source).mentions) == handles


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("#Cats and #cats", [("Cats", "cats")]),
        ("＃ｃａｔｓ", [("ｃａｔｓ", "cats")]),
        ("#Été2026, #e\u0301te\u03012026", [("Été2026", "ete2026")]),
        ("#हिन्दी #می‌خواهم #col·lecció", [("हिन्दी", "हिन्दी"), ("می‌خواهم", "میخواهم"), ("col·lecció", "col·leccio")]),
        ("#Hawaiʻi #ʼ #ʼ·a", [("Hawaiʻi", "hawaii")]),
        ("#猫。 (#dogs) #_x #3d", [("猫", "猫"), ("dogs", "dogs"), ("_x", "_x"), ("3d", "3d")]),
        ("#1 #2026 #_ # # #️⃣ a#b far.example/#x https://far.example/#x x=#y", []),
        ("#" + "a" * 101, []),
    ],
)
def test_tags(source: str, tags: list[tuple[str, str]]) -> None:
    assert [(tag.name, tag.key) for tag in parse(source).tags] == tags


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("see https://far.example.", ["https://far.example"]),
        ("(https://far.example/a_(b)) http://far.example:8000/?x=1&y=2#z!", ["https://far.example/a_(b)", "http://far.example:8000/?x=1&y=2#z"]),
        ("詳細はhttps://far.example/猫 へ", ["https://far.example/猫"]),
        ("HTTPS://Far.Example/@bob", ["HTTPS://Far.Example/@bob"]),
        ("https://far.example https://far.example", ["https://far.example"]),
        ("https://web.example/save/https://far.example/a", ["https://web.example/save/https://far.example/a"]),
        ("<https://far.example/a>", ["https://far.example/a"]),
        ("https://far.example/(a", ["https://far.example/"]),
        ("https://far.example/a\u202eb\u2066c", ["https://far.example/ab"]),
        ("far.example www.far.example ftp://far.example javascript:x", []),
        ("https:// https://localhost xhttps://far.example http\u017f://far.example", []),
        ("https://paypal.example@evil.example/ https://a:b@evil.example", []),
        ("https://far.example/" + "a" * 2_048, []),
    ],
)  # fmt: skip
def test_links(source: str, links: list[str]) -> None:
    assert list(parse(source).links) == links


def test_a_text_is_taken_apart_in_order() -> None:
    assert parse(" Hi @Bob: #Cats https://far.example\r\n").tokens == (
        Text("Hi "),
        Mention("@Bob", ("bob", None)),
        Text(": "),
        Tag("#Cats", "Cats", "cats"),
        Text(" "),
        Link("https://far.example"),
    )
    assert parse(" \n ") == Parsed((), (), (), ())


@given(ANY)
def test_nothing_is_lost_in_taking_apart(source: str) -> None:
    parsed = parse(source)
    assert "".join(token.written for token in parsed.tokens) == clean(source)
    assert len(set(parsed.mentions)) == len(parsed.mentions)
    assert len({tag.key for tag in parsed.tags}) == len(parsed.tags)


@given(ANY)
def test_a_tag_leads_to_itself(source: str) -> None:
    for tag in parse(source).tags:
        assert tag_key(tag.key) == tag.key == tag_key(tag.name)
        assert [again.key for again in parse("#" + tag.key).tags] == [tag.key]


def test_html_is_as_mastodon_clients_know_it() -> None:
    def mention(url: str, name: str) -> str:
        link = f'<a href="{url}" class="u-url mention">@<span>{name}</span></a>'
        return f'<span class="h-card" translate="no">{link}</span>'

    assert html_of("Hi @Bob and @eve@far.example,\nI <3 #Cats\n \n\nl'été & @nobody") == (
        f"<p>Hi {mention(BOB.url, 'bob')} and {mention(EVE.url, 'eve')},<br />"
        'I &lt;3 <a href="\x1a/tags/cats" class="mention hashtag" rel="tag">#<span>Cats</span></a></p>'
        "<p>l'été &amp; @nobody</p>"
    )
    assert html_of("") == ""


def test_long_links_are_shown_short() -> None:
    attributes = 'rel="nofollow noopener" target="_blank" translate="no"'
    assert html_of("https://www.far.example/a?b&c") == (
        f'<p><a href="https://www.far.example/a?b&amp;c" {attributes}><span class="invisible">https://www.</span>'
        '<span class="">far.example/a?b&amp;c</span><span class="invisible"></span></a></p>'
    )
    assert html_of("http://far.example/" + "a" * 30) == (
        f'<p><a href="http://far.example/{"a" * 30}" {attributes}><span class="invisible">http://</span>'
        f'<span class="ellipsis">far.example/{"a" * 18}</span><span class="invisible">{"a" * 12}</span></a></p>'
    )


def test_two_people_of_one_name_are_told_apart() -> None:
    people = {**PEOPLE, ("bob", "far.example"): MentionTarget("https://far.example/@bob", "bob@far.example", "Bob")}
    text = plain(render(parse("@bob @bob@far.example @eve@far.example"), people, tag_url))
    assert text == "@bob @bob@far.example @eve"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", "\x1ajavascript:x"])
def test_no_unsafe_address_is_linked_whoever_gives_it(url: str) -> None:
    people = {("bob", None): MentionTarget(url, "bob", "bob")}
    assert render(parse("@bob #cats"), people, lambda key: url) == "<p>@bob #cats</p>"


def test_names_from_elsewhere_are_escaped() -> None:
    people = {("bob", None): MentionTarget('https://far.example/"><script>', "bob", "<script>")}
    assert "<script>" not in render(parse("@bob"), people, tag_url)


class Reader(HTMLParser):
    """Stands for a browser: notes every tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@given(ANY)
def test_nothing_that_runs_can_be_written(source: str) -> None:
    html = html_of(source)
    html.encode()
    seen = Reader(html)
    assert set(seen.tags) <= {"p", "br", "a", "span"}
    assert {name for name, _ in seen.attributes} <= {"href", "class", "rel", "target", "translate"}
    for name, value in seen.attributes:
        if name == "href":
            assert re.match(r"https?://|\x1a/", value or "", re.IGNORECASE)
    assert "\x1a" not in re.sub('href="\x1a/', "", html)


@given(ANY)
def test_one_reads_what_was_written(source: str) -> None:
    written = re.sub(r"\n(?:[^\S\n]*\n)+", "\n\n", clean(source)).replace("＃", "#")
    read = plain(render(parse(source), {}, tag_url))
    assert read.replace("＃", "#") == written


@given(ANY)
def test_the_sanitiser_has_nothing_to_take_away(source: str) -> None:
    html = html_of(source)
    assert plain(sanitise(html)) == plain(html)


@pytest.mark.parametrize(
    ("source", "counted"),
    [
        ("Bonjour", 7),
        ("  été  ", 3),
        ("👩‍👩‍👧‍👦 👍🏽", 3),
        ("https://a.example", 23),
        ("https://far.example/" + "a" * 500 + " !", 25),
        ("far.example", 11),
        ("@eve@far.example, @bob", 10),
        ("a\n\nb", 4),
        ("", 0),
    ],
)
def test_length_is_as_people_count(source: str, counted: int) -> None:
    assert length(source) == counted
    assert length(parse(source)) == counted


@given(ANY)
def test_length_never_fails(source: str) -> None:
    assert length(source) >= bool(clean(source))
