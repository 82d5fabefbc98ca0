"""What sample pages have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s


@dataclass
class Page:
    template: str
    me: s.Account | None = s.me
    values: Mapping[str, Any] = field(default_factory=dict)


def page(template: str, me: s.Account | None = s.me, **values: Any) -> Page:
    return Page(template, me, values)


def done(text: str, undo: bool = False) -> Some:
    return Some(kind="done", text=text, undo=Some(action="/undo", fields={"post": 1}) if undo else None)


writing: dict[str, Any] = {"draft": s.draft(), "limits": s.limits, "languages": s.languages}
form: dict[str, Any] = {"values": {}, "errors": {}}
older: dict[str, Any] = {"older": "?max_id=90", "newer": None}
end: dict[str, Any] = {"older": None, "newer": None}
