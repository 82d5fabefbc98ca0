"""SQL stands in `store.py`, `migrations/` and `base/` alone, and PostgreSQL understands every statement of it."""

import ast
import inspect
import re
import typing
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest

import palabre
from palabre.base.db import Conn, Database
from palabre.base.paging import Page
from palabre.features.moderation import figures
from palabre.features.moderation.figures.store import SORTS
from palabre.features.moderation.triage import Filter
from tests.house_rules.support import modules

_SOURCES = Path(palabre.__file__).parent
_SQL = re.compile(
    r"\s*(SELECT\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+(\w+\s+)?SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|INDEX)\s|TRUNCATE\s|LOCK\s+TABLE\s|NOTIFY\s|LISTEN\s)"
)


def _elsewhere() -> list[Path]:
    files = [path for path in _SOURCES.rglob("*.py") if path.name != "store.py"]
    return [path for path in files if path.relative_to(_SOURCES).parts[0] not in ("base", "migrations")]


@pytest.mark.parametrize("path", _elsewhere(), ids=lambda path: str(path.relative_to(_SOURCES)))
def test_no_sql_elsewhere(path: Path) -> None:
    strings = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    assert [f"line {node.lineno}" for node in strings if isinstance(node.value, str) and _SQL.match(node.value)] == []


class Anything(defaultdict[str, Any]):
    """A row that has every column."""

    def __init__(self) -> None:
        super().__init__(lambda: 1)


class Listening:
    """In place of a connection: notes each statement instead of running it."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def _note(self, sql: str, answer: Any) -> Any:
        self.heard.append(sql)
        return answer

    async def rows(self, sql: str, *_: object) -> Any:
        return self._note(sql, [Anything()])

    async def row(self, sql: str, *_: object) -> Any:
        return self._note(sql, Anything())

    async def value(self, sql: str, *_: object) -> Any:
        return self._note(sql, 1)

    async def execute(self, sql: str, *_: object) -> Any:
        return self._note(sql, 1)

    async def many(self, sql: str, _: object) -> Any:
        return self._note(sql, None)

    async def copy_out(self, query: str, _: object) -> None:
        self._note(query, None)

    def after_commit(self, _: object) -> None:
        pass


_EVERYTHING = Filter("open", "a", "a", "a", 1, 1, 1, "a", 1.0, True, 1, 1)
#: What to call a function with where its parameters' types do not tell. The key: module's feature and function.
_GIVEN: dict[str, list[dict[str, Any]]] = {
    "accounts.insert_account": [{"account": {"id": 1, "username": "a"}}],
    "accounts.update_account": [{"changes": {"standing": "active", "fragment": b""}}],
    "accounts.members.add": [{"member": {"account_id": 1, "email": "a"}}],
    "accounts.members.update": [{"changes": {"role": "member"}}],
    "accounts.barred.add_ip_block": [{"values": {"id": 1, "ip": "192.0.2.0/24"}}],
    "accounts.barred.update_ip_block": [{"changes": {"comment": ""}}],
    "graph.own": [{"table": table} for table in ("follow_requests", "blocks", "mutes")],
    "moderation.domains.put_measure": [
        {
            "measure": dict.fromkeys(["severity", "private_comment", "public_comment"], "")
            | dict.fromkeys(["reject_media", "reject_reports", "obfuscate"], False)
        }
    ],
    "moderation.domains.lists.insert": [{"values": {"id": 1, "name": ""}}],
    "moderation.domains.lists.update": [{"changes": {"name": ""}}],
    "moderation.figures.by_day": [{"measure": measure} for measure in figures.MEASURES],
    "moderation.figures.total": [{"measure": measure} for measure in figures.MEASURES],
    "moderation.figures.most_of": [{"dimension": dimension} for dimension in SORTS],
    "moderation.figures.joined": [{"frequency": "month"}],
    "moderation.figures.came_back": [{"frequency": "month"}],
    "moderation.update_case": [{"changes": {"state": "open"}}],
    "moderation.appeals.insert": [{"appeal": Anything()}],
    "moderation.appeals.update": [{"changes": {"state": "open"}}],
    "moderation.screening.update_rule": [{"changes": {"state": "off"}}],
    "moderation.screening.update_trial": [{"changes": {"seen": 1}}],
    "moderation.notices.update_item": [{"changes": {"state": "filed"}}],
    "moderation.notices.update_notice": [{"changes": {"unfiled": 0}}],
    "moderation.notices.update_notifier": [{"changes": {"revoked_at": None}}],
    "moderation.notices.update_sender": [{"changes": {"proposed": None}}],
    "moderation.triage.queue": [
        {"order": order, "after": [], "wanted": wanted}
        for order in ("priority", "due", "oldest", "newest")
        for wanted in (Filter(), _EVERYTHING)
    ],
    "moderation.triage.by_id": [{"wanted": _EVERYTHING}],
    "moderation.update_decision": [{"changes": {"changed": []}}],
    "moderation.jury.insert_seat": [
        {"seat": dict.fromkeys(("panel_id", "seat", "account_id", "juror", "replaces", "drawn_at", "due_at"))}
    ],
    "moderation.jury.update_panel": [{"changes": {"state": "open", "pool": b""}}],
    "moderation.jury.update_seat": [{"changes": {"state": "voted"}}],
    "notifications.still": [{"type": type} for type in ("reblog", "favourite", "follow", "follow_request")],
    "portability.relocation.table_sum": [{"table": "posts", "columns": ["id", "text"]}],
    "posts.add_mark": [{"table": "favourites"}, {"table": "bookmarks"}],
    "posts.remove_mark": [{"table": "favourites"}, {"table": "bookmarks"}, {"table": "pins"}],
    "posts.erase_marks": [{"table": "favourites"}, {"table": "bookmarks"}],
    "posts.update": [{"changes": {"withheld_at": None, "fragment": b""}}],
    "posts.update_tag": [{"changes": {"usable": True}}],
    "portability.archive.copy_pages": [{"table": "posts", "columns": ["id"], "first": 1, "end": 2, "write": None}],
    "timelines.marked": [{"table": "favourites"}, {"table": "bookmarks"}],
}


def _stores() -> list[ModuleType]:
    return [module for module in modules() if module.__name__.rpartition(".")[2] == "store"]


def _verbs() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in _stores():
        for name, function in inspect.getmembers(module, inspect.iscoroutinefunction):
            if function.__module__ == module.__name__ and "conn" in inspect.signature(function).parameters:
                feature = module.__name__.removeprefix("palabre.features.").removesuffix(".store")
                yield f"{feature}.{name}", function


async def _heard(name: str, function: Callable[..., Any]) -> list[str]:
    """The statements that a function of a store makes, whichever way its flags and pages point."""
    listening = Listening()
    for given in _GIVEN.get(name, [{}]):
        for second in (False, True):
            arguments, named = _arguments(function, given, second)
            try:
                await function(listening, *arguments, **named)
            except Exception as error:
                if not listening.heard:
                    raise AssertionError(f"say in _GIVEN how to call {name}") from error
    return listening.heard


def _arguments(function: Callable[..., Any], given: dict[str, Any], second: bool) -> tuple[list[Any], dict[str, Any]]:
    hints = typing.get_type_hints(function)
    arguments: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "conn":
            continue
        value = given[parameter.name] if parameter.name in given else _made_up(hints.get(parameter.name), second)
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            named |= value if isinstance(value, dict) else {}
        elif parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[parameter.name] = value
        elif parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            arguments.append(value)
    return arguments, named


def _made_up(hint: Any, second: bool) -> Any:
    simple: dict[Any, Any] = {
        int: 1 if second else -1,
        str: "a",
        bool: second,
        float: 1.0,
        bytes: b"a",
        datetime: datetime.now(UTC),
        timedelta: timedelta(1),
        Page: Page(min_id=1) if second else Page(),
    }
    if hint in simple:
        return simple[hint]
    inner = typing.get_args(hint)
    if typing.get_origin(hint) in (list, Sequence, set, frozenset, typing.get_origin(Sequence[int])):
        return [_made_up(inner[0], second)]
    if typing.get_origin(hint) is dict:
        return Anything() if inner[1] is Any else {"a": _made_up(inner[1], second)}
    if typing.get_origin(hint) is tuple:
        return tuple(_made_up(each, second) for each in inner if each is not Ellipsis)
    if inner:  # a union: the first of it, or nothing at all
        return None if second and type(None) in inner else _made_up(inner[0], second)
    if isinstance(hint, type) and hint.__module__.startswith("palabre."):
        return hint()
    return Anything()


@pytest.mark.parametrize(("name", "function"), list(_verbs()), ids=[name for name, _ in _verbs()])
async def test_postgresql_understands(name: str, function: Callable[..., Any], dsn: str) -> None:
    heard = await _heard(name, function)
    assert heard, f"{name} made no statement: say in _GIVEN how to call it"
    async with Database(dsn, most=1).dedicated() as raw:
        for statement in dict.fromkeys(heard):
            try:
                await raw.prepare(statement)
            except asyncpg.PostgresError as error:
                raise AssertionError(f"{name} (see _GIVEN): {error}\n{statement}") from error


def test_the_stand_in_has_the_methods_of_a_connection() -> None:
    mine = {name for name, _ in inspect.getmembers(Listening, inspect.isfunction) if not name.startswith("_")}
    assert mine <= {name for name, _ in inspect.getmembers(Conn, inspect.isfunction)}
