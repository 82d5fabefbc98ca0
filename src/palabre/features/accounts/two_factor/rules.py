"""Time-based codes (RFC 6238, by pyotp) and recovery codes."""

import hashlib
import secrets
from datetime import datetime

import msgspec
import pyotp

STEP = 30  # seconds
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


class Secret(msgspec.Struct, frozen=True):
    """`key`: for typing it into an app; `uri`: for a picture to scan."""

    key: str
    uri: str


def new_key() -> str:
    return pyotp.random_base32()


def uri(key: str, name: str, network: str) -> str:
    return pyotp.TOTP(key).provisioning_uri(name=name, issuer_name=network)


def step_of(key: str, code: str, at: datetime) -> int | None:
    """The step of time that a code belongs to: this one, the one before or after; None for a wrong code."""
    now = int(at.timestamp()) // STEP
    totp = pyotp.TOTP(key)
    fitting = [step for step in (now, now - 1, now + 1) if secrets.compare_digest(totp.at(step * STEP), code)]
    return fitting[0] if fitting else None


def tidy(code: str) -> str:
    """As it was given out: apps and people put spaces and hyphens in."""
    return "".join(letter for letter in code.lower() if letter.isalnum() and letter.isascii())


def recovery_codes() -> list[str]:
    """Some 50 bits each; written in two halves."""
    return [f"{_letters(5)}-{_letters(5)}" for _ in range(RECOVERY_CODES)]


def digest(recovery_code: str) -> bytes:
    return hashlib.sha256(tidy(recovery_code).encode()).digest()


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
