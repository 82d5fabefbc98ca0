"""Where a host is, what proves that it is that host, and what proves to it who we are: all in one line to hand over."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote, urlsplit

from palabre.base.link.problem import LinkProblem

SCHEME = "palabre"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_PIN = re.compile(r"[0-9a-f]{64}")
_WANTED = "it looks like palabre://HOST:PORT/NAME?pin=…&secret=…, all of it on one line and in quotes"


@dataclass(frozen=True)
class Address:
    """`name` is the caller's own; `pin` the SHA-256 of the called host's certificate, in hex."""

    host: str
    port: int
    name: str
    pin: str
    secret: str = field(repr=False)

    @classmethod
    def parse(cls, url: str) -> "Address":
        """Raises LinkProblem saying which part is wrong."""
        try:
            parts = urlsplit(url.strip())
            port = parts.port
        except ValueError:
            raise LinkProblem(f"This isn't an address of a host: {_WANTED}.") from None
        if parts.scheme != SCHEME or not parts.hostname or not port:
            raise LinkProblem(f"This isn't an address of a host: {_WANTED}.")
        name, query = parts.path.lstrip("/"), parse_qs(parts.query)
        pin, secret = query.get("pin", [""])[0].lower(), query.get("secret", [""])[0]
        if not _NAME.fullmatch(name):
            raise LinkProblem(f"The address has no name after the port, or one that can't be: {_WANTED}.")
        if not _PIN.fullmatch(pin):
            raise LinkProblem(
                "The address has no whole pin (64 digits and letters a to f): was it cut off while copying?"
            )
        if not secret:
            raise LinkProblem("The address has no secret. Put it in quotes: the shell takes an & for its own.")
        return cls(parts.hostname, port, name, pin, secret)

    @property
    def place(self) -> str:
        """Host and port, for messages."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def shown(self) -> str:
        """The address without its secret: for logs and pages."""
        return f"{SCHEME}://{self.place}/{self.name}?pin={self.pin}"

    def __str__(self) -> str:
        return f"{self.shown}&secret={quote(self.secret, safe='')}"


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What to keep of a secret. A plain hash will do: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether `kept` is the hash of this secret, in the same time whatever they are."""
    return hmac.compare_digest(hashed(secret), kept)
