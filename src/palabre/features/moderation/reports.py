"""Reporting a post or an account."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from palabre.base import clock, events, ids
from palabre.base.chars import clean, excerpt
from palabre.base.db import Conn, Row
from palabre.base.errors import NotFound, Refused
from palabre.features import accounts, instance, posts
from palabre.features.accounts import AccountView
from palabre.features.moderation import log, rules, snapshot, store
from palabre.features.moderation.events import Reported
from palabre.features.posts import PostView

_TRIES = 3
_EXCERPT = 200


class Report(msgspec.Struct, frozen=True):
    """What somebody reported. `decided_at` None: it is still being looked into."""

    id: int
    case_id: int
    reporter_id: int
    account_id: int
    post_ids: list[int]
    comment: str
    category: str
    rule_ids: list[int]
    forward: bool
    created_at: datetime
    assigned_to: int | None = None
    decided_at: datetime | None = None

    @classmethod
    def of(cls, row: Row) -> "Report":
        return cls(**{name: row[name] for name in cls.__struct_fields__})


async def report(
    conn: Conn,
    reporter_id: int,
    account_id: int,
    post_ids: Sequence[int] = (),
    comment: str = "",
    category: str = "other",
    rule_ids: Sequence[int] = (),
    forward: bool = False,
) -> Report:
    """Bring an account, or posts of its, before the moderators. Raises NotFound for what the reporter may not see."""
    comment, category = clean(comment), "violation" if rule_ids else category
    rules.check_report(reporter_id, account_id, post_ids, comment, category)
    await check_rules(conn, rule_ids)
    account = (await accounts.look(conn, [account_id])).get(account_id)
    if account is None or account.gone:
        raise NotFound
    seen = await _seen(conn, reporter_id, account_id, post_ids)
    texts = await store.lock_texts(conn, account_id, sorted(seen))
    if len(texts) < len(seen):  # deleted this very moment
        raise NotFound
    case_id = await _join_case(conn, account, sorted(seen), _summary(seen, texts))
    kept: dict[int, bytes] = {} if seen else await snapshot.take_account(conn, case_id, account)
    for post_id, post in seen.items():
        kept |= await snapshot.take_post(conn, case_id, post, texts[post_id], reporter_id)
    row: dict[str, Any] = {
        "case_id": case_id,
        "id": ids.new(),
        "reporter_id": reporter_id,
        "account_id": account_id,
        "post_ids": list(seen),
        "comment": comment,
        "category": category,
        "rule_ids": list(dict.fromkeys(rule_ids)),
        "forward": forward,
        "created_at": clock.now(),
    }
    await store.insert_report(conn, row)
    noted = {name: row[name] for name in ("id", "comment", "category", "post_ids", "rule_ids", "forward")}
    hashes = {str(snapshot_id): sha256.hex() for snapshot_id, sha256 in kept.items()}
    await log.append(conn, case_id, reporter_id, "reported", {"report": noted, "snapshots": hashes})
    await events.record(conn, Reported(case_id, row["id"]))
    return Report(**row)


async def check_rules(conn: Conn, rule_ids: Sequence[int]) -> None:
    if rule_ids and set(rule_ids) - {rule.id for rule in (await instance.about(conn, fresh=True)).rules}:
        raise Refused("does not reference valid rules", field="rule_ids", code="invalid")


async def my_reports(conn: Conn, account_id: int, limit: int = 100) -> list[Report]:
    """What a member has reported, newest first. What came of it stands in the letters."""
    return [Report.of(row) for row in await store.reports_by(conn, account_id, limit)]


async def open_case(conn: Conn, by: accounts.Caller, account_id: int) -> int:
    """A case that a moderator opens himself, about an account; or the one that is open already."""
    rules.check_staff(by)
    account = (await accounts.look(conn, [account_id])).get(account_id)
    if account is None or account.standing == "deleted":
        raise NotFound
    case_id = await _join_case(conn, account, [], "")
    kept = await snapshot.take_account(conn, case_id, account)
    hashes = {str(snapshot_id): sha256.hex() for snapshot_id, sha256 in kept.items()}
    await log.append(conn, case_id, by.id, "raised", {"snapshots": hashes})
    return case_id


async def _seen(conn: Conn, reporter_id: int, account_id: int, post_ids: Sequence[int]) -> dict[int, PostView]:
    """The posts, which the reporter may see himself or, where a block stands between, everybody may."""
    found = {post.id: post.reblog or post for post in await posts.look(conn, post_ids, reporter_id)}
    missing = [post_id for post_id in post_ids if post_id not in found]
    found |= {post.id: post.reblog or post for post in await posts.look(conn, missing, None)}
    if len(found) < len(set(post_ids)):
        raise NotFound
    if any(post.author_id != account_id for post in found.values()):
        raise Refused("must be by the account reported", field="status_ids", code="other_author")
    return {post.id: post for post in found.values()}


def _summary(seen: dict[int, PostView], texts: dict[int, str]) -> str:
    first = next(iter(seen.values()), None)
    return excerpt(first.public.spoiler_text or texts[first.id], _EXCERPT) if first else ""


async def _join_case(conn: Conn, account: AccountView, post_ids: list[int], summary: str) -> int:
    """The open case on one of the posts (none: on the account as such), locked; a new one if there is none."""
    subjects = post_ids or [0]
    new_id = ids.new()
    for _ in range(_TRIES):
        await store.claim_subjects(conn, account.id, subjects, new_id)
        claimed = await store.subjects(conn, account.id, subjects)
        older = min((case_id for case_id in claimed.values() if case_id != new_id), default=None)
        if older is None:
            await store.insert_case(conn, new_id, account.id, summary, clock.now())
            await log.append(conn, new_id, None, "opened", {"account": account.id})
            return new_id
        if await store.lock_case(conn, older, only_open=True):
            await store.move_subjects(conn, account.id, new_id, older)
            return older
    raise Refused("This was changed by somebody else at the same moment; please try again", code="conflict")
