"""Stored text never names the network's own origin, so that it can move to another domain.

A sentinel stands in its place (it cannot occur in members' text, from which control characters are removed), and the
origin is spliced in as pages and answers go out.
"""

import re

SENTINEL = "\x1a"
_IN_JSON = b"\\u001a"
_ID = b'"uri":"' + SENTINEL.encode()
_ESCAPE = re.compile(rb"\\(?:u001a|.)")


def seal(encoded_json: bytes) -> bytes:
    """JSON as it is stored: the sentinel as a single raw byte, quick to find.

    Escape by escape, since a member may write a backslash and u001a, which is encoded as a backslash escaped and u001a.
    """
    return _ESCAPE.sub(lambda found: SENTINEL.encode() if found[0] == _IN_JSON else found[0], encoded_json)


def unseal(stored: bytes) -> bytes:
    """Stored JSON, for a decoder."""
    return stored.replace(SENTINEL.encode(), _IN_JSON)


def reveal(stored: bytes, here: str, first: str) -> bytes:
    """Stored JSON as it goes out to who asks at the origin `here`. Ids (`uri`) always name the first origin.

    No member can write what is looked for: a quotation mark of his is stored with a backslash before it.
    """
    if here != first:
        stored = stored.replace(_ID, _ID[:-1] + first.encode())
    return stored.replace(SENTINEL.encode(), here.encode())


def reveal_text(stored: str, origin: str) -> str:
    return stored.replace(SENTINEL, origin)
