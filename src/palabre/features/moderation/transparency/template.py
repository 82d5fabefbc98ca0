"""The report as tables: Implementing Regulation (EU) 2024/2835, Annex I, part by part, as RFC 4180 CSV in UTF-8.

Parts 9 and 10 are for very large platforms alone: of part 9 the number of moderators is given all the same.
Times are in hours.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from palabre.features.moderation.transparency import dsa
from palabre.features.moderation.transparency.numbers import (
    Complaints,
    Measures,
    Notices,
    Numbers,
    Orders,
    median,
    share,
)

ALL = "All"
HOSTING = "Only for providers of hosting services, including online platforms"
PLATFORMS = "Only for providers of online platforms"
VERY_LARGE = "Only for VLOPs"
_CATEGORY = "Category of illegal content"
_TERMS_CATEGORY = "Category of incompatibility with the provider's terms and conditions"
_SUB = 'Description of the sub-category "Other"'
_CONTEXT = "Contextual information"

_ORDERS = (
    "Number of orders to act against illegal content received",
    "Number of specific items of information included in the total number of orders to act against illegal content",
    "Median time to inform the authority of the receipt of the order to act against illegal content",
    "Median time to give effect to the order to act against illegal content",
    "Number of orders to provide information",
    "Median time to inform the authority of the receipt of the order to provide information",
    "Median time to give effect to the order to provide information",
)
_NOTICES = (
    "Number of notices received",
    "Number of notices received from Trusted flaggers",
    "Number of specific items of information included in the total number of notices",
    "Number of specific items of information included in the total number of notices by Trusted Flaggers "
    "(Trusted Flagger notices)",
    "Median time to take action",
    "Median time to take action (Trusted Flagger notices)",
    "Number of actions taken on the basis of the law",
    "Number of actions taken on the basis of the law (Trusted Flagger notices)",
    "Number of actions taken on the basis of the terms and conditions of the service",
    "Number of actions taken on the basis of the terms and conditions of the service (Trusted Flagger notices)",
)
#: Heading -> the kind of restriction counted under it.
_KINDS = {
    "Visibility restriction Removal": "visibility removal",
    "Visibility restriction Disable": "visibility disable",
    "Visibility restriction Demoted": "visibility demoted",
    "Visibility restriction Age restricted": "visibility age_restricted",
    "Visibility restriction Interaction restricted": "visibility interaction_restricted",
    "Visibility restriction Labelled": "visibility labelled",
    "Visibility restriction Other": "visibility other",
    "Monetary restriction Suspension": "monetary suspension",
    "Monetary restriction Termination": "monetary termination",
    "Monetary restriction Other": "monetary other",
    "Provision of the service Suspension": "provision suspension",
    "Provision of the service Termination": "provision termination",
    "Account restriction Suspension": "account suspension",
    "Account restriction Termination": "account termination",
}
_MEASURES = (
    "Number of measures taken at the provider's own initiative",
    "Number of measures taken after detection with solely automated means",
    *_KINDS,
)
_COMPLAINTS = {
    "visibility": "Complaint regarding a decision to remove or disable access to or restrict visibility of information",
    "provision": "Complaint regarding a decision to suspend or terminate the provision of the service",
    "account": "Complaint regarding a decision to suspend or terminate an account",
    "monetary": "Complaint regarding a decision to restrict the ability to monetise information",
    "notice": "Complaint regarding a decision not to take action on a notice submitted in accordance with Article 16",
    "flagger": "Complaint regarding a decision not to take action on a notice submitted by a Trusted Flagger in "
    "accordance with Article 16",
}
_INTERNAL, _OUTSIDE = "Internal complaints mechanism", "Out-of-court dispute settlement bodies"
_OFFENDERS = "Suspensions imposed on repeated offenders"
_AUTOMATED = "Use of automated means for content moderation"
_STAFF = "Human resources dedicated to content moderation"
_INDICATED = ("Section", "Indicator", "Scope", "Value", "Contextual Information")

Row = list[Any]


class About(NamedTuple):
    """Whose report it is, when it and the one before were published, and what is said in words (part 11)."""

    provider: str
    service: str
    published: date
    previous: date | None
    words: Mapping[str, str]


def tables(numbers: Numbers, about: About) -> dict[str, list[Row]]:
    """File name -> rows, the heading first."""
    frame = [about.service, f"{numbers.starts.isoformat()}/{numbers.ends.isoformat()}"]
    measures = ["Applicability", "Service", "Reporting period", _TERMS_CATEGORY, _SUB, *_with_context(_MEASURES)]
    illegal = [_CATEGORY if name == _TERMS_CATEGORY else name for name in measures]
    indicated = ["Applicability", "Service", "Reporting period", *_INDICATED]
    return {
        "1_report_identification.csv": list(_identification(numbers, about)),
        "2_categories_names.csv": list(_names()),
        "3_member_states_orders.csv": [
            ["Applicability", "Service", "Reporting period", _CATEGORY, _SUB, "Scope", *_with_context(_ORDERS)],
            *_orders(numbers.orders, frame),
        ],
        "4_notices.csv": [
            ["Applicability", "Service", "Reporting period", _CATEGORY, _SUB, *_with_context(_NOTICES)],
            *_notices(numbers, frame),
        ],
        "5_own_initiative_illegal.csv": [illegal, *_measures(numbers.own_law, frame, terms=False)],
        "6_own_initiative_TC.csv": [measures, *_measures(numbers.own_terms, frame, terms=True)],
        "7_appeals_and_recidivism.csv": [indicated, *_complaints(numbers, frame), *_recidivism(numbers, frame)],
        "8_automated_means.csv": [indicated, *_automated(numbers, frame)],
        "9_human_resources.csv": [indicated, *_staff(numbers, frame)],
        "10_AMAR.csv": [indicated[:-1]],
        "11_qualitative.csv": [
            ["Applicability", "Service", "Reporting period", "Indicator", "Value"],
            *([ALL, *frame, indicator, text] for indicator, text in about.words.items()),
        ],
    }


def as_csv(rows: list[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue().encode()


def _with_context(names: tuple[str, ...]) -> list[str]:
    return [*names, *(f"Contextual information on {name}" for name in names)]


def _identification(numbers: Numbers, about: About) -> Iterator[Row]:
    yield ["Applicability", "Service", "Indicator", "Value"]
    values = {
        "Name of the service provider": about.provider,
        "Date of the publication of the report": about.published.isoformat(),
        "Date of the publication of the latest previous report": about.previous.isoformat() if about.previous else "",
        "Starting date of reporting period": numbers.starts.isoformat(),
        "Ending date of reporting period": numbers.ends.isoformat(),
    }
    for indicator, value in values.items():
        yield [ALL, about.service, indicator, value]


def _names() -> Iterator[Row]:
    name = f"{_CATEGORY} / incompatible with the terms and conditions"
    yield ["Category label", "Category description", name, _CONTEXT]
    yield ["TOTAL", "All the entries", "TOTAL", ""]
    for number, (category, keywords) in enumerate(dsa.KEYWORDS.items(), 1):
        yield [f"Category {number}", _plain(category), category, ""]
        for letter, keyword in zip("abcdefghijkl", keywords, strict=False):
            yield [f"Category {number}{letter}", _plain(keyword), keyword, ""]


def _plain(code: str) -> str:
    words = code.removeprefix("STATEMENT_CATEGORY_").removeprefix("KEYWORD_").replace("_", " ").lower()
    return "not captured by any other sub-category" if words == "other" else words


def _lines(*, terms: bool, unspecified: str = "") -> Iterator[tuple[str, str]]:
    """(what stands in the row, which counts it sums: "" for all, a category, or category and keyword)."""
    yield "TOTAL", ""
    for category, keywords in dsa.KEYWORDS.items():
        if category != dsa.TERMS_ONLY or terms:
            yield category, category
            yield from ((keyword, f"{category} {keyword}") for keyword in keywords)
    if unspecified:
        yield unspecified, " "


def _summed(counts: Mapping[str, Any], of: str) -> list[Any]:
    """What is counted under a line. What has no category of the template's stands under "not specified"."""
    if of == " ":
        return [one for name, one in counts.items() if not name]
    return [one for name, one in counts.items() if not of or name == of or name.startswith(f"{of} ")]


def _orders(orders: Mapping[str, Orders], frame: Row) -> Iterator[Row]:
    for shown, of in _lines(terms=False, unspecified=dsa.NOT_SPECIFIED_ORDER):
        found: list[Orders] = _summed(orders, of)
        hours = median([one for some in found for one in some.hours_to_effect])
        received, items = sum(one.received for one in found), sum(one.items for one in found)
        yield [ALL, *frame, shown, "", "TOTAL", received, items, None, hours, 0, None, None, *[""] * len(_ORDERS)]


def _notices(numbers: Numbers, frame: Row) -> Iterator[Row]:
    for shown, of in _lines(terms=False, unspecified=dsa.NOT_SPECIFIED_NOTICE):
        every: list[Notices] = _summed(numbers.notices, of)
        flagged: list[Notices] = _summed(numbers.flagger_notices, of)
        pairs = (
            [sum(getattr(one, name) for one in some) for some in (every, flagged)]
            for name in ("received", "items", "law", "terms")
        )
        received, items, law, terms = pairs
        times = [median([hour for one in some for hour in one.hours]) for some in (every, flagged)]
        yield [HOSTING, *frame, shown, "", *received, *items, *times, *law, *terms, *[""] * len(_NOTICES)]


def _measures(measures: Mapping[str, Measures], frame: Row, *, terms: bool) -> Iterator[Row]:
    for shown, of in _lines(terms=terms):
        found: list[Measures] = _summed(measures, of)
        kinds = [sum(one.kinds.get(kind, 0) for one in found) for kind in _KINDS.values()]
        taken, automated = sum(one.taken for one in found), sum(one.automated for one in found)
        yield [ALL, *frame, shown, "", taken, automated, *kinds, *[""] * len(_MEASURES)]


def _complaints(numbers: Numbers, frame: Row) -> Iterator[Row]:
    total = "Number of complaints submitted to the internal-complaints mechanism"
    every = list(numbers.complaints.values())
    for scope, value in _outcomes(every, omitted=True):
        yield [ALL if scope == "Total number" else PLATFORMS, *frame, _INTERNAL, total, scope, value, ""]
    newly = "Number of restrictions newly imposed as a result of an internal complaint"
    yield [PLATFORMS, *frame, _INTERNAL, newly, "Total number", numbers.newly_restricted, ""]
    for about, indicator in _COMPLAINTS.items():
        for scope, value in _outcomes([numbers.complaints.get(about, Complaints())], omitted=False):
            yield [PLATFORMS, *frame, _INTERNAL, indicator, scope, value, ""]


def _outcomes(found: list[Complaints], *, omitted: bool) -> Iterator[tuple[str, Any]]:
    yield "Total number", sum(one.received for one in found)
    yield "Decisions upheld", sum(one.upheld for one in found)
    yield "Decisions partially reversed", sum(one.partially_reversed for one in found)
    yield "Decisions reversed", sum(one.reversed for one in found)
    yield "Median time", median([hour for one in found for hour in one.hours])
    if omitted:
        yield "Decision omitted", sum(one.omitted for one in found)


def _recidivism(numbers: Numbers, frame: Row) -> Iterator[Row]:
    disputes = "Number of disputes submitted to out-of-court dispute settlement bodies"
    scopes = ("Total number", *(scope for scope, _ in _outcomes([], omitted=True) if scope != "Total number"))
    for scope in (*scopes, "Percentage of outcomes implemented"):
        yield [PLATFORMS, *frame, _OUTSIDE, disputes, scope, None, "Not counted by this program"]
    for of, what in (
        ("content", "illegal content"),
        ("notices", "unfounded notices"),
        ("complaints", "unfounded complaints"),
    ):
        indicator = f"Number of suspensions enacted for the provision of manifestly {what}"
        yield [PLATFORMS, *frame, _OFFENDERS, indicator, "Total number", numbers.suspended.get(of, 0), ""]


def _automated(numbers: Numbers, frame: Row) -> Iterator[Row]:
    own = [*numbers.own_law.values(), *numbers.own_terms.values()]
    own_automated = sum(one.automated for one in own)
    counted = {
        "Total number": (numbers.automated.get("solely", 0), numbers.automated.get("not", 0)),
        "Own-initiative": (own_automated, sum(one.taken for one in own) - own_automated),
    }
    mistaken = numbers.automated.get("mistaken", 0)
    for scope, (solely, others) in counted.items():
        yield [ALL, *frame, _AUTOMATED, "Number of measures solely taken by automated means", scope, solely, ""]
        yield [ALL, *frame, _AUTOMATED, "Number of measures not taken by automated means", scope, others, ""]
        for what in ("Accuracy", "Precision", "Recall"):
            wrong = share(solely - mistaken, solely) if what == "Precision" and scope == "Total number" else None
            note = "1 less the share that people took back" if wrong is not None else ""
            yield [ALL, *frame, _AUTOMATED, f"Accuracy of the automated means - {what}", scope, wrong, note]
    for scope, notices, applies in (
        ("NAM Total", numbers.notices, HOSTING),
        ("NAM Trusted Flagger", numbers.flagger_notices, PLATFORMS),
    ):
        received = sum(one.received for one in notices.values())
        yield [applies, *frame, _AUTOMATED, "Number of notices solely processed by automated means", scope, 0, ""]
        yield [applies, *frame, _AUTOMATED, "Number of notices not processed by automated means", scope, received, ""]


def _staff(numbers: Numbers, frame: Row) -> Iterator[Row]:
    indicator = "Number of internal moderators employed by the provider"
    yield [VERY_LARGE, *frame, _STAFF, indicator, "Total number", numbers.moderators, "Those who decided cases"]
