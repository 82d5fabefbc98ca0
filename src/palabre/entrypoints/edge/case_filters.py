"""Which cases are wanted, as addresses and parameters say it: the same words on pages and in the API."""

import msgspec

from palabre.base import ids
from palabre.base.errors import Refused
from palabre.entrypoints.edge.request import Request
from palabre.features.moderation import triage
from palabre.features.moderation.triage import Filter

_WHO = {"me": -1, "nobody": 0}


class _Asked(msgspec.Struct):
    """A filter as it is written in parameters."""

    state: str = "open"
    category: str = ""
    source: str = ""
    lane: str = ""
    severity: int | None = None
    assigned_to: str = ""
    account_id: str = ""
    text: str = ""
    older_than: float | None = None
    overdue: bool | str = False
    more_than: int | None = None
    group: str = ""


FIELDS = _Asked.__struct_fields__


def wanted(request: Request) -> Filter:
    """The filter that a request asks for. Raises Refused for what is none."""
    given = {name: value for name, value in request.params.items() if value not in ("", None)}
    try:
        asked = msgspec.convert(given, _Asked, strict=False)
    except msgspec.ValidationError as error:
        raise Refused("is no such filter", field=str(error).rpartition("$.")[2].strip("`") or None) from error
    _check_within(asked, severity=3, older_than=10 * 366 * 24, more_than=10_000)
    return Filter(
        state="decided" if asked.state == "decided" else "open",
        category=asked.category or None,
        source=asked.source or None,
        lane=_one_of("lane", asked.lane, triage.LANES),
        severity=asked.severity,
        assigned_to=_WHO.get(asked.assigned_to, ids.parse(asked.assigned_to)) if asked.assigned_to else None,
        account_id=_id("account_id", asked.account_id),
        words=asked.text,
        older_than=asked.older_than,
        overdue=request.flag("overdue"),
        more_than=asked.more_than,
        group_id=_id("group", asked.group),
    )


def written(view: Filter) -> dict[str, object]:
    """A filter as parameters."""
    who = {-1: "me", 0: "nobody", None: None}.get(view.assigned_to, str(view.assigned_to))
    told = msgspec.to_builtins(view) | {"assigned_to": who, "text": view.words, "group": view.group_id}
    told |= {name: str(told[name]) for name in ("account_id", "group") if told.get(name)}
    return {
        name: value for name, value in told.items() if name not in ("words", "group_id") and value not in (None, "")
    }


def _id(field: str, text: str) -> int | None:
    found = ids.parse(text)
    if text and found is None:
        raise Refused("is no id", field=field)
    return found


def _one_of(field: str, given: str, known: tuple[str, ...]) -> str | None:
    if given and given not in known:
        raise Refused("is not included in the list", field=field, code="inclusion")
    return given or None


def _check_within(asked: _Asked, **most: int) -> None:
    for field, limit in most.items():
        given = getattr(asked, field)
        if given is not None and not 0 <= given <= limit:
            raise Refused(f"must be between 0 and {limit}", field=field, code="inclusion")
