"""Posts that wait for a moderator: brought before them, asked about by their authors, let out or not."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from palabre.base import clock
from palabre.base.clock import iso
from palabre.base.db import Conn
from palabre.base.duties import duty, put
from palabre.base.errors import NotFound
from palabre.base.i18n import translator
from palabre.features import instance, posts
from palabre.features.accounts.events import AccountDeleted
from palabre.features.moderation import log, reports
from palabre.features.moderation.actions import N_
from palabre.features.moderation.decide import find_decision, impose
from palabre.features.moderation.decision import Ruling
from palabre.features.moderation.events import Decided
from palabre.features.moderation.reports import Complaint
from palabre.features.moderation.screening import store
from palabre.features.moderation.screening.match import Ready, asked
from palabre.features.moderation.screening.model import readable
from palabre.features.moderation.store import told
from palabre.features.notifications import notify
from palabre.features.posts import PostView
from palabre.settings import current

_RULINGS = {"label": "sensitive", "limit": "unlist"}
_MOST = 200
_WAITS = N_("Only you see this post until a moderator has read it (%(title)s). %(words)s")
#: Whoever may not publish has nothing published either, until that is taken back.
_SILENCING = ("suspend", "freeze")


class Held(msgspec.Struct, frozen=True):
    """A post that waits, and what its author is told. `due_at` None: it waits as long as it takes."""

    post: PostView
    title: str
    words: str
    case_id: int
    held_at: datetime
    due_at: datetime | None
    asked_at: datetime | None


async def bring(conn: Conn, author_id: int, post_id: int, rule: Ready, variables: dict[str, Any]) -> int:
    """Before the moderators, as a case; what the rule itself may do is decided at once. The case's id."""
    content, at = rule.content, clock.now()
    known = {one.id for one in (await instance.about(conn)).rules}
    cited = [rule_id for rule_id in content.rule_ids if rule_id in known]
    due_at = at + timedelta(hours=current().deadlines["held"])
    complaint = Complaint(author_id, [post_id], content.title, content.category, cited, source="rule", due_at=due_at)
    made = await reports.file(conn, complaint, author_id)
    if content.action == "hold":
        waits = content.severe or current().held_then == "held"
        held = {
            "author_id": author_id,
            "post_id": post_id,
            "rule_id": rule.id,
            "version": rule.version,
            "case_id": made.case_id,
            "held_at": at,
            "due_at": None if waits else due_at,
        }
        await store.insert_held(conn, held)
        await put(conn, tell_author, Waits(author_id, post_id))
    elif await store.only_rules(conn, made.case_id):  # else somebody has reported it, and people decide
        facts = f"{content.title}: {', '.join(variables['met']) or ', '.join(asked(rule.conditions))}"
        ruling = Ruling(
            _RULINGS[content.action], content.words, [post_id], cited, terms=not cited, facts=facts.rstrip(": ")
        )
        await impose(conn, made.case_id, ruling, decided_by="rule")
    return made.case_id


class Waits(msgspec.Struct, frozen=True):
    author_id: int
    post_id: int


@duty
async def tell_author(conn: Conn, waits: Waits) -> None:
    """In the shape that Mastodon's clients know: they have no other word for a post that waits."""
    row = await store.held(conn, waits.author_id, waits.post_id)
    if row is None:
        return
    content = readable(row["content"])
    rows = await told(conn, [waits.author_id])
    say = translator(rows[0]["locale"] if rows else "en").gettext
    details = {
        "id": str(row["case_id"]),
        "action": "none",
        "text": say(_WAITS) % {"title": content.title, "words": content.words},
        "status_ids": [str(waits.post_id)],
        "created_at": iso(row["held_at"]),
        "appeal": None,
        "palabre": {"held": True},
    }
    about_id = row["case_id"]
    await notify(conn, waits.author_id, "moderation_warning", waits.author_id, about_id=about_id, details=details)


async def mine(conn: Conn, author_id: int) -> list[Held]:
    """What an author wrote that still waits, newest first."""
    rows = await store.held_by(conn, author_id, _MOST)
    seen = {view.id: view for view in await posts.look(conn, [row["post_id"] for row in rows], author_id)}
    return [_held(row, seen[row["post_id"]]) for row in rows if row["post_id"] in seen]


async def any_of(conn: Conn, author_id: int) -> bool:
    """Whether anything an author wrote still waits."""
    return bool(await store.held_by(conn, author_id, 1))


def _held(row: Any, view: PostView) -> Held:
    content = readable(row["content"])
    return Held(view, content.title, content.words, row["case_id"], row["held_at"], row["due_at"], row["asked_at"])


async def ask(conn: Conn, author_id: int, post_id: int) -> None:
    """The author asks for a human: the case is due sooner, and the moderators hear of it. Raises NotFound."""
    row = await store.held(conn, author_id, post_id)
    if row is None or not await posts.look(conn, [post_id], author_id):
        raise NotFound
    if row["asked_at"]:
        return
    at = clock.now()
    due_at = at + timedelta(hours=current().deadlines["asked"])
    content = readable(row["content"])
    said = f"{content.title}: the author asks for a moderator"
    complaint = Complaint(author_id, [post_id], said, content.category, source="rule", due_at=due_at)
    await reports.file(conn, complaint, author_id)
    await store.set_asked(conn, author_id, post_id, at)


@duty
async def settle(conn: Conn, event: Decided) -> None:
    """A moderator has looked: what he did not remove is published."""
    decision = await find_decision(conn, event.case_id, event.decision_id)
    for row in await store.held_in(conn, event.case_id):
        if decision.action in _SILENCING and not event.undoing:
            await store.wait_on(conn, row["author_id"], row["post_id"])
        else:
            await let_out(conn, row["author_id"], row["post_id"])


async def let_out(conn: Conn, author_id: int, post_id: int) -> bool:
    """Publish it, unless a decision withholds it or it is gone, and forget that it waited."""
    await store.delete_held(conn, author_id, post_id)
    return await posts.release(conn, author_id, post_id) is not None


async def release_overdue(conn: Conn, limit: int = 100) -> int:
    """Silence must not silence people: publish what no moderator looked at in time. The case stays with them."""
    rows = await store.held_overdue(conn, clock.now(), limit)
    for row in rows:
        if await let_out(conn, row["author_id"], row["post_id"]):
            await log.append(conn, row["case_id"], None, "released", {"post": row["post_id"]})
    return len(rows)


async def forget_asked(conn: Conn) -> None:
    """Whom rules asked to think again, once that has no effect any more."""
    await store.forget_asked(conn, clock.now() - timedelta(minutes=current().think_again_minutes))


@duty
async def forget_author(conn: Conn, event: AccountDeleted) -> None:
    """What he wrote is gone; of the hits, only that there were some is kept."""
    await store.forget_author(conn, event.account_id)
