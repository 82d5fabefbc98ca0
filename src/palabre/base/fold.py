"""Folding for search: accents, case and typography make no difference, neither in indexes nor in queries."""

import re
import unicodedata

import regex

from palabre.base.chars import limit_marks

# Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic, the stretching of Arabic. The vowel signs of other
# scripts are letters in all but name, and stay.
_ACCENTS = regex.compile(
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    r"\p{Default_Ignorable_Code_Point}]+"
)
# Elision parts words (l'école); so do the zero-width joints of Persian and Thai.
_JOINTS = re.compile("['’‘ʼʹʻ′‛`\u200b\u200c]")
_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŧ": "t"}
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_NOT_IN_TAG = regex.compile(r"[^\p{L}\p{M}\p{Nd}_·・]+")


def fold(text: str) -> str:
    """The text as search sees it: "L’Œuvre Été" is "l oeuvre ete"."""
    if text.isascii():
        return _JOINTS.sub(" ", text.lower())
    text = _JOINTS.sub(" ", unicodedata.normalize("NFKD", limit_marks(text)))
    text = _ACCENTS.sub("", text).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    """The folded words, in order and with repetitions; an underscore parts words too."""
    found: list[str] = _WORD.findall(fold(text))
    return found


def tag_key(name: str) -> str:
    """By what a tag is stored and found: #Été, #ete and #ｅｔｅ are one, as in Mastodon."""
    return unicodedata.normalize("NFC", _NOT_IN_TAG.sub("", fold(name)))


def trigrams(text: str, *, unfinished: bool = False) -> list[str]:
    """The distinct groups of three letters, each word padded by two spaces before and one after.

    `unfinished` leaves the end of the last word open, for what is still being typed: those of "ali" are among "alice".
    """
    found = words(text)
    padded = [f"  {word} " for word in found]
    if unfinished and padded:
        padded[-1] = padded[-1][:-1]
    return list(dict.fromkeys(word[i : i + 3] for word in padded for i in range(len(word) - 2)))
