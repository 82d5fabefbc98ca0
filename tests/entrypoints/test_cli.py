"""The `palabre` command, as operators use it."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from palabre import settings
from palabre.app import App
from palabre.base.db import Database
from palabre.entrypoints.cli import app
from palabre.features import accounts
from tests.support.network import Network


class Operator:
    def __init__(self, dsn: str) -> None:
        self.dsn = dsn

    def types(self, *words: str, into: str | None = None, expect: int = 0) -> Result:
        result = CliRunner().invoke(app, list(words), input=into)
        assert result.exit_code == expect, f"{result.output}{result.exception!r}"
        return result

    def makes(self, name: str, *more: str) -> Result:
        email = f"{name}@mail.example"
        return self.types("account", "create", name, "--email", email, "--password-stdin", *more, into="green garden\n")


@pytest.fixture
def operator(configured: settings.Settings, dsn: str) -> Iterator[Operator]:
    yield Operator(dsn)

    async def clear() -> None:
        db = Database(dsn, most=2)
        await Network(App(db)).empty()
        await db.close()

    asyncio.run(clear())


def test_an_account_made_by_command_can_sign_in(operator: Operator) -> None:
    operator.makes("olga", "--role", "owner")

    async def signs_in() -> str:
        db = Database(operator.dsn, most=2)
        token = await accounts.sign_in(db, "olga", "green garden")
        await db.close()
        return token

    assert asyncio.run(signs_in())
    (listed,) = json.loads(operator.types("account", "list", "--json").stdout)
    assert (listed["name"], listed["role"], listed["state"]) == ("olga", "owner", "active")


def test_everybody_can_be_signed_out_at_once(operator: Operator) -> None:
    operator.makes("olga")
    token = operator.types("account", "token", "olga").stdout.strip()

    async def known() -> bool:
        db = Database(operator.dsn, most=2)
        async with db.reading() as conn:
            caller = await accounts.recognise(conn, token)
        await db.close()
        return caller is not None

    assert asyncio.run(known())
    assert "1 sessions ended" in operator.types("account", "sign-out-everybody").stdout
    assert not asyncio.run(known())


def test_what_cannot_be_is_said_plainly(operator: Operator) -> None:
    operator.makes("olga", "--role", "owner")
    assert "last owner" in operator.types("account", "role", "olga", "member", expect=1).output
    assert "nobody" in operator.types("account", "token", "nobody", expect=1).output
    failed = operator.types("account", "create", "olga", "--email", "x", "--password-stdin", into="short\n", expect=1)
    assert "email" in failed.output
    assert "Traceback" not in failed.output


def test_roles_passwords_and_tokens(operator: Operator) -> None:
    operator.makes("frank")
    operator.types("account", "role", "frank", "moderator")
    assert len(operator.types("account", "token", "frank", "--scopes", "read").stdout.strip()) > 30
    assert "https://talk.example/reset/" in operator.types("account", "reset-password", "frank").stdout
    operator.types("account", "reset-password", "frank", "--password-stdin", into="blue garden\n")
    assert json.loads(operator.types("account", "list", "--role", "moderator", "--json").stdout)


def test_settings_are_explained_and_secrets_hidden(operator: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALABRE_POST_LENGTH", "500")
    secrets = {"smtp_url": SecretStr("smtp://me:hunter2@mail.example")}
    options = {"media_store_options": {"secret_access_key": "hunter2", "region": "here"}}
    settings.use(settings.Settings(**secrets, **options))  # type: ignore[arg-type]
    shown = operator.types("settings", "--json").stdout
    assert "hunter2" not in shown
    found = {each["name"]: each for each in json.loads(shown)}
    assert (found["post_length"]["value"], found["post_length"]["source"]) == (500, "PALABRE_POST_LENGTH")
    assert found["port"]["source"] == "default"
    assert all(each["meaning"] for each in found.values())
    assert "hunter2" not in operator.types("settings").stdout


def test_the_doctor_finds_a_healthy_network_healthy(operator: Operator) -> None:
    assert "All migrations are applied" in operator.types("doctor").output


def test_the_doctor_says_what_to_do(operator: Operator) -> None:
    sick = {
        "database_url": SecretStr("postgresql://nobody@127.0.0.1:1/nothing"),
        "smtp_url": SecretStr("smtp://127.0.0.1:1"),
    }
    settings.use(settings.current().model_copy(update=sick))
    said = operator.types("doctor", expect=1).output
    assert "The database cannot be reached" in said and "→" in said
    assert "Mail cannot be sent through 127.0.0.1:1" in said


def test_the_doctor_notices_what_was_given_up_on(operator: Operator) -> None:
    async def give_up() -> None:
        db = Database(operator.dsn, most=2)
        async with db.transaction() as conn:
            await conn.execute(
                """INSERT INTO duties (id, kind, payload, run_at, dead_at, last_error)
                   VALUES (1, 'posts.lost', '', now(), now(), 'ValueError: no')"""
            )
        await db.close()

    asyncio.run(give_up())
    said = operator.types("doctor", expect=1).output
    assert "posts.lost" in said and "ValueError: no" in said


def test_work_given_up_on_is_shown_and_tried_again(operator: Operator) -> None:
    async def alone(statement: str) -> None:
        async with Database(operator.dsn, most=2).dedicated() as raw:
            await raw.execute(statement)

    asyncio.run(
        alone(
            """INSERT INTO duties (id, kind, payload, run_at, attempts, dead_at, last_error)
               VALUES (7, 'no_such_duty', '{}', now(), 14, now(), 'Traceback\nOSError: no route')"""
        )
    )
    assert "OSError: no route" in operator.types("duties", "dead").stdout
    assert "duties revive" in operator.types("doctor", expect=1).stdout
    assert operator.types("duties", "revive", "8").stdout.startswith("0 ")
    assert operator.types("duties", "revive").stdout.startswith("1 ")
    assert "OSError" not in operator.types("duties", "dead").stdout


def test_the_network_starts_by_the_settings_in_its_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PALABRE_DATA", str(tmp_path / "elsewhere"))
    (tmp_path / "palabre.toml").write_text('public_url = "https://from-the-file.example"\nhost = "192.0.2.1"\n')
    result = CliRunner().invoke(app, ["serve", "--data", str(tmp_path)])
    settings.use(None)
    assert "https://from-the-file.example" in result.output  # and no such address to listen on
    assert "cannot listen on 192.0.2.1" in result.output
