"""Characters as people see them."""

import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from palabre.base.chars import clean, excerpt, graphemes, limit_marks

ENGLAND = "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"

ANY = st.text(st.characters(codec=None))  # half surrogates too
TRICKY = st.text(
    st.sampled_from(
        list(
            "aé \n\t\r\x00\x1a\x0b\x85\u0301\u0323\u200b\u200d\u202e\u2066\u2069\ufeff\U0001f3f4\U000e0067\U000e007f👩️"
        )
    )
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Bonjour\r\nBob\r!\u2028 ", "Bonjour\nBob\n!"),
        ("e\u0301te\u0301", "été"),
        ("a\x00b\x1ac\x7f\x9f\td", "abc\td"),
        ("\u202egnp.exe", "gnp.exe"),
        ("half \ud83d a pair", "half  a pair"),
        ("hidden\U000e0041\U000e0042 order", "hidden order"),
        (ENGLAND, ENGLAND),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
        ("\u200b\u200d\u2800 \u3164", ""),
        ("see \u2067shalom\nand on", "see \u2067shalom\u2069\nand on"),
        ("ཧྐྵྨླྺྼྻྂ", "ཧྐྵྨླྺྼྻྂ"),
    ],
)  # fmt: skip
def test_a_text_is_kept_without_what_deceives_or_breaks(typed: str, kept: str) -> None:
    assert clean(typed) == unicodedata.normalize("NFC", kept)


@given(ANY | TRICKY)
def test_a_clean_text_is_storable_and_stays_as_it_is(source: str) -> None:
    text = clean(source)
    text.encode()
    assert not [c for c in text if unicodedata.category(c) == "Cc" and c not in "\n\t"]
    assert "\x1a" not in text
    assert unicodedata.is_normalized("NFC", text)
    assert text == text.strip()
    assert clean(text) == text


@given(ANY | TRICKY)
def test_directions_end_with_their_line(source: str) -> None:
    for line in clean(source).split("\n"):
        assert sum(map(line.count, "\u2066\u2067\u2068")) <= line.count("\u2069")


def test_zalgo_is_tamed() -> None:
    assert graphemes(clean("h" + "\u0300\u0323" * 50 + "i")) == 2
    assert len(clean("h" + "\u0300\u0323" * 50 + "i")) <= 12
    assert limit_marks("\u0300\uff9e" * 50) == "\u0300\uff9e" * 5


@given(ANY | TRICKY)
def test_characters_are_counted_as_unicode_says(text: str) -> None:
    assert graphemes(text) == len(regex.findall(r"\X", text))


def test_every_character_is_counted_as_unicode_says() -> None:
    for code in (*range(0x3100), *range(0xA960, 0xAA00), *range(0xFE00, 0x10000), *range(0x1F000, 0x1FB00)):
        assert graphemes("a" + chr(code)) == len(regex.findall(r"\X", "a" + chr(code))), hex(code)


@pytest.mark.parametrize(
    ("text", "seen"), [("été", 3), ("👩‍👩‍👧‍👦", 1), ("🇫🇷🇧🇪", 2), ("“l’œuf”", 7), ("é\u0301", 1), ("한국", 2)]
)
def test_people_see(text: str, seen: int) -> None:
    assert graphemes(text) == seen


@pytest.mark.parametrize(
    ("text", "n", "shown"),
    [
        ("Alice met Bob", 20, "Alice met Bob"),
        ("Alice met Bob", 13, "Alice met Bob"),
        ("Alice met Bob", 12, "Alice met…"),
        ("Alice met Bob", 10, "Alice met…"),
        ("Alice\n\nmet   Bob", 12, "Alice met…"),
        ("Donaudampfschifffahrt", 6, "Donau…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"),
        ("\u2067shalom shalom\u2069", 8, "\u2067shalom\u2069…"),
        ("Alice", 0, ""),
        ("Alice", 1, "…"),
    ],
)
def test_an_excerpt_ends_at_a_word(text: str, n: int, shown: str) -> None:
    assert excerpt(text, n) == shown


@given(ANY | TRICKY, st.integers(0, 40))
def test_an_excerpt_fits(text: str, n: int) -> None:
    shown = excerpt(text, n)
    assert "\n" not in shown
    assert graphemes(shown.replace("\u2069", "")) <= n
