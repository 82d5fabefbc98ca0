"""What an archived post becomes here: pure functions."""

from datetime import datetime, timedelta

from palabre.base.chars import clean
from palabre.features.portability.imports import ArchivedPost, Reference

VISIBILITIES = {"public": "public", "unlisted": "unlisted", "followers": "private", "direct": "direct"}
_STEP = timedelta(milliseconds=1)


def words(post: ArchivedPost, *, answered: str | None, quoted: str | None) -> str:
    """Its text, with what has no other place here: the poll, and links to what it answers or quotes elsewhere."""
    parts = [clean(post.text)]
    if post.poll:
        parts.append(post.poll.as_text())
    if quoted and quoted not in post.text:
        parts.append(f"RE: {quoted}")
    if answered and answered not in post.text:
        parts.append(f"↪ {answered}")
    return "\n\n".join(part for part in parts if part)


def elsewhere(reference: Reference | None, places: dict[str, int]) -> str | None:
    """Where the other post lives, if that isn't here."""
    if reference is None or (reference.key is not None and reference.key in places):
        return None
    return reference.url


class Clock:
    """Moments that rise strictly, so that posts written in the same second keep their order; never in the future."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._last: datetime | None = None

    def tick(self, at: datetime) -> datetime:
        at = min(at, self._now)
        if self._last is not None and at <= self._last:
            at = self._last + _STEP
        self._last = at
        return at
