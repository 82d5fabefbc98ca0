"""Which rows the log vouches for: what an entry noted of a row must still stand in it, field by field.

To have another table watched, add a line to RECORDS and its rows to `store.py`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base.db import Row
from palabre.features.moderation.canonical import timestamp

Noted = dict[int, dict[str, Any]]


class Record(msgspec.Struct, frozen=True):
    """`kind` of the entry that notes it; `called` in what is told. `inside`: where in the entry's data its fields stand
    (empty: at the top, with the id under `called`). `actor`: the column that must be who made the entry.
    """

    kind: str
    called: str
    inside: str = ""
    actor: str = ""


REPORTS = Record("reported", "report", inside="report", actor="reporter_id")
DECISIONS = Record("decided", "decision", actor="moderator_id")
_ENDS = ("undone", "expired", "overturned")
#: Fields that later entries of another kind may rightly have changed.
_LATER: Mapping[str, tuple[str, ...]] = {"recategorised": ("category", "rule_ids")}


def noted(record: Record, log: Sequence[tuple[Row, dict[str, Any]]]) -> Noted:
    """Row id -> what the log says of it."""
    found: Noted = {}
    for row, data in log:
        if row["kind"] == record.kind:
            fields = data.get(record.inside) if record.inside else data
            row_id = (fields or {}).get("id" if record.inside else record.called) if isinstance(fields, dict) else None
            if isinstance(row_id, int) and isinstance(fields, dict):
                found[row_id] = fields | ({record.actor: row["actor_id"]} if record.actor else {})
                if record is DECISIONS:
                    found[row_id] |= _ended(None, None, {}) | {"on_appeal": data.get("on_appeal")}
        elif record is DECISIONS and row["kind"] in _ENDS and data.get("decision") in found:
            found[data["decision"]].pop("undone_at", None)  # not in entries of older versions
            found[data["decision"]] |= _ended(row["kind"], row["actor_id"], data)
        elif row["kind"] in _LATER and isinstance(changed := data.get(record.called), int) and changed in found:
            found[changed] |= {name: data[name] for name in _LATER[row["kind"]] if name in data}
    return found


def _ended(how: str | None, by: int | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """How a decision came to an end; all None: it stands."""
    ended = {"ended": how, "undone_by": by, "undone_reason": data.get("reason"), "overturned_on": data.get("appeal")}
    return ended | ({"undone_at": data.get("undone_at")} if how is None or "undone_at" in data else {})


def faults(record: Record, said: Noted, rows: Sequence[Row]) -> list[str]:
    """What doesn't fit, in plain words."""
    kept = {row["id"]: row for row in rows}
    found = [f"{record.called} {row_id} is missing" for row_id in said.keys() - kept.keys()]
    found += [f"{record.called} {row_id} stands in no entry of the log" for row_id in kept.keys() - said.keys()]
    for row_id in said.keys() & kept.keys():
        row = kept[row_id]
        fields = {name: value for name, value in said[row_id].items() if name in row}  # older entries note fewer
        if wrong := [name for name, value in fields.items() if _plain(row[name]) != _plain(value)]:
            found.append(f"{record.called} {row_id} was changed ({', '.join(sorted(wrong))})")
    return found


def _plain(value: Any) -> Any:
    """As it stands in the log."""
    if isinstance(value, datetime):
        return timestamp(value)
    return value or 0 if isinstance(value, int | None) and not isinstance(value, bool) else value
