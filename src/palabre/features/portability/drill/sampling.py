"""Which posts are opened in a drill."""

from dataclasses import dataclass

from palabre.base.db import Conn
from palabre.features.portability.drill import store


@dataclass(frozen=True)
class Authored:
    """A post, and who wrote it here."""

    post_id: int
    author_id: int
    username: str


async def authored(conn: Conn, most: int) -> list[Authored]:
    """So many posts by lot, or all where there are fewer."""
    return [Authored(row["id"], row["author_id"], row["username"]) for row in await store.posts(conn, most)]
