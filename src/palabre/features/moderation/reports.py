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
from palabre.features.moderation.canonical import timestamp
from palabre.features.moderation.events import Reported
from palabre.features.posts import PostView
from palabre.settings import current

_NOTED = ("id", "account_id", "comment", "category", "post_ids", "rule_ids", "forward", "source", "notice_id")
_TRIES = 3
_EXCERPT = 200


class Complaint(msgspec.Struct, frozen=True):
    """Something to bring before the moderators. `reporter_id` None: it doesn't come from a member. `gone`: posts that it is
    about of which nothing is left but what earlier cases kept. `due_at`: if it brings a deadline of its own.
    """

    account_id: int
    post_ids: Sequence[int] = ()
    comment: str = ""
    category: str = "other"
    rule_ids: Sequence[int] = ()
    forward: bool = False
    source: str = "member"
    reporter_id: int | None = None
    notice_id: int | None = None
    gone: Sequence[int] = ()
    due_at: datetime | None = None


class Report(msgspec.Struct, frozen=True):
    """What came in. `decided_at` None: it is still being looked into."""

    id: int
    case_id: int
    reporter_id: int | None
    account_id: int
    post_ids: list[int]
    comment: str
    category: str
    rule_ids: list[int]
    forward: bool
    created_at: datetime
    source: str = "member"
    notice_id: int | None = None
    due_at: datetime | None = None
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
    """A member brings an account, or posts of its, before the moderators. Raises NotFound for what he may not see."""
    complaint = Complaint(
        account_id, post_ids, comment, category, rule_ids, forward, source="member", reporter_id=reporter_id
    )
    return await file(conn, complaint, reporter_id)


async def file(conn: Conn, complaint: Complaint, seen_by: int | None) -> Report:
    """The one way in: joins the open case on the same thing or opens one, and keeps what it is about as it is.

    `seen_by`: with whose eyes the posts are looked up; None: what everybody may see. Raises NotFound, Refused.
    """
    comment, category = clean(complaint.comment), complaint.category
    if complaint.rule_ids and category == "other":
        category = "violation"
    named = [*complaint.post_ids, *complaint.gone]
    rules.check_report(complaint.reporter_id, complaint.account_id, complaint.post_ids, comment, category)
    await check_rules(conn, complaint.rule_ids)
    account = (await accounts.look(conn, [complaint.account_id])).get(complaint.account_id)
    if account is None or (account.gone and complaint.source == "member"):
        raise NotFound
    seen = await _seen(conn, seen_by, account.id, complaint.post_ids)
    texts = await store.lock_texts(conn, account.id, sorted(seen))
    if len(texts) < len(seen):  # deleted this very moment
        raise NotFound
    subjects = sorted({*seen, *complaint.gone})
    case_id = await _join_case(conn, account, subjects, _summary(seen, texts))
    kept: dict[int, bytes] = {} if named else await snapshot.take_account(conn, case_id, account)
    for post_id, post in seen.items():
        kept |= await snapshot.take_post(conn, case_id, post, texts[post_id], seen_by)
    for post_id in complaint.gone:
        kept |= await snapshot.carry_over(conn, case_id, account.id, post_id)
    at = clock.now()
    row: dict[str, Any] = {
        "case_id": case_id,
        "id": ids.new(),
        "reporter_id": complaint.reporter_id,
        "account_id": account.id,
        "post_ids": [*seen, *(post_id for post_id in complaint.gone if post_id not in seen)],
        "comment": comment,
        "category": category,
        "rule_ids": list(dict.fromkeys(complaint.rule_ids)),
        "forward": complaint.forward,
        "created_at": at,
        "source": complaint.source,
        "notice_id": complaint.notice_id,
        "due_at": complaint.due_at or rules.due_at(at, complaint.source, category, current().deadlines),
    }
    await store.insert_report(conn, row)
    await sum_up(conn, case_id)
    noted = {name: row[name] for name in _NOTED}
    noted |= {"created_at": timestamp(at), "due_at": timestamp(row["due_at"])}
    hashes = {str(snapshot_id): sha256.hex() for snapshot_id, sha256 in kept.items()}
    await log.append(conn, case_id, complaint.reporter_id, "reported", {"report": noted, "snapshots": hashes})
    await events.record(conn, Reported(case_id, row["id"]))
    return Report(**row)


async def sum_up(conn: Conn, case_id: int) -> None:
    """Write into the case what its reports come to: how many, from where, how grave, by when."""
    told = [Report.of(row) for row in await store.reports_in(conn, case_id)]
    sources, categories = {one.source for one in told}, {one.category for one in told}
    await store.update_case(
        conn,
        case_id,
        reports=len(told),
        sources=sorted(sources),
        categories=sorted(categories),
        severity=rules.severity(categories),
        lane=rules.lane(sources, categories),
        due_at=min((one.due_at for one in told if one.due_at), default=None),
    )


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
    await sum_up(conn, case_id)
    kept = await snapshot.take_account(conn, case_id, account)
    hashes = {str(snapshot_id): sha256.hex() for snapshot_id, sha256 in kept.items()}
    await log.append(conn, case_id, by.id, "raised", {"snapshots": hashes})
    return case_id


async def _seen(conn: Conn, reporter_id: int | None, account_id: int, post_ids: Sequence[int]) -> dict[int, PostView]:
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
