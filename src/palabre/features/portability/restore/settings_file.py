"""Writing `palabre.toml`: what people wrote there, comments too, stays as it is."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from palabre.base.errors import Refused

NAME = "palabre.toml"


def read(folder: Path) -> "tomlkit.TOMLDocument":
    """Raises Refused for a file that is no TOML."""
    file = folder / NAME
    try:
        return tomlkit.parse(file.read_text()) if file.exists() else tomlkit.document()
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise Refused(f"{file} can't be understood: {error}.") from error


def add(folder: Path, wanted: Mapping[str, Any]) -> list[str]:
    """Write what isn't there yet; the names of those that are there with another value."""
    document = read(folder)
    differing = []
    for name, value in wanted.items():
        if name not in document:
            document[name] = value
        elif document[name] != value:
            differing.append(name)
    if len(differing) < len(wanted):
        write(folder, document)
    return differing


def change(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Set these; None takes one out."""
    document = read(folder)
    for name, value in wanted.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = value
    write(folder, document)


def write(folder: Path, document: "tomlkit.TOMLDocument") -> None:
    """As a whole or not at all, for its owner's eyes alone: secrets may stand in it."""
    file = folder / NAME
    aside = file.with_name(f".{NAME}.new")
    aside.unlink(missing_ok=True)
    # Root writes here into folders of others, who may have left a link.
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with open(descriptor, "w") as opened:
        opened.write(tomlkit.dumps(document))
        if os.geteuid() == 0:
            owner = (file if file.is_file() else folder).lstat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        opened.flush()
        os.fsync(descriptor)
    aside.replace(file)
