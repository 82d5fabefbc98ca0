"""What search takes for the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.base.fold import fold, tag_key, trigrams, words

ANY = st.text(st.characters(codec=None)) | st.text()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’École", "l ecole"),
        ("l'ÉCOLE d'Alice", "l ecole d alice"),
        ("D'Alice", "d alice"),
        ("Œuvre, cœur, Æsir", "oeuvre, coeur, aesir"),
        ("Straße STRASSE", "strasse strasse"),
        ("ﬁne", "fine"),
        ("Łódź Ørsted İstanbul ılık", "lodz orsted istanbul ilik"),
        ("Ёлка Ψυχή ΟΔΟΣ", "елка ψυχη οδοσ"),
        ("ｃａｔｓ 𝓒𝓪𝓽𝓼", "cats cats"),
        ("مُحَمَّد محمـد", "محمد محمد"),
        ("हिन्दी", "हिन्दी"),
        ("が ｶﾞ 한국어", "が ガ 한국어"),
        ("می‌خواهم", "می خواهم"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_accents_case_and_typography_make_no_difference(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_an_elided_article_does_not_hide_its_noun() -> None:
    assert words("L’école d'Alice_et_Bob, nº 4 !") == ["l", "ecole", "d", "alice", "et", "bob", "no", "4"]


@given(ANY)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_any_name_of_a_tag_has_a_key_that_can_be_stored(name: str) -> None:
    key = tag_key(name)
    assert "\x00" not in key
    assert tag_key(key) == key


@given(st.text("aéÀœßİKȷ’'ﬀα\u0345ΣсЙが한ｶﾞ\u200c\u0301"))
def test_folding_twice_changes_nothing_where_case_is_odd(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text("abcdéèœàçñüĳ -_'’"))
def test_capitals_are_found(text: str) -> None:
    assert words(text.upper()) == words(text)


def test_trigrams_are_padded_and_distinct() -> None:
    assert trigrams("Zoé") == ["  z", " zo", "zoe", "oe "]
    assert trigrams("Bo Bo") == ["  b", " bo", "bo "]
    assert trigrams("猫") == ["  猫", " 猫 "]
    assert trigrams("…") == []


def test_a_name_is_found_while_it_is_typed() -> None:
    for typed in ("a", "al", "ali", "alic", "alice", "Alice D", "alice dup"):
        assert set(trigrams(typed, unfinished=True)) <= set(trigrams("Alice Dupont"))
    assert not set(trigrams("bob", unfinished=True)) <= set(trigrams("Alice Dupont"))


@given(ANY)
def test_trigrams_are_of_three(text: str) -> None:
    grams = trigrams(text)
    assert {len(gram) for gram in grams} <= {3}
    assert len(set(grams)) == len(grams)
