"""Checks answers of the client API against the description of Mastodon's, which lies outside this repository."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx2 as httpx
from jsonschema import Draft202012Validator

_REFERENCE = Path(__file__).parents[3] / "shared" / "reference"


def check(method: str, path: str, response: httpx.Response) -> None:
    """Fails where an answer has not the shape it should; says nothing of paths that aren't described."""
    if not path.startswith(("/api/", "/oauth/", "/.well-known")) or not _description():
        return
    operation = _operation(method.lower(), path.partition("?")[0])
    if operation is None:
        return
    template, described = operation
    status = str(response.status_code)
    answer = described["responses"].get(status)
    where = f"{method.upper()} {template}"
    if answer is None:
        _unless_deviating(where, "", "status not documented" if not status.startswith("4") else "")
        return
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema is None or not response.content:
        return
    validator = Draft202012Validator({**schema, "components": _description()["components"]})
    for error in validator.iter_errors(response.json()):
        place = "." + ".".join(str(step) for step in error.absolute_path)
        _unless_deviating(where, re.sub(r"\.\d+", "[]", place), f"{error.message}")


def _unless_deviating(where: str, place: str, message: str) -> None:
    if not message:
        return
    for endpoint, spot, _ in _deviations():  # its third column words the fault as another checker does
        if re.fullmatch(endpoint, where) and re.search(spot, place):
            return
    raise AssertionError(f"{where} answers wrongly at {place or 'top'}: {message}")


@cache
def _description() -> Any:
    file = _REFERENCE / "mastodon-openapi.json"
    return json.loads(file.read_text()) if file.exists() else None


@cache
def _deviations() -> Any:
    return json.loads((_REFERENCE / "mastodon-openapi-deviations.json").read_text())


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    paths = sorted(_description()["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(path))), path) for path in paths]


def _operation(method: str, path: str) -> tuple[str, Any] | None:
    for pattern, template in _templates():
        if pattern.fullmatch(path):
            described = _description()["paths"][template].get(method)
            return (template, described) if described else None
    return None
