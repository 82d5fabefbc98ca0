"""The checker of answers finds what it should: else a suite full of checks would say nothing."""

import json
from typing import Any

import httpx2 as httpx
import pytest

from tests.support import openapi
from tests.support.people import Person

pytestmark = pytest.mark.skipif(
    not openapi.has_description(), reason="Mastodon's description lies outside this repository"
)


@pytest.mark.parametrize(
    "change",
    [
        {"id": 5},
        {"created_at": "yesterday"},
        {"account": {}},
        {"url": "no-scheme"},
        {"media_attachments": None},
        {"visibility": "sideways"},
        {"tags": [{"name": "x"}]},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_wrong_answer_is_noticed(alice: Person, change: dict[str, Any]) -> None:
    right = await alice.says("#hello")
    path = f"/api/v1/statuses/{right['id']}"
    openapi.check("GET", path, _answer(200, right))
    with pytest.raises(AssertionError):
        openapi.check("GET", path, _answer(200, right | change))
    for missing in ("content", "account"):
        with pytest.raises(AssertionError):
            openapi.check("GET", path, _answer(200, {name: right[name] for name in right if name != missing}))


def test_errors_must_say_what_is_wrong() -> None:
    with pytest.raises(AssertionError):
        openapi.check("GET", "/api/v1/statuses/1", _answer(404, {}))
    with pytest.raises(AssertionError):
        openapi.check("GET", "/api/v1/statuses/1", _answer(403, {"message": "no"}))


def _answer(status: int, body: Any) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(body), headers={"content-type": "application/json"})
