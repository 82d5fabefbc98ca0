"""settings: every setting, its value, where that comes from, what it means."""

import json
import os
import tomllib
from typing import Annotated, Any

import typer
from pydantic import AliasChoices, SecretStr
from rich.console import Console
from rich.table import Table

from palabre.entrypoints.cli.database import DataFolder, choose
from palabre.settings import Settings, current, toml_file

_HIDDEN = "••••••"
_SECRETS = ("secret", "password", "key", "token")


def settings(
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False, data: DataFolder = None
) -> None:
    """Show every setting: its value, its source, its meaning. Secrets are not shown."""
    choose(data)
    in_file = tomllib.loads(toml_file().read_text()) if toml_file().exists() else {}
    found = [
        {
            "name": name,
            "value": _shown(getattr(current(), name)),
            "source": _source(name, in_file),
            "variable": _variables(name)[0],
            "meaning": field.description or "",
        }
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    table = Table("Setting", "Value", "Source", "Meaning")
    for each in found:
        table.add_row(
            f"{each['name']}\n[dim]{each['variable']}[/]", str(each["value"]), each["source"], each["meaning"]
        )
    Console().print(table)


def _shown(value: Any) -> Any:
    if isinstance(value, SecretStr):
        return _HIDDEN if value.get_secret_value() else ""
    if isinstance(value, dict):
        return {
            key: _HIDDEN if any(word in key for word in _SECRETS) else _shown(inner) for key, inner in value.items()
        }
    return value if isinstance(value, (bool, int, str, list)) or value is None else str(value)


def _source(name: str, in_file: dict[str, Any]) -> str:
    for variable in _variables(name):
        if variable in os.environ:
            return variable
    return str(toml_file()) if name in in_file else "default"


def _variables(name: str) -> list[str]:
    alias = Settings.model_fields[name].validation_alias
    if isinstance(alias, AliasChoices):
        return [str(choice) for choice in alias.choices if str(choice).isupper()]
    return [f"PALABRE_{name.upper()}"]
