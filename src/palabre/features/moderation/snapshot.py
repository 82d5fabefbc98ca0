"""What was reported, kept as it was: words, pictures, whom it answered, whose it was."""

from datetime import datetime
from typing import Any, cast

import msgspec

from palabre.base import clock, erase, ids, origin
from palabre.base.db import Conn, Row
from palabre.features import accounts, posts
from palabre.features.accounts import AccountView
from palabre.features.moderation import store
from palabre.features.moderation.canonical import canonical, digest, timestamp
from palabre.features.posts import PostView, media

MOST_CONTEXT = 10

_POST = (
    "id",
    "author_id",
    "visibility",
    "in_reply_to_id",
    "in_reply_to_author_id",
    "thread_id",
    "reblog_of_id",
    "audience",
    "replies",
    "reblogs",
    "favourites",
)


class Snapshot:
    """`post` None: the account as such was reported. Views look just as those of what is still there."""

    def __init__(self, row: Row) -> None:
        kept = msgspec.json.decode(row["content"])
        self.id: int = row["id"]
        self.case_id: int = row["case_id"]
        self.post_id: int | None = row["post_id"] or None
        self.taken_at: datetime = row["taken_at"]
        self.sha256: str = row["sha256"].hex()
        self.author = _account_view(kept["author"])
        self.text: str = kept["text"]
        self.post: PostView | None = _post_view(kept["post"], self.author) if kept["post"] else None
        self.context: list[PostView] = [
            _post_view(one["post"], _account_view(one["author"])) for one in kept["context"]
        ]
        self.files: list[dict[str, Any]] = kept["files"]
        self.earlier: list[dict[str, Any]] = kept.get("earlier", [])  # what it said before its edits, oldest first


async def take_post(conn: Conn, case_id: int, post: PostView, text: str, viewer_id: int | None) -> dict[int, bytes]:
    """Keep a post in a case, with its files. {snapshot id: sha256}; nothing if the case has it like this already."""
    earlier = await store.last_snapshot(conn, case_id, post.id)
    if earlier and Snapshot(earlier).text == text and _same(Snapshot(earlier), post):
        return {}
    attached = await media.of_post(conn, post.author_id, post.id)
    files = [
        {name: row[name] for name in ("id", "kind", "original_key", "small_key", "description", "meta", "bytes")}
        for row in attached
    ]
    await erase.hold(conn, case_id, [row[name] for row in attached for name in ("original_key", "small_key")])
    context = [
        {"post": _kept_post(parent), "author": _kept_account(parent.author)}
        for parent in await _parents(conn, post, viewer_id)
    ]
    return await _keep(
        conn,
        case_id,
        post.author,
        post.id,
        {
            "post": _kept_post(post),
            "text": text,
            "context": context,
            "files": files,
            "earlier": [
                {"public": one.public, "written_at": timestamp(one.written_at)}
                for one in await posts.earlier(conn, post.author_id, post.id)
            ],
        },
    )


async def take_account(conn: Conn, case_id: int, account: AccountView) -> dict[int, bytes]:
    """Keep a profile in a case."""
    earlier = await store.last_snapshot(conn, case_id, 0)
    if earlier and Snapshot(earlier).author.fragment == account.fragment:
        return {}
    return await _keep(conn, case_id, account, 0, {"post": None, "text": "", "context": [], "files": []})


async def carry_over(conn: Conn, case_id: int, account_id: int, post_id: int) -> dict[int, bytes]:
    """Keep in this case what an earlier one kept of a post that is no more. {}: nothing was kept, or it has it already."""
    earlier = await store.last_snapshot_anywhere(conn, account_id, post_id)
    if earlier is None or earlier["case_id"] == case_id:
        return {}
    files = [one[name] for one in Snapshot(earlier).files for name in ("original_key", "small_key")]
    await erase.hold(conn, case_id, files)
    snapshot_id = ids.new()
    await store.insert_snapshot(
        conn, case_id, snapshot_id, account_id, post_id, earlier["content"], earlier["sha256"], earlier["taken_at"]
    )
    return {snapshot_id: earlier["sha256"]}


async def _keep(
    conn: Conn, case_id: int, author: AccountView, post_id: int, content: dict[str, Any]
) -> dict[int, bytes]:
    await erase.hold(conn, case_id, _pictures(author))
    text = canonical({**content, "author": _kept_account(author)})
    snapshot_id, sha256 = ids.new(), digest(text)
    await store.insert_snapshot(conn, case_id, snapshot_id, author.id, post_id, text, sha256, clock.now())
    return {snapshot_id: sha256}


def _pictures(account: AccountView) -> list[str]:
    """The files of a profile; none for the pictures everybody begins with."""
    ours = f"{origin.SENTINEL}/media/"
    public = account.public
    urls = {public.avatar, public.avatar_static, public.header, public.header_static}
    return sorted(url.removeprefix(ours) for url in urls if url.startswith(ours))


def _same(kept: Snapshot, post: PostView) -> bool:
    return kept.post is not None and kept.post.edited_at == post.edited_at and kept.post.visibility == post.visibility


async def _parents(conn: Conn, post: PostView, viewer_id: int | None) -> list[PostView]:
    """What it answers, as far as the reporter could see it, the beginning first."""
    found: list[PostView] = []
    parent_id = post.in_reply_to_id
    while parent_id and len(found) < MOST_CONTEXT:
        seen = await posts.look(conn, [parent_id], viewer_id)
        if not seen:
            break
        found.append(seen[0])
        parent_id = seen[0].in_reply_to_id
    return found[::-1]


def _kept_post(post: PostView) -> dict[str, Any]:
    return {name: getattr(post, name) for name in _POST} | {
        "created_at": timestamp(post.created_at),
        "edited_at": timestamp(post.edited_at) if post.edited_at else None,
        "public": msgspec.json.decode(origin.unseal(post.fragment)),
    }


def _kept_account(account: AccountView) -> dict[str, Any]:
    return {
        "id": account.id,
        "standing": account.standing,
        "posts": account.posts,
        "followers": account.followers,
        "following": account.following,
        "last_post_at": timestamp(account.last_post_at) if account.last_post_at else None,
        "public": msgspec.json.decode(origin.unseal(account.fragment)),
    }


def _post_view(kept: dict[str, Any], author: AccountView) -> PostView:
    row = kept | {
        "created_at": datetime.fromisoformat(kept["created_at"]),
        "edited_at": datetime.fromisoformat(kept["edited_at"]) if kept["edited_at"] else None,
        "withheld_at": None,
        "held_at": None,
        "fragment": _fragment(kept),
    }
    view = PostView(cast(Row, row))
    view.author = author
    return view


def _account_view(kept: dict[str, Any]) -> AccountView:
    last = kept["last_post_at"]
    row = kept | {"last_post_at": datetime.fromisoformat(last) if last else None, "fragment": _fragment(kept)}
    return accounts.AccountView(cast(Row, row))


def _fragment(kept: dict[str, Any]) -> bytes:
    return origin.seal(msgspec.json.encode(kept["public"]))
