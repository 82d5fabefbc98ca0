"""Parameters from query, form, multipart or JSON, as one nested dictionary.

Clients of Mastodon write lists as `media_ids[]=1&media_ids[]=2` and objects as `fields[0][name]=x`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request as HttpRequest

from palabre.base.errors import Refused

MOST_FORM = 2 * 1024**2
MOST_MULTIPART = 80 * 1024**2
_MOST_FIELDS = 500
_DEEPEST = 10
_INDEX = re.compile(r"[0-9]{1,9}")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")


class BadRequest(Refused):
    status = 400
    code = "bad_request"


class TooLarge(Refused):
    status = 413
    code = "too_large"


@dataclass(frozen=True)
class File:
    """An uploaded file; `content_type` is what its sender claims."""

    data: bytes
    name: str
    content_type: str


async def read(http: HttpRequest) -> dict[str, Any]:
    """Everything the request says, body over query. Raises BadRequest or TooLarge."""
    pairs: list[tuple[str, Any]] = list(_pairs(http.scope.get("query_string", b"").decode("latin-1")))
    kind = http.headers.get("content-type", "").partition(";")[0].strip().lower()
    if http.method in ("GET", "HEAD"):
        return nest(pairs)
    if kind == "multipart/form-data":
        return nest([*pairs, *await _multipart(http)])
    body = await _body(http)
    if kind == "application/json" and body.strip():
        return nest(pairs) | _json(body)
    if kind in ("application/x-www-form-urlencoded", ""):
        return nest([*pairs, *_pairs(body.decode("utf-8", "replace"))])
    return nest(pairs)


def is_upload(http: HttpRequest) -> bool:
    """Whether more is announced than any form without files holds."""
    if not http.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        return False
    length = http.headers.get("content-length", "")
    return length.isdecimal() and len(length) < 20 and int(length) > MOST_FORM


def nest(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in pairs:
        head = name.partition("[")[0]
        steps = _BRACKETS.findall(name[len(head) :])
        if len(steps) > _DEEPEST:
            raise BadRequest("The parameters are nested too deeply")
        _put(nested, [head, *steps], value)
    return {name: _lists(value) for name, value in nested.items()}


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for step in path[:-1]:
        child = into.setdefault(step, {})
        if not isinstance(child, dict):
            child = into[step] = {}
        into = child
    last = path[-1]
    if last == "":
        last = str(len(into))
    into[last] = value


def _lists(value: Any) -> Any:
    """Objects whose keys are 0, 1, 2… are lists."""
    if not isinstance(value, dict):
        return value
    made = {name: _lists(inner) for name, inner in value.items()}
    if made and all(_INDEX.fullmatch(name) for name in made):
        return [made[name] for name in sorted(made, key=int)]
    return made


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise BadRequest("Too many parameters") from error
    return [(name, _storable(value)) for name, value in pairs]


def _json(body: bytes) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(body)
        if not isinstance(decoded, dict):
            raise BadRequest("The request's body must be a JSON object")
        return {str(name): _plain(value) for name, value in decoded.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadRequest("The request's body is not valid JSON") from error


def _storable(text: str) -> str:
    """Without what PostgreSQL can't keep and nobody means: U+0000, and halves of characters (a strange charset's)."""
    return text.replace("\x00", "").encode(errors="ignore").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


async def _body(http: HttpRequest) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in http.stream():
        size += len(chunk)
        if size > MOST_FORM:
            raise TooLarge("The request is too large")
        chunks.append(chunk)
    return b"".join(chunks)


async def _multipart(http: HttpRequest) -> list[tuple[str, Any]]:
    length = http.headers.get("content-length", "")
    if not length.isdecimal() or len(length) >= 20:
        raise BadRequest("An upload must say how long it is (Content-Length)")
    if int(length) > MOST_MULTIPART:
        raise TooLarge("The upload is too large")
    pairs: list[tuple[str, Any]] = []
    try:
        form = await http.form(max_files=20, max_fields=_MOST_FIELDS, max_part_size=MOST_FORM)
    except (MultiPartException, ValueError, KeyError, UnicodeDecodeError) as error:
        raise BadRequest("The upload could not be understood") from error
    except Exception as error:
        if type(error).__name__ in ("HTTPException", "MultipartParseError"):
            raise BadRequest("The upload could not be understood") from error
        raise
    async with form_closed(form):
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                pairs.append((name, File(await value.read(), value.filename or "", value.content_type or "")))
            else:
                pairs.append((name, _storable(value)))
    return pairs


class form_closed:
    def __init__(self, form: Any) -> None:
        self._form = form

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None:
        await self._form.close()
