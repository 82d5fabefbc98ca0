"""Writes the pages that are made from the code: `make docs`. House-rule tests say when one is out of date."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import typer

from palabre.base.db import Database
from palabre.base.migrate import migrate
from palabre.base.postgres import Server, pg_tool, prepare
from palabre.entrypoints import cli, client_api, web
from palabre.entrypoints.edge import Route
from palabre.settings import Settings

ROOT = Path(__file__).parents[1]
ROUTES = ROOT / "docs/developers/routes.md"
COMMANDS = ROOT / "docs/operators/commands.md"
SETTINGS = ROOT / "docs/operators/settings.md"
SCHEMA = ROOT / "src/palabre/migrations/schema.sql"
_NOTE = "Made by `make docs` from the code; edit that instead."


def routes() -> str:
    """Every address the network answers at, what a token must allow for it, and what it does."""
    sections = [
        f"# Routes\n\n{_NOTE}\n\nScope: what a token must allow. `public` needs none, `member` any signed-in member, "
        "`app` serves an application's own token too. Limit: a rate limit beside the general one.\n",
        "## Client API\n\n" + _table(client_api.ROUTES),
        "## Web pages\n\n" + _table(web.ROUTES),
    ]
    return "\n".join(sections)


def _table(found: Iterable[Route]) -> str:
    lines = ["| Route | Scope | Limit | What it does |", "|---|---|---|---|"]
    for route in sorted(found, key=lambda route: (route.path, route.method)):
        does = " ".join(route.doc.partition("\n\n")[0].split()).replace("|", "\\|")
        lines.append(f"| `{route.method} {route.path}` | `{route.scope}` | {route.limit or ''} | {does} |")
    return "\n".join(lines) + "\n"


def settings() -> str:
    """Every setting, its default and its meaning."""
    lines = [
        f"# Settings\n\n{_NOTE}\n\nSet a variable, or the name without `PALABRE_` in lower case in `palabre.toml` in the "
        "data folder; the variable wins. `palabre settings` shows what is in force and where it comes from.\n",
        "| Variable | Default | Meaning |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = getattr(field.get_default(call_default_factory=True), "get_secret_value", lambda: None)()
        default = field.get_default(call_default_factory=True) if default is None else default
        value = " ".join(map(str, default)) if isinstance(default, list) else str(default)
        shown = "" if default is None or default in ("", {}) else f"`{value}`"
        lines.append(
            f"| `PALABRE_{name.upper()}` | {shown} | {(field.description or '').replace('|', chr(92) + '|')} |"
        )
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Every command of `palabre`, what it takes and what it does."""
    root = typer.main.get_command(cli.app)
    intro = "In `.venv/bin` after `make install`. `palabre COMMAND --help` says the same on the terminal."
    return f"# Commands\n\n{_NOTE}\n\n{intro}\n\n" + "\n".join(_commands(root, "palabre"))


def _commands(group: Any, path: str) -> Iterable[str]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield _command(command, f"{path} {name}")


def _command(command: Any, path: str) -> str:
    taken = [param for param in command.params if param.name != "help"]
    usage = " ".join([path, *(_usage(param) for param in taken if param.param_type_name == "argument")])
    lines = [f"## `{usage}`\n", " ".join((command.help or "").split()) + "\n"]
    if taken:
        lines += ["| Takes | Meaning |", "|---|---|", *(_parameter(param) for param in taken), ""]
    return "\n".join(lines)


def _usage(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _parameter(param: Any) -> str:
    named = param.opts[0] if param.param_type_name == "option" else _usage(param)
    notes = [param.help or ""]
    if param.default not in (None, False, "") and not callable(param.default) and param.param_type_name == "option":
        notes.append(f"Default: `{param.default}`.")
    if param.envvar:
        notes.append(f"Or the variable `{param.envvar}`.")
    needed = " (needed)" if param.required and param.param_type_name == "option" else ""
    return f"| `{named}`{needed} | {' '.join(note for note in notes if note).replace('|', chr(92) + '|')} |"


def schema(dsn: str) -> str:
    """The schema that the migrations make, as a migrated database tells it."""
    command = [pg_tool("pg_dump"), "--schema-only", "--no-owner", "--no-privileges", "--schema=public", "-d", dsn]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own
    kept = [
        line
        for line in dumped.splitlines()
        if not re.match(r"--|SET |SELECT pg_catalog|\\|CREATE SCHEMA|COMMENT ON SCHEMA", line)
    ]
    text = re.sub(r"\n{2,}", "\n\n", "\n".join(kept)).replace("public.", "").strip()
    text = re.sub(r"ALTER TABLE ONLY (\w+)\n    ", r"ALTER TABLE \1 ", text)
    return f"-- {_NOTE.replace('the code', 'the migrations').replace('that', 'those')}\n\n{text}\n"


def _schema_of_a_new_database() -> str:
    with tempfile.TemporaryDirectory(prefix="palabre-schema-") as folder:
        Path(folder).chmod(0o755)
        cluster = prepare(Path(folder))
        with Server(cluster):
            asyncio.run(_migrate(cluster.dsn))
            return schema(cluster.dsn)


async def _migrate(dsn: str) -> None:
    await migrate(Database(dsn, most=2))


def _pages() -> Iterable[tuple[Path, str]]:
    yield ROUTES, routes()
    yield COMMANDS, commands()
    yield SETTINGS, settings()
    yield SCHEMA, _schema_of_a_new_database()


def main() -> None:
    for path, text in _pages():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
