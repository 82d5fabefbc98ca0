"""In the open: a log of decisions that everybody may read, reports counted from the log, statements for the DSA's database.

publish: done with each seal (`log.seal_when_due`); months, entries_of, latest read the public log
count(conn, starts, ends) -> Numbers; make_reports(db): a round; published(conn); verify(conn, starts, ends, files)
tables(numbers, about), as_csv(rows): the templates of Implementing Regulation (EU) 2024/2835
export(conn, starts, ends) -> Export: statements of reasons, and those held back for personal data
"""

from palabre.features.moderation.log.verify import MORE_CHECKS
from palabre.features.moderation.transparency.checked import check_public
from palabre.features.moderation.transparency.entry import PublicEntry
from palabre.features.moderation.transparency.numbers import Numbers, median, share
from palabre.features.moderation.transparency.public import PAGE, derive, entries_of, latest, months, publish
from palabre.features.moderation.transparency.report import (
    Report,
    about,
    count,
    half_years,
    make_reports,
    published,
    verify,
)
from palabre.features.moderation.transparency.scan import Found, clean, scan
from palabre.features.moderation.transparency.statements import Export, Refusal, export
from palabre.features.moderation.transparency.template import About, as_csv, tables

MORE_CHECKS.append(check_public)

__all__ = [
    "PAGE",
    "About",
    "Export",
    "Found",
    "Numbers",
    "PublicEntry",
    "Refusal",
    "Report",
    "about",
    "as_csv",
    "clean",
    "count",
    "derive",
    "entries_of",
    "export",
    "half_years",
    "latest",
    "make_reports",
    "median",
    "months",
    "publish",
    "published",
    "scan",
    "share",
    "tables",
    "verify",
]
