"""Reading what hosts, stores, authorities and flaggers send: CSV, JSON, mail with a report in it, or text with addresses.

Every row is accounted for: one without an address becomes a line too, and is answered as such.
"""

from palabre.base.errors import Refused
from palabre.features.moderation.notices import messages
from palabre.features.moderation.notices.rules import MOST_BYTES, MOST_LINES
from palabre.features.moderation.notices.tables import Listed, category_of, decoded, read_text

__all__ = ["Listed", "category_of", "read"]


def read(content: bytes) -> Listed:
    """Raises Refused for what is too large, or has no address in it at all."""
    if len(content) > MOST_BYTES:
        raise Refused(f"is too large (at most {MOST_BYTES // 1024**2} MB)", field="file", code="too_large")
    found = messages.read(content) if messages.is_message(content) else read_text(decoded(content))
    if not any(line.url for line in found.lines):
        raise Refused("has no address in it", field="file", code="no_address")
    if len(found.lines) > MOST_LINES:
        raise Refused(f"can have at most {MOST_LINES:,} lines", field="file", code="too_many")
    return found
