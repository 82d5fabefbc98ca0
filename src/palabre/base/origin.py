"""Stored text never names the network's own origin, so that it can move to another domain.

A sentinel stands in its place (it cannot occur in members' text, from which control characters are removed), and the
origin is spliced in as pages and answers go out.
"""

SENTINEL = "\x1a"
_IN_JSON = b"\\u001a"


def seal(encoded_json: bytes) -> bytes:
    """JSON as it is stored: the sentinel as a single raw byte, quick to find."""
    return encoded_json.replace(_IN_JSON, SENTINEL.encode())


def unseal(stored: bytes) -> bytes:
    """Stored JSON, for a decoder."""
    return stored.replace(SENTINEL.encode(), _IN_JSON)


def reveal(stored: bytes, origin: str) -> bytes:
    return stored.replace(SENTINEL.encode(), origin.encode())


def reveal_text(stored: str, origin: str) -> str:
    return stored.replace(SENTINEL, origin)
