"""What kind of copy is asked for."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit


class StaticProblem(Exception):
    """The copy cannot be made; in words for whoever asked for it."""


@dataclass(frozen=True)
class Wish:
    """`url`: where the copy will be reached. `origin`: the network's own address, to which it will be again."""

    url: str
    origin: str
    language: str
    why: str
    at: datetime

    @property
    def base(self) -> str:
        """The path below which the copy lies on its host, with a slash at both ends."""
        return f"{urlsplit(self.url).path.rstrip('/')}/"
