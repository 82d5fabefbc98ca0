"""Those who send in notices and reports: how theirs came out, and what is done about one who abuses it (DSA, Article 23)."""

from collections import defaultdict
from datetime import datetime, timedelta

import msgspec

from palabre.base import clock, i18n, ids, mail
from palabre.base.chars import clean
from palabre.base.db import Conn, Database, Row
from palabre.base.duties import duty
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import accounts, instance
from palabre.features.accounts import Caller
from palabre.features.accounts.events import AccountDeleted
from palabre.features.moderation import log
from palabre.features.moderation import store as core
from palabre.features.moderation.actions import ACTIONS, N_
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.events import Decided
from palabre.features.moderation.notices import rules, store
from palabre.features.moderation.rules import check_staff, check_words
from palabre.settings import current

_WORDS = {
    "warned": (
        N_("A warning about your notices to %(network)s"),
        N_(
            "Several of your notices or reports were manifestly unfounded. If this goes on, we will not take up any from you "
            "for a time."
        ),
    ),
    "suspended": (
        N_("Your notices to %(network)s are not taken up for a time"),
        N_(
            "After a warning, further notices or reports of yours were manifestly unfounded. Until %(until)s we take up none "
            "from you, except about threats, intimate images and child abuse."
        ),
    ),
    "lifted": (
        N_("Your notices to %(network)s are taken up again"),
        N_("The measure against your notices and reports has been taken back."),
    ),
}
_CONTACT = N_("If you think this is wrong, write to the moderators: %(contact)s")


class Measure(msgspec.Struct, frozen=True):
    """Something done about a sender. `kind`: warned, suspended or lifted."""

    kind: str
    moderator_id: int
    reason: str
    until: datetime | None
    at: datetime


class Sender(msgspec.Struct, frozen=True):
    """`name`: how he is known: an address, a member's name, a notifier's. `record`: outcome -> how often."""

    sender: str
    name: str
    proposed: str | None
    warned_at: datetime | None
    suspended_until: datetime | None
    record: dict[str, int]
    measures: list[Measure]


class SenderSuspended(Forbidden):
    """For a time nothing is taken up from this sender."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(
            f"Notices and reports of yours are not taken up until {until:%Y-%m-%d %H:%M} UTC, except about threats, "
            f"intimate images and child abuse. {reason}",
            code="sender_suspended",
        )
        self.until, self.reason = until, reason


async def check(conn: Conn, sender: str, category: str) -> None:
    """Whether something of this category is taken up from him. Raises Forbidden."""
    row = await store.sender(conn, sender) if sender else None
    until = row["suspended_until"] if row else None
    if row and until and until > clock.now() and category not in rules.URGENT:
        raise SenderSuspended(until, row["reason"])


async def check_member(conn: Conn, account_id: int, category: str) -> None:
    await check(conn, f"member:{account_id}", category)


async def standing(conn: Conn, sender: str) -> Row | None:
    """A warning or suspension as its bearer is to read it."""
    row = await store.sender(conn, sender)
    return row if row and row["warned_at"] else None


@duty
async def keep_record(conn: Conn, event: Decided) -> None:
    """How each report of a case came out, for its sender's record."""
    rows = await core.decisions(conn, [event.case_id])
    decision = next((Decision.of(row) for row in rows if row["id"] == event.decision_id), None)
    if decision is None:
        return
    action = ACTIONS[decision.action]
    for row in await store.senders_in(conn, event.case_id):
        meant = action.subject != "posts" or bool(set(row["post_ids"]) & set(decision.post_ids))
        acts = action.to_author is not None and meant
        outcome = rules.outcome_of(acts, event.undoing)
        if outcome is None:
            await store.forget_outcome(conn, row["sender"], row["id"])
        else:
            await store.put_outcome(conn, row["sender"], row["id"], outcome, "unfounded" if not acts else "")
        await _propose(conn, row["sender"])


async def mark_unfounded(conn: Conn, by: Caller, case_id: int, report_ids: list[int]) -> None:
    """Of a case that was dismissed: these reports were manifestly unfounded, not merely wrong."""
    check_staff(by)
    if not report_ids:
        return
    standing = [row for row in await core.decisions(conn, [case_id]) if row["undone_at"] is None]
    if not standing or ACTIONS[standing[-1]["action"]].to_author is not None:
        raise Refused("goes with a dismissal only", field="unfounded", code="not_dismissed")
    found = {row["id"]: row["sender"] for row in await store.senders_in(conn, case_id)}
    for report_id in report_ids:
        if report_id not in found:
            raise NotFound
        await store.put_outcome(conn, found[report_id], report_id, "unfounded", "")
        await _propose(conn, found[report_id])
    await log.append(conn, case_id, by.id, "unfounded", {"reports": sorted(report_ids)})


async def _propose(conn: Conn, sender: str) -> None:
    """By his record alone; what is done about it, a moderator decides."""
    settings = current()
    latest = await store.outcomes(conn, sender, 0, settings.unfounded_of)
    row = await store.sender(conn, sender)
    if row is None and "unfounded" not in latest:
        return
    row = row or await store.lock_sender(conn, sender)
    since = None
    if row["warned_at"]:
        since = await store.outcomes(conn, sender, ids.first_at(row["warned_at"]), settings.unfounded_of)
    proposed = rules.proposal(latest, since, row["suspended_until"], clock.now(), settings.unfounded_notices)
    if proposed != row["proposed"]:
        await store.update_sender(conn, sender, proposed=proposed)


async def warn(conn: Conn, by: Caller, sender: str, reason: str) -> None:
    await _measure(conn, by, sender, "warned", reason, None)


async def suspend(conn: Conn, by: Caller, sender: str, reason: str, days: float) -> None:
    """For a time, and only after a warning. Raises Refused."""
    if not 0 < days <= rules.LONGEST_DAYS:
        raise Refused("must be between 1 and 366 days", field="days", code="days")
    row = await store.sender(conn, sender)
    if row is None or row["warned_at"] is None:
        raise Refused("must be warned first", field="sender", code="not_warned")
    await _measure(conn, by, sender, "suspended", reason, clock.now() + timedelta(days=days))


async def lift(conn: Conn, by: Caller, sender: str, reason: str) -> None:
    """Take the suspension back, or, where there is none any more, the warning."""
    if await standing(conn, sender) is None:
        raise NotFound
    await _measure(conn, by, sender, "lifted", reason, None)


async def _measure(conn: Conn, by: Caller, sender: str, kind: str, reason: str, until: datetime | None) -> None:
    check_staff(by)
    if sender == f"member:{by.id}":
        raise Forbidden
    if not sender:
        raise NotFound
    reason, at = check_words("reason", clean(reason)), clock.now()
    row = await store.lock_sender(conn, sender)
    suspended = row["suspended_until"] is not None and row["suspended_until"] > at
    warned_at = at if kind == "warned" else row["warned_at"] if kind == "suspended" or suspended else None
    await store.update_sender(
        conn,
        sender,
        warned_at=warned_at,
        suspended_until=until,
        reason="" if kind == "lifted" else reason,
        proposed=None,
    )
    await store.insert_sender_event(conn, sender, ids.new(at), kind, by.id, reason, until, at)
    if kind == "suspended" and (case_id := await store.misused_case(conn, sender)):
        await log.append(conn, case_id, by.id, "misuse_suspended", {"of": "notices"})  # for the transparency report
    await _tell(conn, sender, kind, reason, until)


async def _tell(conn: Conn, sender: str, kind: str, reason: str, until: datetime | None) -> None:
    to, locale = await _address(conn, sender)
    if not to:
        return
    about = await instance.about(conn)
    say = i18n.translator(locale).gettext
    subject, words = (say(text) for text in _WORDS[kind])
    filled = words % {"until": i18n.moment(until, locale) if until else ""}
    parts = [filled, reason, say(_CONTACT) % {"contact": about.contact_email} if about.contact_email else ""]
    text = "\n\n".join(part for part in parts if part)
    await mail.post(conn, mail.Letter(to, subject % {"network": about.name}, text))


async def _address(conn: Conn, sender: str) -> tuple[str, str]:
    kind, _, who = sender.partition(":")
    if kind == "member":
        rows = await core.told(conn, [int(who)])
        return (rows[0]["email"], rows[0]["locale"]) if rows else ("", "en")
    if kind == "notifier":
        row = await store.notifier(conn, int(who))
        return (row["email"], row["locale"]) if row else ("", "en")
    return (who, await store.locale_of(conn, sender)) if kind == "email" else ("", "en")


async def forget_old(db: Database) -> None:
    """Who pointed something out is forgotten once nobody can appeal any more, and records that are older than a year."""
    now = clock.now()
    days = max(current().evidence_days, rules.APPEAL_DAYS)
    async with db.transaction() as conn:
        await store.forget_names(conn, ids.first_at(now - timedelta(days=days)), now - timedelta(days=days))
        await store.forget_outcomes(conn, ids.first_at(now - timedelta(days=rules.LONGEST_DAYS)))


async def records(conn: Conn, senders: list[str]) -> dict[str, dict[str, int]]:
    """Sender -> outcome -> how often."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in await store.tallies(conn, senders):
        found[row["sender"]][row["outcome"]] = row["times"]
    return dict(found)


async def to_watch(conn: Conn, by: Caller) -> list[Sender]:
    """Those for whom something is proposed first, then those under a measure."""
    check_staff(by)
    rows = await store.senders_to_watch(conn)
    return await _described(conn, rows)


async def one(conn: Conn, by: Caller, sender: str) -> Sender:
    check_staff(by)
    row = await store.sender(conn, sender)
    if row is None:
        return Sender(sender, (await _names(conn, [sender]))[sender], None, None, None, {}, [])
    return (await _described(conn, [row]))[0]


async def _described(conn: Conn, rows: list[Row]) -> list[Sender]:
    senders = [row["sender"] for row in rows]
    tallies, names = await records(conn, senders), await _names(conn, senders)
    measures: dict[str, list[Measure]] = defaultdict(list)
    for event in await store.sender_events(conn, senders):
        measures[event["sender"]].append(
            Measure(event["kind"], event["moderator_id"], event["reason"], event["until"], event["at"])
        )
    return [
        Sender(
            row["sender"],
            names[row["sender"]],
            row["proposed"],
            row["warned_at"],
            row["suspended_until"],
            tallies.get(row["sender"], {}),
            measures[row["sender"]],
        )
        for row in rows
    ]


async def _names(conn: Conn, senders: list[str]) -> dict[str, str]:
    parted = {sender: sender.partition(":")[::2] for sender in senders}
    members = {int(who) for kind, who in parted.values() if kind == "member" and who.isdigit()}
    people = await accounts.look(conn, members)
    names = {}
    for sender, (kind, who) in parted.items():
        names[sender] = who
        if kind == "member" and who.isdigit() and int(who) in people:
            names[sender] = f"@{people[int(who)].public.acct}"
        elif kind == "notifier" and who.isdigit() and (row := await store.notifier(conn, int(who))):
            names[sender] = row["name"]
    return names


@duty
async def forget_member(conn: Conn, event: AccountDeleted) -> None:
    """Nothing is held against one who has left, and his notices are nobody's."""
    await store.forget_member(conn, f"member:{event.account_id}")
    await store.forget_notices_of(conn, f"member:{event.account_id}")
