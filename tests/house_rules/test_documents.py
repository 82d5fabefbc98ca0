"""Routes, commands and settings are documented, and the pages made from the code are those of this code."""

import re

import pytest
from tools import generate

from palabre.entrypoints import client_api, web
from palabre.entrypoints.edge import Route
from palabre.entrypoints.edge.throttle import NAMED
from palabre.settings import Settings

_SCOPE = re.compile(
    r"public|member|app|(read|write)(:[a-z_]+)?|follow|push|profile|session|admin:(read|write)(:[a-z_]+)?"
)
_ROUTES = [*client_api.ROUTES, *web.ROUTES]
_STALE = "run `make docs` and look at the difference"


@pytest.mark.parametrize("route", _ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_says_what_it_does_and_what_it_takes(route: Route) -> None:
    assert _SCOPE.fullmatch(route.scope), "unknown scope"
    assert len(route.doc) >= 5, "its handler needs a docstring"
    assert route.limit is None or route.limit in NAMED, "unknown limit"
    assert route.method == "GET" or route.transaction in ("writing", "none") or route.scope.startswith("read")


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in Settings.model_fields.items() if len(field.description or "") < 10] == []


def test_the_page_of_routes_is_current() -> None:
    assert generate.ROUTES.read_text() == generate.routes(), _STALE


def test_the_page_of_settings_is_current() -> None:
    assert generate.SETTINGS.read_text() == generate.settings(), _STALE


def test_the_page_of_commands_is_current() -> None:
    assert generate.COMMANDS.read_text() == generate.commands(), _STALE


def test_the_schema_for_reading_is_current(dsn: str) -> None:
    assert generate.SCHEMA.read_text() == generate.schema(dsn), _STALE
