"""From an address to what it points to here: posts edited, boosted, deleted or withheld, profiles, files."""

import msgspec

from palabre.base.db import Conn
from palabre.features import accounts, posts
from palabre.features.moderation.notices import store
from palabre.features.moderation.notices.addresses import Place, place
from palabre.names import hosts

_PUBLIC = ("public", "unlisted")


class Found(msgspec.Struct, frozen=True):
    """`post_id` None: the account as such. `gone`: nothing is left but what earlier cases kept. `decision`: (case,
    decision) by which it is hidden already. `problem`: why nothing was found; the rest is what is known all the same.

    `remarks`: boost, edited, deleted, withheld, file.
    """

    account_id: int | None = None
    post_id: int | None = None
    gone: bool = False
    decision: tuple[int, int] | None = None
    problem: str = ""
    remarks: tuple[str, ...] = ()


async def resolve(conn: Conn, url: str, viewer_id: int | None, *, sees_all: bool) -> Found:
    """`viewer_id`, `sees_all`: whose eyes the posts are looked up with."""
    meant = place(url, hosts())
    if meant.kind == "post":
        return await _post(conn, meant.id, viewer_id, sees_all, ())
    if meant.kind == "account":
        return await _account(conn, meant)
    if meant.kind == "file":
        return await _file(conn, meant.key, viewer_id, sees_all)
    return Found(problem=meant.problem)


async def _post(
    conn: Conn, post_id: int | None, viewer_id: int | None, sees_all: bool, remarks: tuple[str, ...]
) -> Found:
    assert post_id is not None
    there = (await posts.whereabouts(conn, [post_id])).get(post_id)
    if there is None or there.removed_at:
        return await _deleted(conn, post_id, there, remarks)
    if there.reblog_of_id:
        return await _post(conn, there.reblog_of_id, viewer_id, sees_all, (*remarks, "boost"))
    known = Found(there.author_id, post_id, remarks=(*remarks, "edited") if there.edited else remarks)
    public = there.visibility in _PUBLIC
    if not sees_all and not public and not await posts.look(conn, [post_id], viewer_id):
        return Found(problem="not_found")
    author = (await accounts.look(conn, [there.author_id])).get(there.author_id)
    if there.withheld:
        return await _hidden(conn, known, "remove")
    return await _hidden(conn, known, "suspend") if author is None or author.gone else known


async def _deleted(conn: Conn, post_id: int, there: posts.Whereabouts | None, remarks: tuple[str, ...]) -> Found:
    """From a kept copy; else all that is known is that it was there."""
    author_id = await store.kept_copy(conn, post_id)
    if author_id:
        return Found(author_id, post_id, gone=True, remarks=(*remarks, "deleted"))
    if there:
        return Found(there.author_id, post_id, problem="deleted", remarks=remarks)
    return Found(problem="not_found")


async def _hidden(conn: Conn, known: Found, action: str) -> Found:
    """What nobody sees any more is answered by the decision that hid it."""
    assert known.account_id is not None
    post_id = known.post_id if action == "remove" else None
    row = await store.standing_decision(conn, known.account_id, action, post_id)
    if row is None:
        return msgspec.structs.replace(known, problem="hidden")
    decision = (row["case_id"], row["id"])
    return msgspec.structs.replace(known, decision=decision, remarks=(*known.remarks, "withheld"))


async def _account(conn: Conn, meant: Place) -> Found:
    account_id = meant.id or await accounts.by_handle(conn, meant.name)
    account = (await accounts.look(conn, [account_id])).get(account_id) if account_id else None
    if account is None or account.standing in ("deleted", "pending"):
        return Found(problem="not_found" if account is None or account.standing == "pending" else "deleted")
    known = Found(account.id)
    return await _hidden(conn, known, "suspend") if account.gone else known


async def _file(conn: Conn, key: str, viewer_id: int | None, sees_all: bool) -> Found:
    owner = await posts.owner_of_file(conn, key)
    if owner and owner[1]:
        return await _post(conn, owner[1], viewer_id, sees_all, ("file",))
    if kept := await store.kept_file(conn, key):
        return await _post(conn, kept["post_id"], viewer_id, sees_all, ("file",))
    folder, _, name = key.partition("/")
    if folder in ("avatars", "headers") and await accounts.may_serve(conn, key):
        number = name.partition("-")[0]
        return Found(int(number), remarks=("file",))
    return Found(problem="not_found")
