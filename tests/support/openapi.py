"""Checks answers of the client API against the description of Mastodon's, which lies outside this repository."""

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx2 as httpx
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

_REFERENCES = [folder / "shared" / "reference" for folder in Path(__file__).parents[2:]]
_REFERENCE = next((folder for folder in _REFERENCES if folder.is_dir()), _REFERENCES[0])


def check(method: str, path: str, response: httpx.Response) -> None:
    """Fails where an answer has not the shape it should; says nothing of paths that aren't described."""
    if not path.startswith(("/api/", "/oauth/", "/.well-known")) or not _description():
        return
    operation = _operation(method.lower(), path.partition("?")[0])
    if operation is None:
        return
    template, described = operation
    where = f"{method.upper()} {template}"
    answer = described["responses"].get(str(response.status_code))
    if answer is None:
        if response.is_client_error:
            assert isinstance(response.json().get("error"), str), f"{where}: an error must say what is wrong"
        else:
            _unless_deviating(where, "status not documented", str(response.status_code))
        return
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return
    assert response.headers["content-type"].startswith("application/json"), f"{where} answers no JSON"
    validator = Draft202012Validator({**schema, "components": _description()["components"]}, format_checker=_FORMATS)
    for error in validator.iter_errors(response.json()):
        place = "." + ".".join(str(step) for step in error.absolute_path)
        _unless_deviating(where, re.sub(r"\.\d+", "[]", place), _fault(error))


_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or bool(date.fromisoformat(value))


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or re.match(r"[a-z][a-z0-9+.-]*:\S+$", value) is not None


@_FORMATS.checks("email")
def _is_email(value: object) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"[^@\s]+@[^@\s]+", value) is not None


def _fault(error: ValidationError) -> str:
    """What is wrong, in the words of the list of deviations."""
    match error.validator:
        case "required":
            absent = error.message.partition(" is a required")[0]
            return f"{absent} missing"
        case "type":
            return f"is {type(error.instance).__name__}"
        case "format":
            return f"not a {error.validator_value}: {error.instance!r}"
        case _:
            return error.message


def check_entity(name: str, value: object) -> None:
    """Fails where a value has not the shape of one of Mastodon's entities, for answers whose paths aren't described."""
    if _description():
        schema = {"$ref": f"#/components/schemas/{name}", "components": _description()["components"]}
        faults = list(Draft202012Validator(schema, format_checker=_FORMATS).iter_errors(value))
        assert faults == [], f"no {name}: {[fault.message for fault in faults]}"


def _unless_deviating(where: str, place: str, fault: str) -> None:
    for endpoint, spot, known in _deviations():
        if re.fullmatch(endpoint, where) and re.search(spot, place) and re.search(known, fault):
            return
    raise AssertionError(f"{where} answers wrongly at {place}: {fault}")


def has_description() -> bool:
    return _description() is not None


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
