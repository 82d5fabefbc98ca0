"""Whom archives are encrypted to, and keys made for it."""

import os
from collections.abc import Iterable
from pathlib import Path

from palabre.base.errors import Refused
from palabre.features.portability.archive.sealing import Seal, new_identity
from palabre.settings import current

_KINDS = ("age1", "ssh-")


def read_recipients(given: Iterable[str]) -> list[str]:
    """Each is a public key or a file of such, one a line. Raises Refused."""
    return [key for one in given for key in ([one.strip()] if one.strip().startswith(_KINDS) else _from_file(one))]


def choose_seal(given: Iterable[str], *, plain: bool) -> Seal:
    """Those given, else those of the settings; `plain` encrypts to nobody. Raises Refused where it is neither."""
    recipients = read_recipients(given)
    if plain:
        if recipients:
            raise Refused("Either --plain or --to-key, not both.")
        return Seal([])
    recipients = recipients or read_recipients(current().archive_recipients)
    if not recipients:
        raise Refused(
            "An archive holds private posts, messages and password hashes, so it is encrypted: make a key with "
            "`palabre archive --new-key FILE` and give its public half (--to-key age1… or the setting "
            "archive_recipients). --plain writes it for all to read."
        )
    return Seal(recipients)


def make_key(file: Path) -> str:
    """A new private key into this file, which must not exist; the public half. Raises Refused."""
    private, public = new_identity()
    text = f"# Opens archives of Palabre; without it nobody can read them.\n# public key: {public}\n{private}\n"
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise Refused(f"{file} exists already: choose another name, so that no key is lost.") from error
    except OSError as error:
        raise Refused(f"{file} can't be written: {error.strerror}") from error
    with open(opened, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return public


def _from_file(name: str) -> list[str]:
    try:
        text = Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{name[:80]} is neither a public key (age1…, ssh-ed25519 …) nor a file of such.") from error
    if "PRIVATE KEY" in text or "AGE-SECRET-KEY-" in text:
        raise Refused(f"{name[:80]} holds a private key. Encrypting needs the public half alone (age1…).")
    found = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not found:
        raise Refused(f"There is no public key in {name[:80]}.")
    return found
