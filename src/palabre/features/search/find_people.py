"""People by their names, also half typed or misspelt."""

from palabre.base.db import Conn
from palabre.base.fold import fold, trigrams
from palabre.features import accounts
from palabre.features.accounts import AccountView
from palabre.features.search import rules, store
from palabre.names import origins

_CANDIDATES = 2_000  # of a name that very many begin with, no more are compared
_LONGEST = 100
_ALIKE = 0.35  # the share of trigrams that a misspelt name must have in common


async def people(
    conn: Conn, query: str, viewer_id: int | None, *, limit: int = 20, offset: int = 0, following: bool = False
) -> list[AccountView]:
    """Whom these words may name. A full handle or a profile's URL finds exactly this account.

    `following`: only people the viewer follows. Leaves out who blocks him and, unless
    named in full, whom he blocks or mutes.
    """
    if target := rules.target(query, origins()):
        return await _named(conn, target) if not offset else []
    found = await complete(conn, query, viewer_id, limit=limit, offset=offset, following=following)
    return found if found or following else await _alike(conn, query, viewer_id, limit, offset)


async def complete(
    conn: Conn, beginning: str, viewer_id: int | None, *, limit: int = 20, offset: int = 0, following: bool = False
) -> list[AccountView]:
    """Who may be meant by what is typed so far: one statement finds them. `following` as in `people`."""
    name = _name(beginning)
    grams = trigrams(name, unfinished=True)
    if not grams:
        return []
    found = await store.people_with(conn, viewer_id or 0, name, grams, following, _CANDIDATES, offset, limit)
    return await accounts.look_in_order(conn, found)


async def _alike(conn: Conn, query: str, viewer_id: int | None, limit: int, offset: int) -> list[AccountView]:
    name = _name(query)
    grams = [gram for gram in trigrams(name) if not gram.startswith("  ")]
    if len(grams) < 3:
        return []
    least = max(2, round(_ALIKE * len(grams)))
    found = await store.people_like(conn, viewer_id or 0, name, grams, least, _CANDIDATES, offset, limit)
    return await accounts.look_in_order(conn, found)


async def _named(conn: Conn, target: rules.Target) -> list[AccountView]:
    account_id = await accounts.by_handle(conn, target.value) if target.kind == "account" else None
    return await accounts.look_in_order(conn, [account_id]) if account_id else []


def _name(text: str) -> str:
    return fold(text[:_LONGEST]).strip().removeprefix("@").replace("\0", "")
