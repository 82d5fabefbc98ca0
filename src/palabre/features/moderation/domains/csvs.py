"""Lists of domains as files: Mastodon's CSV, or one domain a line. Every line is accounted for."""

import csv
import io
from collections.abc import Iterable

import msgspec

from palabre.base.errors import Refused
from palabre.base.spreadsheet import harmless, meant
from palabre.features.moderation.domains import rules
from palabre.features.moderation.domains.rules import Measure

COLUMNS = ("domain", "severity", "reject_media", "reject_reports", "public_comment", "obfuscate")
MOST_LINES = 200_000
_SEVERITIES = {"noop": "none", "silence": "limit", "suspend": "suspend", "none": "none", "limit": "limit"}
_WRITTEN = {"none": "noop", "limit": "silence", "suspend": "suspend"}
_TRUE = ("true", "1", "yes", "t")


class Line(msgspec.Struct, frozen=True):
    """`problem` empty: it names `domain`, with `measure`. Otherwise: empty, comment, invalid, obfuscated, own, severity,
    no_effect or duplicate.
    """

    number: int
    written: str
    domain: str = ""
    measure: Measure = Measure()
    problem: str = ""


def read(text: str, severity: str = "suspend") -> list[Line]:
    """`severity`: where a line says none. Raises Refused for a file that is too long."""
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=False))
    except csv.Error as error:
        raise Refused("is not a list of domains", field="file", code="no_list") from error
    if len(rows) > MOST_LINES:
        raise Refused(f"has more than {MOST_LINES:,} lines", field="file", code="too_long")
    columns = list(COLUMNS)
    lines: list[Line] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        if number == 1 and (header := _header(row)):
            columns = header
            lines.append(Line(number, ",".join(row), problem="comment"))
            continue
        line = _line(number, row, columns, severity)
        if line.domain in seen:
            line = msgspec.structs.replace(line, problem="duplicate")
        elif line.domain:
            seen.add(line.domain)
        lines.append(line)
    return lines


def write(measures: Iterable[tuple[str, Measure]]) -> str:
    """As Mastodon exports it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"#{name}" for name in COLUMNS])
    for domain, measure in measures:
        writer.writerow(
            [
                domain,
                _WRITTEN[measure.severity],
                str(measure.reject_media).lower(),
                str(measure.reject_reports).lower(),
                harmless(measure.public_comment),
                str(measure.obfuscate).lower(),
            ]
        )
    return out.getvalue()


def _header(row: list[str]) -> list[str]:
    """The columns' names if this is their line; a list of one domain a line has none."""
    names = [cell.strip().lower().removeprefix("#").strip() for cell in row]
    return names if "domain" in names else []


def _line(number: int, row: list[str], columns: list[str], severity: str) -> Line:
    written = ",".join(row)[:300]
    cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
    name = cells.get("domain", "")
    if not any(cell.strip() for cell in row):
        return Line(number, written, problem="empty")
    if name.startswith(("#", "//", ";")):
        return Line(number, written, problem="comment")
    said = cells.get("severity", "").lower()
    if said and said not in _SEVERITIES:
        return Line(number, written, problem="severity")
    measure = Measure(
        severity=_SEVERITIES[said] if said else severity,
        reject_media=cells.get("reject_media", "").lower() in _TRUE,
        reject_reports=cells.get("reject_reports", "").lower() in _TRUE,
        obfuscate=cells.get("obfuscate", "").lower() in _TRUE,
        public_comment=meant(cells.get("public_comment", ""))[: rules.LONGEST_COMMENT],
    )
    try:
        return Line(number, written, rules.normal(name.partition(" ")[0]), rules.check(measure))
    except Refused as why:
        return Line(number, written, problem=why.code)
