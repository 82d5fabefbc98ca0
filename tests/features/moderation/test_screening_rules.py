"""The pure rules of rules before publication, on whatever anybody may write."""

import time

import pytest
from bench.screening import fifty, screened
from bench.text import NASTY, TYPICAL
from hypothesis import assume, given
from hypothesis import strategies as st

from palabre.base import clock, fold
from palabre.base.errors import Refused
from palabre.features.moderation.screening import Conditions, Content, patterns, rules
from palabre.features.moderation.screening.match import Text, ready, seen
from palabre.features.posts.gate import Writing

ANY = st.text(max_size=80)
LATIN = st.text("abcdeéèñöÅç", min_size=1, max_size=8)


def writing(text: str) -> Writing:
    return Writing(1, text, "public", None, (), 0, False, clock.now())


def found(word: str, text: str) -> bool:
    rule = ready(1, 1, Content("title", "words", "hold", Conditions(words=(word,))))
    return "words" in seen(rule, Text(writing(text)))


@given(LATIN, ANY, ANY)
def test_a_word_is_found_between_others_however_it_is_written(word: str, before: str, after: str) -> None:
    for written in (word, word.upper(), fold.fold(word), f"«{word}»", f"{word}!"):
        assert found(word, f"{before} {written} {after}")


@given(LATIN, LATIN)
def test_a_word_is_not_found_within_another(word: str, more: str) -> None:
    assume(fold.words(word) and fold.words(more))
    assert found(word, word + more) == (fold.fold(word) == fold.fold(word + more))
    assert found(f"{word}*", word + more), "unless its beginning is asked for"
    assert not found(word, f"{word}{more} {more}{word}") or fold.fold(word) in fold.words(f"{word}{more} {more}{word}")


@given(st.lists(LATIN, min_size=2, max_size=4), ANY)
def test_several_words_are_found_in_a_row_alone(words: list[str], between: str) -> None:
    assert found(" ".join(words), f"x {'  '.join(words)}, y")
    assume(fold.words(between) and not set(fold.words(between)) & set(fold.words(" ".join(words))))
    assert not found(f"{words[0]} {words[1]}", f"{words[0]} {between} {words[1]}")


@given(ANY, ANY)
def test_near_duplicates_are_so_both_ways_and_to_themselves(one: str, other: str) -> None:
    mine, others = rules.gist(one), rules.gist(other)
    assert rules.alike(mine, others) == rules.alike(others, mine)
    assert not mine or rules.alike(mine, mine)


@given(ANY, st.integers(0, 10**9))
def test_numbers_links_and_mentions_make_no_other_text(text: str, number: int) -> None:
    assume(not set("@#:/.") & set(text))
    assert rules.alike(rules.gist(text), rules.gist(f"@bob {text} {number} https://a.example/{number}")) == bool(
        rules.gist(text)
    )


@given(st.text("ab()[]*+?|.\\w{}1,^$ ", max_size=12))
def test_no_pattern_that_was_accepted_holds_a_post_up(pattern: str) -> None:
    try:
        patterns.check(pattern)
    except Refused:
        return
    made = ready(1, 1, Content("title", "words", "hold", Conditions(patterns=(pattern,) * 3)))
    for source in ("a" * 1_000, "ab" * 500, "a b1" * 250):
        began = time.thread_time()
        seen(made, Text(writing(source)))
        assert time.thread_time() - began < 0.5, pattern


def test_fifty_rules_cost_a_post_well_under_a_millisecond() -> None:
    made = fifty()
    best = min(_took(lambda: screened(made, TYPICAL)) for _ in range(20))
    assert best < 0.001


def test_nasty_texts_hold_nothing_up() -> None:
    made = fifty()
    for name, source in NASTY.items():
        assert min(_took(lambda source=source: screened(made, source[:1_000])) for _ in range(3)) < 0.05, name


def _took(work: object) -> float:
    began = time.thread_time()
    work()  # type: ignore[operator]
    return time.thread_time() - began


@pytest.mark.parametrize(
    "pattern", [r"\bfree\s+money\b", r"(buy|sell) now", r"\p{Lu}{20}", r"https?://\S+\.zip\b", r"(?:\d[ -]?){13,16}"]
)
def test_ordinary_patterns_are_accepted(pattern: str) -> None:
    patterns.check(pattern)


def test_too_much_is_a_share_and_a_handful() -> None:
    assert not rules.too_much(4, 4, 0.05)
    assert rules.too_much(5, 99, 0.05)
    assert not rules.too_much(5, 100, 0.05)
