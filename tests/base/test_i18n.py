"""Words, dates and numbers in the reader's language."""

from datetime import UTC, datetime, timedelta

import pytest

from palabre.base import i18n

NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        ("de, en;q=0.5, fr;q=0.7", "fr"),
        ("fr;q=0, en", "en"),
        ("pt-BR", "en"),
        ("FR;q=nonsense, ;;;, en;q=0.1", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_a_browser_gets_the_language_it_likes_best(header: str, expected: str) -> None:
    assert i18n.negotiate(header, ("en", "fr")) == expected


@pytest.mark.parametrize(
    ("span", "english", "french"),
    [
        (timedelta(seconds=3), "now", "à l’instant"),
        (timedelta(seconds=50), "1 min", "1 min"),
        (timedelta(minutes=5), "5 min", "5 min"),
        (timedelta(hours=3, minutes=59), "3 hr", "3 h"),
        (timedelta(days=2), "2 days", "2 j"),
        (timedelta(days=20), "3 Nov", "3 nov."),
        (timedelta(days=500), "11 Jul 2025", "11 juil. 2025"),
    ],
)
def test_time_since_a_post_is_short(span: timedelta, english: str, french: str) -> None:
    assert _plain(i18n.ago(NOW - span, "en", NOW)) == english
    assert _plain(i18n.ago(NOW - span, "fr", NOW)) == french


def test_a_clock_that_runs_ahead_says_now() -> None:
    assert i18n.ago(NOW + timedelta(minutes=2), "en", NOW) == "now"


def test_time_in_a_sentence_has_a_direction() -> None:
    assert i18n.relative(NOW - timedelta(hours=3), "en", NOW) == "3 hours ago"
    assert _plain(i18n.relative(NOW + timedelta(days=2), "fr", NOW)) == "dans 2 jours"


def test_dates_and_numbers_follow_the_language() -> None:
    assert i18n.moment(NOW, "en") == "23 November 2026, 14:05 UTC"
    assert i18n.date(NOW, "fr") == "23 novembre 2026"
    assert i18n.number(12345, "en") == "12,345"
    assert _plain(i18n.number(12345, "fr")) == "12 345"
    assert [i18n.compact(n, "en") for n in (7, 999, 1234, 12_345, 2_500_000)] == ["7", "999", "1.2K", "12K", "2.5M"]
    assert i18n.language_name("de", "fr") == "allemand"


def test_a_language_nobody_knows_falls_back_to_the_source() -> None:
    assert i18n.translator("xx").gettext("Home") == "Home"
    assert i18n.number(1234, "xx") == "1,234"
    assert i18n.language_name("qqq", "en") == "qqq"


def test_arabic_runs_from_right_to_left() -> None:
    assert i18n.direction("ar") == "rtl"
    assert i18n.direction("fr") == "ltr"


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_files_size_is_short() -> None:
    sizes = [i18n.filesize(size, "en") for size in (300, 4_321, 48_123_456, 2_000_000_000)]
    assert sizes == ["0.3 kB", "4.3 kB", "48 MB", "2 GB"]
    assert i18n.filesize(48_123_456, "fr").endswith("Mo")
