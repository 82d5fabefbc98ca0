"""Which post of this network an address means."""

import re
from collections.abc import Iterable

from palabre.base import ids
from palabre.base.db import Conn
from palabre.features.portability import store
from palabre.features.portability.imports import Reference
from palabre.names import path_of

_OURS = re.compile(r"/(?:@[^/]+|users/[^/]+/statuses)/(\d+)(?:[/?#].*)?")
_TWEET = re.compile(r"https?://(?:\w+\.)?(?:twitter|x)\.com/(?:[^/]+|i/web)/status/(\d+)(?:[/?#].*)?")


async def find_posts(conn: Conn, account_id: int, wanted: Iterable[Reference]) -> dict[Reference, int]:
    """Those that are here: by an address of this network, or because somebody brought them along."""
    keys = {reference: _keys(reference) for reference in wanted}
    brought = await store.imported_by_anyone(conn, account_id, [key for some in keys.values() for key in some])
    found: dict[Reference, int] = {}
    for reference, some in keys.items():
        post_id = _local(reference.url or "") or next((brought[key] for key in some if key in brought), None)
        if post_id:
            found[reference] = post_id
    return found


def _keys(reference: Reference) -> list[str]:
    tweet = _TWEET.fullmatch(reference.url or "")
    keys = (reference.key, f"twitter:{tweet[1]}" if tweet else None, reference.url)
    return [key for key in keys if key]


def _local(url: str) -> int | None:
    found = _OURS.fullmatch(path_of(url) or "")
    return ids.parse(found[1]) if found else None
