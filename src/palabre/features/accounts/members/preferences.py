"""How a member likes things: what new posts begin with, how pages look, in which language."""

import re
from typing import Literal

import msgspec

from palabre.base import i18n
from palabre.base.db import Conn
from palabre.base.errors import NotFound, Refused
from palabre.features.accounts.members import store

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


class Preferences(msgspec.Struct, frozen=True):
    """`language`: of new posts; None: recognised from their text."""

    visibility: Literal["public", "unlisted", "private", "direct"] = "public"
    sensitive: bool = False
    language: str | None = None
    theme: Literal["auto", "light", "dark"] = "auto"


def of(stored: dict[str, object]) -> Preferences:
    """From what `Caller.preferences` or `Member.preferences` holds."""
    return msgspec.convert(stored, Preferences)


async def set_preferences(conn: Conn, account_id: int, *, locale: str | None = None, **changes: object) -> Preferences:
    """Change some of them, and the language of Palabre's own words. Raises Refused naming what doesn't fit."""
    member = await store.lock(conn, account_id)
    if member is None:
        raise NotFound
    changes = {name: None if value == "" else value for name, value in changes.items()}
    for name, value in changes.items():
        _check(name, value)
    made = of(member["preferences"] | changes)
    await store.update(conn, account_id, preferences=msgspec.to_builtins(made))
    if locale is not None:
        if locale not in i18n.available():
            raise Refused("is not included in the list", field="locale", code="inclusion")
        await store.update(conn, account_id, locale=locale)
    return made


def _check(name: str, value: object) -> None:
    try:
        msgspec.convert({name: value}, Preferences)
    except msgspec.ValidationError as error:
        raise Refused("is not included in the list", field=name, code="inclusion") from error
    if name == "language" and value is not None and not _LANGUAGE.fullmatch(str(value)):
        raise Refused("is not a language code", field=name, code="invalid")
