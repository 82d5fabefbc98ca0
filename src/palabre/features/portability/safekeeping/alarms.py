"""Alarms for the owners: set when something is found wrong, said again daily, and that it is well again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from palabre.base import clock, i18n, ids, mail
from palabre.base.clock import iso
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import Duty, put
from palabre.features import instance
from palabre.features.moderation.clocks import hooks
from palabre.features.notifications import notify
from palabre.features.portability.safekeeping import rules, store, wording
from palabre.features.portability.safekeeping.overview import Alarm, alarm_of, look
from palabre.settings import current

KIND = "palabre.safekeeping"
#: What was not found for so long is over: an end that comes and goes is none.
OVER = timedelta(minutes=5)
AGAIN = timedelta(days=1)
_CLAIM = timedelta(minutes=5)
_KEPT = timedelta(days=365)
_log = structlog.get_logger()

Work = list[tuple[Duty[Any], Any]]


async def watch(db: Database) -> None:
    """Find what is wrong, and tell the owners what they don't know yet."""
    async with db.reading() as conn:
        seen = await look(conn)
    troubles = [
        (kind, subject, msgspec.to_builtins(details))
        for kind, subject, details in rules.wrong(seen, current().drill_days, current().standby_lag_alarm)
    ]
    async with db.transaction() as conn:
        await store.commit_here(conn)
        await store.see(conn, troubles, seen.at)
        await store.end_unseen(conn, seen.at - OVER, seen.at)
        await store.forget(conn, seen.at - _KEPT)
        claimed = await store.claim(conn, rules.PATIENCE, AGAIN, seen.at, seen.at + _CLAIM)
        work = await _tell(conn, [alarm_of(row) for row in claimed]) if claimed else []
    await _do(db, work)
    if claimed:
        async with db.transaction() as conn:
            await store.commit_here(conn)
            await store.told(conn, [(row["kind"], row["subject"], row["since"]) for row in claimed], clock.now())


async def _do(db: Database, work: Work) -> None:
    """At once: the workers may themselves be waiting for a standby that is away. What fails is left to them."""
    for what, payload in work:
        try:
            await what(db, payload)
        except Exception as error:
            _log.warning("alarm_not_sent_yet", by=what.name, error=str(error))
            async with db.transaction() as conn:
                await store.commit_here(conn)
                await put(conn, what, payload)


async def _tell(conn: Conn, alarms: Sequence[Alarm]) -> Work:
    """Notifications now; letters and webhooks for after this transaction."""
    begun = [one for one in alarms if one.ended_at is None]
    over = [one for one in alarms if one.ended_at]
    network = (await instance.about(conn)).name
    work: Work = []
    for person in await store.owners(conn):
        for one in alarms:
            details = {"kind": one.kind, "subject": one.subject, "over": one.ended_at is not None}
            await notify(conn, person["account_id"], KIND, person["account_id"], about_id=ids.new(), details=details)
        if person["email"]:
            work.append((mail.send, _letter(person, begun, over, network)))
    for event, told in (("safekeeping.alarm", begun), ("safekeeping.well", over)):
        if told:
            work += [(hooks.send, hook) for hook in hooks.of(event, {"alarms": [_told(one) for one in told]})]
    return work


def _told(one: Alarm) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "subject": one.subject,
        "since": iso(one.since),
        "ended_at": iso(one.ended_at) if one.ended_at else None,
        "details": one.details,
        "says": wording.alarm(one, i18n.SOURCE).title,
        "url": f"{current().link_origin}/admin/safekeeping",
    }


def _letter(person: Row, begun: Sequence[Alarm], over: Sequence[Alarm], network: str) -> mail.Letter:
    lang = person["locale"]
    subject, text = wording.letter(begun, over, lang, network)
    return mail.Letter(person["email"], subject, f"{text}\n\n{current().link_origin}/admin/safekeeping")
