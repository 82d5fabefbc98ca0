"""Every word a user sees exists in every language of the interface: a half-translated page looks abandoned."""

import re

import pytest
from babel.messages.catalog import Message

from palabre.base import i18n
from tests.support import messages

TRANSLATIONS = i18n.available()[1:]
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%[sd]|\{\w*\}")


def test_french_is_there() -> None:
    assert "fr" in TRANSLATIONS


@pytest.mark.parametrize("lang", TRANSLATIONS)
def test_every_string_is_translated(lang: str) -> None:
    catalog = messages.translation(lang)
    wanted = [message for message in messages.source_catalog() if message.id]
    missing = [message.id for message in wanted if not _said(catalog.get(_key(message), message.context))]
    assert not missing, f"run `make messages`, then translate: {missing}"


@pytest.mark.parametrize("lang", TRANSLATIONS)
def test_placeholders_survive_translation(lang: str) -> None:
    wrong = [message.id for message in messages.translation(lang) if message.id and not _same_placeholders(message)]
    assert not wrong


@pytest.mark.parametrize("lang", TRANSLATIONS)
def test_nothing_is_translated_that_is_no_longer_said(lang: str) -> None:
    source = {(_key(message), message.context) for message in messages.source_catalog()}
    left = [message.id for message in messages.translation(lang) if (_key(message), message.context) not in source]
    assert not left, "run `make messages`"


def _key(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple | list) else message.id


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple | list) else [message.string]


def _said(message: Message | None) -> bool:
    return message is not None and all(_strings(message))


def _same_placeholders(message: Message) -> bool:
    ids = message.id if isinstance(message.id, tuple | list) else [message.id]
    allowed = {frozenset(match.group() for match in PLACEHOLDER.finditer(text)) for text in ids}
    return all(
        frozenset(match.group() for match in PLACEHOLDER.finditer(text)) in allowed for text in _strings(message)
    )
