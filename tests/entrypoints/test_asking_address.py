"""Who asks: by his address limits and blocks are counted, so nobody may choose it."""

import pytest
from starlette.requests import HTTPConnection

from palabre.entrypoints.edge.request import asking_address


@pytest.mark.parametrize(
    ("peer", "lines", "asks"),
    [
        ("192.0.2.7", ["203.0.113.9"], "192.0.2.7"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9", "127.0.0.1"], "203.0.113.9"),
        ("127.0.0.1", [], "127.0.0.1"),
    ],
    ids=["no proxy", "a proxy", "it adds to the line", "it adds a line", "two proxies", "silent"],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(peer: str, lines: list[str], asks: str) -> None:
    headers = [(b"x-forwarded-for", line.encode()) for line in lines]
    assert asking_address(HTTPConnection({"type": "http", "client": (peer, 1), "headers": headers})) == asks
