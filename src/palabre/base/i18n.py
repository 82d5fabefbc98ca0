"""Words, dates and numbers in the reader's language: English in the source, the others from .po files.

Babel is imported where it is used: a process that never formats a date never loads its locale data.
"""

import gettext
import io
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locale"
SOURCE = "en"
DOMAIN = "palabre"
_RIGHT_TO_LEFT = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


@cache
def available() -> tuple[str, ...]:
    """The languages Palabre's own words exist in, the source language first."""
    translated = sorted(po.parent.parent.name for po in LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    return (SOURCE, *translated)


@cache
def translator(lang: str) -> gettext.NullTranslations:
    """The words of `lang`; the source words when there is no translation into it."""
    path = LOCALES / lang / "LC_MESSAGES" / f"{DOMAIN}.po"
    if lang not in available() or lang == SOURCE:
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as po:
        write_mo(compiled, read_po(po, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=256)
def negotiate(accept_language: str, offered: tuple[str, ...] | None = None) -> str:
    """The offered language that an Accept-Language header likes best; the first one when it likes none."""
    choices = offered or available()
    known = {choice.lower(): choice for choice in choices}
    for wanted in _by_preference(accept_language):
        if match := known.get(wanted) or known.get(wanted.partition("-")[0]):
            return match
    return choices[0]


def _by_preference(accept_language: str) -> Iterable[str]:
    ranked = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if tag and quality > 0:
            ranked.append((-quality, position, tag.strip().lower()))
    return (tag for _, _, tag in sorted(ranked))


def direction(lang: str) -> str:
    """`rtl` for languages written from right to left, else `ltr`."""
    return "rtl" if lang.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


@lru_cache(maxsize=2048)
def language_name(code: str, lang: str) -> str:
    """What `lang` calls the language `code`; the code itself when it has no name for it."""
    from babel import Locale

    return Locale.parse(_babel(lang)).languages.get(code.replace("-", "_")) or code


@lru_cache(maxsize=4096)
def number(value: int, lang: str) -> str:
    """12,345 or 12 345."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_babel(lang))


@lru_cache(maxsize=4096)
def compact(value: int, lang: str) -> str:
    """A count short enough for a button: 980, 1.2K, 3M."""
    if value < 1000:
        return number(value, lang)
    from babel.numbers import format_compact_decimal

    one_digit_before_the_unit = len(str(value)) % 3 == 1
    return format_compact_decimal(value, locale=_babel(lang), fraction_digits=int(one_digit_before_the_unit))


def filesize(value: int, lang: str) -> str:
    """Bytes in words: 48 MB, 48 Mo."""
    from babel.units import format_unit

    power = next(power for power in (3, 2, 1) if value >= 1000**power or power == 1)
    unit = f"digital-{('kilobyte', 'megabyte', 'gigabyte')[power - 1]}"
    amount = value / 1000**power
    return format_unit(round(amount, 1 if amount < 10 else 0), unit, length="short", locale=_babel(lang))


def ago(when: datetime, lang: str, now: datetime | None = None) -> str:
    """How long since `when`, short: now, 5 min, 3 h; a date once it is more than a week old."""
    now = now or datetime.now(UTC)
    seconds = int((now - when).total_seconds())
    if seconds < 45:
        return translator(lang).pgettext("how long ago", "now")
    if seconds < 7 * 86400:
        size = next(size for size in (86400, 3600, 60, 1) if seconds >= size or size == 60)
        return _span(max(seconds // size, 1) * size, lang)
    return _day(when.date().toordinal(), when.year != now.year, lang)


@lru_cache(maxsize=512)
def _span(seconds: int, lang: str) -> str:
    from babel.dates import format_timedelta

    return format_timedelta(timedelta(seconds=seconds), threshold=1, format="short", locale=_babel(lang))


def relative(when: datetime, lang: str, now: datetime | None = None) -> str:
    """A time as part of a sentence: 5 minutes ago, in 2 days."""
    seconds = int((when - (now or datetime.now(UTC))).total_seconds())
    if abs(seconds) < 45:
        return translator(lang).pgettext("in a sentence: seen, edited, made…", "just now")
    from babel.dates import format_timedelta

    return format_timedelta(timedelta(seconds=seconds), threshold=1, add_direction=True, locale=_babel(lang))


def span(much: timedelta, lang: str) -> str:
    """A length of time in words, rounded: 3 hours, 2 days."""
    from babel.dates import format_timedelta

    return format_timedelta(much, threshold=1, locale=_babel(lang))


def size(octets: int, lang: str) -> str:
    """1.5 GB, 1,5 Go."""
    from babel.units import format_unit

    powers = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
    power = min(len(powers) - 1, max(0, (len(str(octets)) - 1) // 3))
    value = octets / 1000**power
    shown = round(value, 1 if power and value < 100 else 0)
    return format_unit(shown, f"digital-{powers[power]}", length="long" if not power else "short", locale=_babel(lang))


@lru_cache(maxsize=2048)
def _day(ordinal: int, with_year: bool, lang: str) -> str:
    from babel.dates import format_skeleton

    return format_skeleton("yMMMd" if with_year else "MMMd", datetime.fromordinal(ordinal), locale=_calendar(lang))


def date(when: datetime, lang: str, zone: tzinfo = UTC) -> str:
    """A whole day in words: 23 November 2026."""
    from babel.dates import format_date

    return format_date(when.astimezone(zone), format="long", locale=_calendar(lang))


def moment(when: datetime, lang: str, zone: tzinfo = UTC) -> str:
    """Day and time in words: 23 November 2026, 14:05 UTC."""
    from babel.dates import format_time

    there = when.astimezone(zone)
    return f"{date(when, lang, zone)}, {format_time(there, format='short', locale=_calendar(lang))} {there:%Z}"


@cache
def _babel(lang: str) -> str:
    """A locale that Babel surely has data for."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(lang, sep="-"))
    except (ValueError, UnknownLocaleError):
        return SOURCE


def _calendar(lang: str) -> str:
    """As `_babel`, but plain English writes days and hours as most of the world does: 23 November, 14:05."""
    locale = _babel(lang)
    return "en_GB" if locale == "en" else locale
