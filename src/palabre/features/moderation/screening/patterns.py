"""Moderators' regular expressions: checked when saved, limited in time when applied."""

import regex

from palabre.base.errors import Refused

LONGEST = 200
SECONDS = 0.005
_TRIED_FOR = 0.02
_LENGTH = 2_000
_OFTEN = "aA1 .-_é@/\n"
_LITERAL = regex.compile(r"[^\\()\[\]{}*+?|^$.]+")


def compiled(pattern: str) -> "regex.Pattern[str]":
    """Raises regex.error."""
    return regex.compile(pattern, regex.IGNORECASE)


def check(pattern: str) -> None:
    """Raises Refused for a pattern that is wrong, matches everything, or may take endless time."""
    if len(pattern) > LONGEST:
        raise Refused(f"“{pattern[:30]}…” is longer than {LONGEST} characters", field="patterns", code="pattern_long")
    try:
        made = compiled(pattern)
    except (regex.error, OverflowError, RecursionError) as error:
        raise Refused(f"“{pattern}” is no regular expression: {error}", field="patterns", code="pattern") from error
    try:
        if made.search("", timeout=_TRIED_FOR):
            raise Refused(f"“{pattern}” matches everything", field="patterns", code="pattern_empty")
        for text in _hard(pattern):
            made.search(text, timeout=_TRIED_FOR)
    except TimeoutError as error:
        raise Refused(f"“{pattern}” can take very long", field="patterns", code="pattern_slow") from error


def _hard(pattern: str) -> list[str]:
    """Texts on which a pattern that goes back over and over takes its time: what it likes, again and again, then not."""
    liked = _LITERAL.findall(pattern)
    letters = dict.fromkeys("".join(liked))
    parts = dict.fromkeys([*_OFTEN, *liked, *letters, *(f"a{letter}" for letter in letters), "a ", "ab", "a1"])
    return [(part * _LENGTH)[:_LENGTH] + end for part in parts for end in ("\x00", "!", f"{''.join(letters)}\x00")]
