"""Lines out of CSV, JSON, or text with addresses in it."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from palabre.base.errors import Refused
from palabre.features.moderation.notices.rules import MOST_BYTES, Line
from palabre.features.moderation.rules import CATEGORIES

#: Headings as senders write them, folded: what holds the address, the reason, the category.
_URL = "url uri urls link href address location permalink contenturl contenturi posturl reportedurl reporteduri lien adresse"
_COMMENT = "reason comment comments description explanation details detail note notes message motif commentaire raison"
_CATEGORY = "category type violation violationtype categorie abusetype reporttype"
_HEADINGS = {
    folded: name
    for name, words in (("url", _URL), ("comment", _COMMENT), ("category", _CATEGORY))
    for folded in words.split()
}
#: What others call our categories, folded.
_CATEGORIES = {
    "csam": "child",
    "childabuse": "child",
    "childsexualabuse": "child",
    "ncii": "intimate",
    "nonconsensual": "intimate",
    "threats": "threat",
    "violence": "threat",
    "terrorism": "threat",
    "illegal": "legal",
    "copyright": "legal",
    "hate": "legal",
    "hatespeech": "legal",
    "phishing": "spam",
    "fraud": "spam",
    "scam": "spam",
    "tos": "violation",
    "policy": "violation",
}
_ADDRESS = re.compile(r"\bh(?:tt|xx|\*\*)ps?(?:://|%3a)\S+", re.IGNORECASE)
_DEEPEST = 20


class Listed(msgspec.Struct, frozen=True):
    """What a file says. `name`, `email`: whom a mail is from; `comment`: what it says about the list as a whole."""

    kind: str
    lines: Sequence[Line]
    name: str = ""
    email: str = ""
    comment: str = ""


def read_text(text: str) -> Listed:
    lines = _from_json(text)
    if lines is not None:
        return Listed("json", lines)
    lines = _from_table(text)
    return Listed("csv", lines) if lines is not None else Listed("text", addresses_in(text))


def decoded(content: bytes) -> str:
    """As UTF-8 or UTF-16 if it says so, as UTF-8 if it can be, else as the Latin alphabet of old."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace").replace("\x00", "")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", "")


def addresses_in(text: str) -> list[Line]:
    """Every address in running text; or, where there is no scheme anywhere, each line that could be one."""
    found = [Line(address) for address in _ADDRESS.findall(text)]
    return found or [Line(line.strip()) for line in text.splitlines() if re.fullmatch(r"\s*\S+[/@]\S+\s*", line)]


def _from_json(text: str) -> list[Line] | None:
    if not text.lstrip().startswith(("[", "{", '"')):
        return None
    try:
        return list(_walk(msgspec.json.decode(text), 0))
    except msgspec.DecodeError:
        rows = [_row(line) for line in text.splitlines() if line.strip()]  # an object a line
        known = [row for row in rows if row is not None]
        return [line for row in known for line in _walk(row, 0)] if known and len(known) == len(rows) else None
    except RecursionError as error:
        raise Refused("is nested too deeply", field="file", code="invalid") from error


def _row(line: str) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None


def _walk(value: Any, depth: int) -> Iterable[Line]:
    """Objects that name an address, strings that are one, wherever they lie."""
    if depth > _DEEPEST:
        raise Refused("is nested too deeply", field="file", code="invalid")
    if isinstance(value, str):
        if _ADDRESS.match(value.strip()) or depth == 1:
            yield Line(value)
    elif isinstance(value, list):
        for each in value:
            yield from _walk(each, depth + 1)
    elif isinstance(value, dict):
        named = {_HEADINGS.get(_folded(key), ""): each for key, each in value.items()}
        address = named.get("url")
        if isinstance(address, str):
            yield _line(address, named.get("comment"), named.get("category"))
        else:
            before = depth
            for each in value.values():
                if not isinstance(each, str) or _ADDRESS.match(each.strip()):
                    yield from _walk(each, before + 2)


def _from_table(text: str) -> list[Line] | None:
    """None: it is no table."""
    sample = text[:20_000]
    first = next((line for line in sample.splitlines() if line.strip()), "")
    delimiter = _delimiter(first)
    rows = _rows(text, delimiter)
    header = [_HEADINGS.get(_folded(cell), "") for cell in rows[0]] if rows else []
    if "url" in header:
        return [_of_cells(dict(zip(header, row, strict=False))) for row in rows[1:] if any(map(str.strip, row))]
    if len(header) > 1 and all(any(_ADDRESS.match(cell.strip()) for cell in row) for row in rows if any(row)):
        return [_of_addresses(row) for row in rows if any(map(str.strip, row))]
    return None


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MOST_BYTES)
    try:
        return [row for row in csv.reader(io.StringIO(text.strip(), newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise Refused("is no table that can be read", field="file", code="invalid") from error


def _delimiter(first: str) -> str:
    """The one that parts the first line into most cells of which one is a known heading or an address."""
    return max(",;\t|", key=lambda sign: (sum(_known(cell) for cell in first.split(sign)), first.count(sign)))


def _known(cell: str) -> bool:
    return _folded(cell) in _HEADINGS or bool(_ADDRESS.match(cell.strip(' "')) and not re.search(r"[;,|\t]", cell))


def _of_cells(cells: dict[str, str]) -> Line:
    return _line(cells.get("url", ""), cells.get("comment"), cells.get("category"))


def _of_addresses(row: list[str]) -> Line:
    """A table without headings: the address, and whatever else the row says."""
    address = next(cell for cell in row if _ADDRESS.match(cell.strip()))
    return _line(address, " · ".join(cell.strip() for cell in row if cell is not address and cell.strip()), None)


def _line(address: Any, comment: Any, category: Any) -> Line:
    return Line(_text(address), _text(comment), category_of(_text(category)))


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def category_of(words: str) -> str:
    """Our category by another's word for it; nothing for what we have no word for."""
    folded = _folded(words)
    return folded if folded in CATEGORIES else _CATEGORIES.get(folded, "")


def _folded(heading: Any) -> str:
    return re.sub(r"[^a-z]", "", str(heading).lower().replace("é", "e"))
