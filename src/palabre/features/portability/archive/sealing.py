"""Encryption of archives, by age (https://age-encryption.org/v1): to one or more public keys, opened by any of their owners."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from palabre.base.errors import Refused

SUFFIX = ".age"


class WrongKey(Refused):
    """None of the keys at hand opens this archive."""


class Seal:
    """Encrypts to `recipients`, or leaves as it is where there are none."""

    def __init__(self, recipients: Sequence[str]) -> None:
        self.recipients = list(dict.fromkeys(recipients))
        self._keys = [_recipient(text) for text in self.recipients]

    @property
    def suffix(self) -> str:
        return SUFFIX if self._keys else ""

    @property
    def media_suffix(self) -> str:
        """Media outlive an archive: those sealed for others than these would open for the wrong people."""
        if not self._keys:
            return ""
        return f".{hashlib.sha256(' '.join(sorted(self.recipients)).encode()).hexdigest()[:8]}{SUFFIX}"

    def close(self, data: bytes) -> bytes:
        import pyrage

        return bytes(pyrage.encrypt(data, self._keys)) if self._keys else data

    def close_file(self, source: Path, target: Path) -> None:
        """The same for what may be too large for memory. Only where there are recipients."""
        import pyrage

        pyrage.encrypt_file(str(source), str(target), self._keys)


class Opener:
    """Decrypts with any of these identities. Raises WrongKey where none fits."""

    def __init__(self, identities: Sequence[Any]) -> None:
        self._keys = list(identities)

    def open(self, data: bytes) -> bytes:
        """Raises WrongKey, or ValueError for what was changed or cut off."""
        import pyrage

        if not self._keys:
            raise WrongKey("This archive is encrypted: give the file with your private key (--key FILE).")
        try:
            return bytes(pyrage.decrypt(data, self._keys))
        except pyrage.DecryptError as error:
            if "matching" in str(error).lower():
                raise WrongKey("None of the given keys opens this archive: it was made for others.") from error
            raise ValueError(str(error)) from error

    def open_file(self, source: Path, target: Path) -> None:
        import pyrage

        try:
            pyrage.decrypt_file(str(source), str(target), self._keys)
        except pyrage.DecryptError as error:
            raise ValueError(str(error)) from error


def new_identity() -> tuple[str, str]:
    """A new private key and its public half, as text."""
    from pyrage import x25519

    made = x25519.Identity.generate()
    return str(made), str(made.to_public())


def read_identities(text: str) -> list[Any]:
    """The private keys in a file: age's own (AGE-SECRET-KEY-…, one a line) or one of ssh. Raises Refused."""
    import pyrage

    try:
        if "PRIVATE KEY-----" in text:
            return [pyrage.ssh.Identity.from_buffer(text.encode())]
        lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines]
    except pyrage.IdentityError as error:
        raise Refused(f"This is no private key of age or ssh: {error}") from error
    if not found:
        raise Refused("There is no private key in this file.")
    return found


def public_half(private: str) -> str:
    """The public key (age1…) of a private one."""
    from pyrage import x25519

    return str(x25519.Identity.from_str(private.strip()).to_public())


def _recipient(text: str) -> Any:
    import pyrage

    try:
        if text.startswith("ssh-"):
            return pyrage.ssh.Recipient.from_str(text)
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refused(f"{text[:80]} is no public key of age (age1…) or ssh (ssh-ed25519 …).") from error
