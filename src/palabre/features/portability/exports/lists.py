"""The CSV files that Mastodon lets people download and take in, with the same names and columns."""

import csv
import io
from collections.abc import Awaitable, Callable, Iterable, Sequence

from palabre.base.db import Conn
from palabre.features import accounts
from palabre.features.portability.exports import marks, store
from palabre.settings import current

_Write = Callable[[Conn, int], Awaitable[bytes]]


async def following(conn: Conn, account_id: int) -> bytes:
    rows = await store.follows(conn, account_id)
    names = await handles(conn, [row["other_id"] for row in rows])
    header = ["Account address", "Show boosts", "Notify on new posts", "Languages"]
    return _csv(
        [
            header,
            *(
                [names[row["other_id"]], _yes(row["reblogs"]), _yes(row["notify"]), ", ".join(row["languages"] or ())]
                for row in rows
                if row["other_id"] in names
            ),
        ]
    )


async def blocked(conn: Conn, account_id: int) -> bytes:
    rows = await store.blocks(conn, account_id)
    names = await handles(conn, [row["other_id"] for row in rows])
    return _csv([names[row["other_id"]]] for row in rows if row["other_id"] in names)


async def muted(conn: Conn, account_id: int) -> bytes:
    rows = await store.mutes(conn, account_id)
    names = await handles(conn, [row["other_id"] for row in rows])
    listed = [[names[row["other_id"]], _yes(row["notifications"])] for row in rows if row["other_id"] in names]
    return _csv([["Account address", "Hide notifications"], *listed])


async def bookmarked(conn: Conn, account_id: int) -> bytes:
    return _csv([[uri] async for uri in marks.uris(conn, account_id, store.bookmarks)])


#: File name -> what writes it.
LISTS: dict[str, _Write] = {
    "following_accounts.csv": following,
    "blocked_accounts.csv": blocked,
    "muted_accounts.csv": muted,
    "bookmarks.csv": bookmarked,
}


async def handles(conn: Conn, account_ids: Sequence[int]) -> dict[int, str]:
    """user@domain of those who are still there."""
    found = await accounts.look(conn, account_ids)
    return {
        account_id: acct if "@" in (acct := view.public.acct) else f"{acct}@{current().name}"
        for account_id, view in found.items()
        if not view.gone
    }


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(rows)
    return written.getvalue().encode()


def _yes(value: bool) -> str:
    return "true" if value else "false"
