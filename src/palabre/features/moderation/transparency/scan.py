"""Looking for personal data in what is to be published: nothing that leads to a person may leave in a public record.

It errs on the side of finding: a human rewords what is held back.
"""

import re
from collections.abc import Collection
from typing import NamedTuple


class Found(NamedTuple):
    """`what` kind of personal data, and where it stands."""

    what: str
    start: int
    end: int


_SHORTEST_NAME = 4
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (what, re.compile(pattern, re.IGNORECASE))
    for what, pattern in (
        ("an e-mail address", r"[\w.+%-]+@[\w-]+(\.[\w-]+)+"),
        ("a link", r"\b(https?://|www\.)\S+"),
        ("a handle", r"(?<![\w@])@\w[\w.-]*(@[\w-]+(\.[\w-]+)*)?"),
        ("a bank account", r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,4})?\b"),
        (
            "an internet address",
            r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.])",
        ),
        ("an internet address", r"(?<![:\w])(?:[0-9a-f]{1,4}:){2,7}(?::|[0-9a-f]{1,4})(?:[0-9a-f:])*(?![:\w])"),
        ("an internet address", r"(?<![:\w])[0-9a-f]{0,4}::(?:[0-9a-f]{1,4}:?)+(?![:\w])"),
        ("a card number", r"(?<!\d)(?:\d[ -]?){13,19}(?!\d)"),
        ("a telephone number", r"(?<![\w.])(?:\+|00)\d{1,3}[ ./-]?(?:\(?\d{1,5}\)?[ ./-]?){2,6}\d{2}(?!\w)"),
        ("a telephone number", r"(?<![\w.])\(?0\d{1,4}\)?[ ./-]?(?:\d{2,4}[ ./-]?){2,5}(?!\w)"),
        ("a number that leads to a person or a post", r"(?<![\w.])\d{8,}(?!\w)"),
    )
)


def scan(text: str, names: Collection[str] = ()) -> list[Found]:
    """`names`: of accounts, also their display names, which must not be there as words of their own."""
    found = [Found(what, match.start(), match.end()) for what, pattern in _PATTERNS for match in pattern.finditer(text)]
    for name in names:
        if len(name.strip()) >= _SHORTEST_NAME:
            pattern = rf"(?<!\w){re.escape(name.strip())}(?!\w)"
            found += [
                Found("a name", match.start(), match.end()) for match in re.finditer(pattern, text, re.IGNORECASE)
            ]
    return sorted(set(found), key=lambda one: (one.start, -one.end))


def clean(text: str, names: Collection[str] = ()) -> bool:
    return not scan(text, names)
