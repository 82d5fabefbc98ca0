"""Personal data are found before anything is published; ordinary reasons pass."""

import pytest

from palabre.features.moderation.transparency import clean, scan


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Written by max.muster+x@mail.example yesterday", "an e-mail address"),
        ("See https://talk.example/@alice/1176", "a link"),
        ("see www.talk.example", "a link"),
        ("He insulted @alice", "a handle"),
        ("He insulted @alice@elsewhere.example.", "a handle"),
        ("Call +49 30 1234567", "a telephone number"),
        ("Call 0033 1 23 45 67 89 now", "a telephone number"),
        ("Rufen Sie 030/1234567 an", "a telephone number"),
        ("au 06 12 34 56 78", "a telephone number"),
        ("from 192.0.2.17 at night", "an internet address"),
        ("from 2001:db8::8a2e:370:7334 at night", "an internet address"),
        ("from fe80:0:0:0:200:f8ff:fe21:67cf", "an internet address"),
        ("to DE89 3704 0044 0532 0130 00 please", "a bank account"),
        ("to FR1420041010050500013M02606", "a bank account"),
        ("card 4111 1111 1111 1111", "a card number"),
        ("the post 117668590531301373", "a number that leads to a person or a post"),
    ],
)
def test_is_found(text: str, what: str) -> None:
    assert what in {one.what for one in scan(text)}


@pytest.mark.parametrize(
    "text",
    [
        "We are kind to each other here.",
        "Regulation (EU) 2022/2065, Article 17(3), point (b); § 130 StGB; art. 24, loi n° 1881-07-29",
        "On 23 November 2026 at 14:05 three posts were removed; the rule of 2024-11-05 applies.",
        "Version 1.2.3 of the rules, 26,000 reports, 48 hours, 5 %.",
        "Ceci enfreint la règle 2 : « Soyez aimables. »",
        "section 18 USC 2258A",
    ],
)
def test_ordinary_words_pass(text: str) -> None:
    assert scan(text) == []


def test_names_of_those_concerned_are_found_as_words() -> None:
    assert not clean("Alice Okafor wrote it", ["alice", "Alice Okafor"])
    assert not clean("ALICE wrote it", ["alice"])
    assert clean("malicious words", ["alice"])
    assert clean("An ox is an ox", ["ox"]), "too short to be told from ordinary words"
