"""The language of a post whose author did not say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palabre.features.posts.language import guess_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Demain je vais au marché avec Alice et Bob", "fr"),
        ("Tomorrow I am going to the market with Alice", "en"),
        ("Morgen gehe ich mit Alice auf den Markt", "de"),
        ("明日はアリスと市場に行きます", "ja"),
        ("Завтра мы с Алисой пойдём на рынок", "ru"),
        ("Demain je vais au marché #morning https://the.example/tomorrow/we/are/going/to/the/market", "fr"),
    ],
)
def test_a_sentence_tells_its_language(text: str, language: str) -> None:
    assert guess_language(text, "eo") == language


@pytest.mark.parametrize(
    "text", ["", "ok", "Bonjour", "@bob @carol #cats https://far.example/a/long/path", "123 🎉" * 20]
)
def test_a_word_does_not(text: str) -> None:
    assert guess_language(text, "eo") == "eo"
    assert guess_language(text, None) is None


@given(st.text(st.characters(codec=None)))
def test_any_text_may_be_asked_about(text: str) -> None:
    guess_language(text, None)
