"""What holds for a domain: the one question that others ask."""

from collections.abc import Iterable

from palabre.base.db import Conn
from palabre.features.moderation.domains import rules, store
from palabre.features.moderation.domains.rules import Policy
from palabre.settings import current


async def policy(conn: Conn, domain: str) -> Policy:
    """Measures against the domain and against all it lies below, added up."""
    return (await policies(conn, [domain]))[domain]


async def policies(conn: Conn, domains: Iterable[str]) -> dict[str, Policy]:
    """As `policy`, for many in one go."""
    wanted = {domain: rules.suffixes(domain) for domain in domains}
    rows = await store.measures_named(conn, list({name for names in wanted.values() for name in names}))
    measures = {row["domain"]: row for row in rows}
    allowed = set(wanted)
    if current().limited_federation:
        allowed = await store.allowed_among(conn, [domain.lower() for domain in wanted])
    return {
        domain: rules.combined((measures[name] for name in names if name in measures), allowed=names[0] in allowed)
        for domain, names in wanted.items()
    }
