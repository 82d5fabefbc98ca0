"""Short word of reports and decisions among people's notifications, in the shapes that Mastodon's clients know."""

from typing import Any

from palabre.base.clock import iso
from palabre.base.db import Conn
from palabre.base.duties import duty
from palabre.base.errors import NotFound
from palabre.features.accounts.events import SignUpWaits
from palabre.features.moderation import store
from palabre.features.moderation.events import Decided, Reported
from palabre.features.moderation.letters import Letter, letter
from palabre.features.moderation.reports import Report
from palabre.features.moderation.rules import public_category
from palabre.features.notifications import notify


@duty
async def tell_staff(conn: Conn, event: Reported) -> None:
    """Every moderator, except who made the report and whom it is about. Of a notice with many posts, once."""
    row = await store.report(conn, event.report_id)
    if row is None or not await store.leads_notice(conn, row["notice_id"], row["id"]):
        return
    made = Report.of(row)
    if made.source == "rule" and made.decided_at:
        return  # what a rule decided itself waits for nobody
    for account_id in await store.staff(conn):
        if account_id not in (made.account_id, made.reporter_id):
            await tell_of_report(conn, account_id, made, about_id=made.id)


@duty
async def tell_of_sign_up(conn: Conn, event: SignUpWaits) -> None:
    for account_id in await store.staff(conn):
        await notify(conn, account_id, "admin.sign_up", event.account_id)


@duty
async def tell_concerned(conn: Conn, event: Decided) -> None:
    """Authors are warned. Mastodon has no word for reporters: they see their own report, acted upon.

    That a decision was taken back is left to the letter alone: another "warning" would frighten.
    """
    for account_id, letter_id in event.letters:
        await tell_of_letter(conn, account_id, letter_id)


async def tell_of_letter(conn: Conn, account_id: int, letter_id: int) -> None:
    """Nothing for who has left meanwhile."""
    try:
        mine = await letter(conn, account_id, letter_id)
    except NotFound:
        return
    row = await store.report_of(conn, mine.case_id, account_id)
    if row:
        await tell_of_report(conn, account_id, Report.of(row), about_id=letter_id)
    elif not mine.undoing:
        await notify(conn, account_id, "moderation_warning", account_id, about_id=letter_id, details=_warning(mine))


async def tell_of_report(
    conn: Conn, account_id: int, made: Report, about_id: int, more: dict[str, Any] | None = None
) -> None:
    """`more`: what our own pages say beside what Mastodon's clients know."""
    from_id, details = made.reporter_id or made.account_id, _report(made) | (more or {})
    await notify(conn, account_id, "admin.report", from_id, about_id=about_id, details=details)


def _report(made: Report) -> dict[str, Any]:
    return {
        "id": str(made.id),
        "action_taken": made.decided_at is not None,
        "action_taken_at": iso(made.decided_at) if made.decided_at else None,
        "category": public_category(made.category),
        "comment": made.comment,
        "forwarded": made.forward,
        "created_at": iso(made.created_at),
        "status_ids": [str(post_id) for post_id in made.post_ids],
        "rule_ids": [str(rule_id) for rule_id in made.rule_ids],
        "target_account_id": str(made.account_id),
    }


def _warning(mine: Letter) -> dict[str, Any]:
    return {
        "id": str(mine.decision_id),
        "action": mine.warning,
        "text": mine.reason,
        "status_ids": [str(kept.post_id) for kept in mine.kept],
        "created_at": iso(mine.created_at),
        "appeal": None,
    }
