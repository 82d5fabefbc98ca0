"""Work that comes round by the clock. Several workers may make the same round: each is harmless twice."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from palabre.base import erase, limits
from palabre.base.db import UNAVAILABLE, Database
from palabre.features import accounts, moderation, portability, posts, search, timelines
from palabre.features.accounts import oauth
from palabre.features.moderation import clocks, domains, holds, jury, log, transparency, triage
from palabre.features.moderation.domains import settle
from palabre.features.portability.archive import run_due
from palabre.features.posts import media
from palabre.settings import current

_log = structlog.get_logger()
Round = Callable[[Database], Awaitable[None]]


async def discard_uploads(db: Database) -> None:
    async with db.transaction() as conn:
        await media.discard_unused(conn, None)


async def release_evidence(db: Database) -> None:
    async with db.transaction() as conn:
        await erase.release_ended(conn)


async def erase_evidence(db: Database) -> None:
    async with db.transaction() as conn:
        await holds.purge_ended(conn)
        await holds.erase_ended(conn)


async def end_measures(db: Database) -> None:
    async with db.transaction() as conn:
        await moderation.end_expired(conn)


async def let_reviews_lapse(db: Database) -> None:
    async with db.transaction() as conn:
        await moderation.review.lapse_overdue(conn)


async def release_held(db: Database) -> None:
    async with db.transaction() as conn:
        await moderation.screening.release_overdue(conn)
        await moderation.screening.forget_asked(conn)


async def end_leases(db: Database) -> None:
    async with db.transaction() as conn:
        await triage.end_leases(conn)


async def forget_prints(db: Database) -> None:
    async with db.transaction() as conn:
        await triage.forget_prints(conn)


async def ring_alarms(db: Database) -> None:
    async with db.transaction() as conn:
        await clocks.wind(conn)
        await clocks.ring(conn)
        await clocks.ring_for_appeals(conn)


async def watch_moderators(db: Database) -> None:
    async with db.transaction() as conn:
        await clocks.watch(conn)


async def forget_absent_readers(db: Database) -> None:
    async with db.transaction() as conn:
        await timelines.forget_absent(conn, timedelta(days=current().home_active_days))


async def forget_active_days(db: Database) -> None:
    async with db.transaction() as conn:
        await accounts.forget_old_days(conn)


async def forget_idempotency_keys(db: Database) -> None:
    async with db.transaction() as conn:
        await posts.forget_keys(conn)


async def seal_log(db: Database) -> None:
    await log.seal_when_due(db, transparency.publish)


async def remove_exports(db: Database) -> None:
    async with db.transaction() as conn:
        await portability.exports.remove_ended(conn)


#: Each round and how many seconds lie between two.
ROUNDS: dict[Round, float] = {
    discard_uploads: 600,
    release_evidence: 3600,
    end_measures: 60,
    erase_evidence: 3600,
    let_reviews_lapse: 3600,
    release_held: 60,
    seal_log: 20,
    transparency.make_reports: 3600,
    domains.lists.fetch_due: 600,
    settle.settle_all: 24 * 3600,
    end_leases: 60,
    ring_alarms: 20,
    watch_moderators: 60,
    forget_prints: 3600,
    forget_absent_readers: 3600,
    accounts.discard_unconfirmed: 3600,
    accounts.barred.forget_attempts: 3600,
    search.trends.find_trends: 300,
    forget_active_days: 24 * 3600,
    oauth.discard_codes: 3600,
    forget_idempotency_keys: 3600,
    posts.forget_removed: 3600,
    moderation.notices.senders.forget_old: 24 * 3600,
    run_due: 30,
    jury.advance_due: 60,
    jury.keep_one_ready: 600,
    jury.refresh_camps: 3600,
    portability.safekeeping.watch: 60,
    portability.drill.hold_due: 600,
    portability.exports.make_waiting: 2,
    remove_exports: 600,
    portability.exports.sweep: 24 * 3600,
    limits.sweep: 600,
}


async def make_rounds(db: Database, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as tasks:
        for what, seconds in ROUNDS.items():
            tasks.create_task(_again_and_again(db, stop, what, seconds))


async def _again_and_again(db: Database, stop: asyncio.Event, what: Round, seconds: float) -> None:
    while not stop.is_set():
        try:
            await what(db)
        except (*UNAVAILABLE, OSError) as error:
            _log.warning("database_away", round=what.__name__, error=str(error))
        except Exception:
            _log.exception("round_failed", round=what.__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await stop.wait()
