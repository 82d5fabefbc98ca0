"""What a post has to pass before it is stored. Posts know that there is a gate, not who stands at it: `consequences.py`
says.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from palabre.base.db import Conn
from palabre.base.errors import Refused


class Writing(msgspec.Struct, frozen=True):
    """What somebody is about to publish. `text`: with the warning and what pictures are described by. `edits`: the post
    that it changes, `before`: what that says so far. `insisted`: he was asked to think again, and has.
    """

    author_id: int
    text: str
    visibility: str
    language: str | None
    audience: Sequence[int]
    media: int
    sensitive: bool
    at: datetime
    insisted: bool = False
    edits: int | None = None
    before: "Writing | None" = None


class Verdict(msgspec.Struct, frozen=True):
    """`held`: stored, but shown to nobody else until somebody releases it. `then`: done once the post is stored."""

    held: bool = False
    then: Callable[[Conn, int], Awaitable[None]] | None = None


class ThinkAgain(Refused):
    """The author is asked whether he means it: sent again as it is, it passes."""

    code = "think_again"

    def __init__(self, title: str, words: str, minutes: int) -> None:
        super().__init__(
            f"This network asks you to think again ({title}): {words} "
            f"To publish it all the same, send it again as it is within {minutes} minutes."
        )
        self.title, self.words = title, words


class WouldWait(Refused):
    """A change that would have to wait for a moderator is not made: the post stays as it was."""

    code = "would_wait"

    def __init__(self, title: str, words: str) -> None:
        super().__init__(
            f"The post stays as it was: this change would have to wait for a moderator ({title}): {words} "
            "You can publish it as a new post, which a moderator will read."
        )
        self.title, self.words = title, words


Gate = Callable[[Conn, Writing], Awaitable[Verdict]]
PASS = Verdict()


async def _open(conn: Conn, writing: Writing) -> Verdict:
    return PASS


_gate: Gate = _open


def use(gate: Gate) -> None:
    """Say who stands at the gate. Called once, as `palabre.consequences` is imported."""
    global _gate
    _gate = gate


async def check(conn: Conn, writing: Writing) -> Verdict:
    """Raises ThinkAgain, WouldWait."""
    return await _gate(conn, writing)
