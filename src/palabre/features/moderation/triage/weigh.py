"""What a case weighs: its signals and priority, the words to find it by, and the cases that are alike."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from palabre.base import clock, fold
from palabre.base.db import Conn, Row
from palabre.base.duties import duty, put
from palabre.features import accounts
from palabre.features.accounts.events import AccountDeleted
from palabre.features.moderation import store as core
from palabre.features.moderation.events import CaseChanged, Decided, Reported
from palabre.features.moderation.snapshot import Snapshot
from palabre.features.moderation.triage import likeness, rules, signals, store
from palabre.features.moderation.triage.likeness import Print
from palabre.features.moderation.triage.rules import Record
from palabre.features.moderation.triage.signals import Facts

_MOST_WORDS = 1_000
_LONGEST_WORD = 50
_REPORTERS = 200
_REWEIGHED = 200
_BATCH = 50
CAMPAIGN = timedelta(days=90)


class Cases(msgspec.Struct, frozen=True):
    case_ids: list[int]


class Reporter(msgspec.Struct, frozen=True):
    account_id: int


class Outcome(msgspec.Struct, frozen=True):
    """The reporters of a case that come after `after`."""

    case_id: int
    after: int = 0


@duty
async def weigh_reported(conn: Conn, event: Reported) -> None:
    await weigh(conn, event.case_id)


@duty
async def weigh_changed(conn: Conn, event: CaseChanged) -> None:
    await weigh(conn, event.case_id)


@duty
async def weigh_again(conn: Conn, batch: Cases) -> None:
    for case_id in batch.case_ids:
        await weigh(conn, case_id)


async def weigh(conn: Conn, case_id: int) -> None:
    """Find out anew how urgent an open case is. What it is like is found out once."""
    case = await store.lock(conn, case_id)
    if case is None or case["state"] != "open":
        return
    kept = _latest([Snapshot(row) for row in await core.snapshots(conn, [case_id])])
    told = await core.reports_in(conn, case_id)
    texts = [_text(one) for one in kept]
    found = signals.weigh(await _facts(conn, case, told, kept, texts))
    group_id = case["group_id"] or await _group(conn, case_id, likeness.print_of(texts, _files(kept)))
    searched = [*texts, *(row["comment"] for row in told), *(one.author.public.acct for one in kept)]
    await store.set_weight(
        conn, case_id, signals.priority(found), [msgspec.to_builtins(one) for one in found], _words(searched), group_id
    )


async def _facts(conn: Conn, case: Row, told: Sequence[Row], kept: Sequence[Snapshot], texts: Sequence[str]) -> Facts:
    reporters = sorted({row["reporter_id"] for row in told if row["reporter_id"]})[:_REPORTERS]
    known = {row["account_id"]: Record(row["upheld"], row["refused"]) for row in await store.records(conn, reporters)}
    author = (await accounts.look(conn, [case["account_id"]])).get(case["account_id"])
    post_ids = [one.post_id for one in kept if one.post_id]
    boosts, favourites = await store.post_marks(conn, case["account_id"], post_ids) if post_ids else (0, 0)
    return Facts(
        severity=case["severity"],
        records=[known.get(reporter, Record()) for reporter in reporters],
        followers=author.followers if author else 0,
        boosts=boosts,
        favourites=favourites,
        texts=texts,
    )


def _latest(kept: Sequence[Snapshot]) -> list[Snapshot]:
    """Of each post, and of the profile, as it was last."""
    return list({one.post_id: one for one in kept}.values())


def _text(kept: Snapshot) -> str:
    if kept.post is not None:
        return "\n".join(filter(None, (kept.post.public.spoiler_text, kept.text)))
    public = kept.author.public
    return "\n".join((public.display_name, public.note))


def _files(kept: Sequence[Snapshot]) -> list[dict[str, object]]:
    found = []
    for one in kept:
        sizes = {str(file["id"]): file["bytes"] for file in one.files}
        for item in one.post.public.media_attachments if one.post else ():
            size = item.meta.original
            found.append(
                {
                    "blurhash": item.blurhash,
                    "width": size.width or 0,
                    "height": size.height or 0,
                    "bytes": sizes.get(item.id, 0),
                }
            )
    return found


def _words(texts: Sequence[str]) -> list[str]:
    found = dict.fromkeys(word[:_LONGEST_WORD] for text in texts for word in fold.words(text))
    return list(found)[:_MOST_WORDS]


async def _group(conn: Conn, case_id: int, mine: Print) -> int:
    """The group of those alike; its own if there is none yet."""
    bands = mine.bands
    if not bands:
        return case_id
    if (known := await _like(conn, mine, bands, case_id)) is not None:
        return known
    await store.claim_bands(conn, bands, case_id)
    if (known := await _like(conn, mine, bands, case_id)) is not None:  # founded at this very moment
        await store.release_bands(conn, [case_id])
        return known
    await store.insert_print(conn, case_id, mine.minhash, mine.media, clock.now())
    return case_id


async def _like(conn: Conn, mine: Print, bands: Sequence[int], case_id: int) -> int | None:
    for row in await store.owners(conn, bands):
        if row["group_id"] != case_id and mine.like(Print(list(row["minhash"]), row["media"])):
            return int(row["group_id"])
    return None


@duty
async def note_outcome(conn: Conn, event: Decided) -> None:
    """The records of those who reported it have changed."""
    await note_outcome_for(conn, Outcome(event.case_id))


@duty
async def note_outcome_for(conn: Conn, batch: Outcome) -> None:
    reporters = await store.reporters_after(conn, batch.case_id, batch.after, _BATCH)
    for account_id in await store.mark_stale(conn, reporters):
        await put(conn, recount, Reporter(account_id))
    if len(reporters) == _BATCH:
        await put(conn, note_outcome_for, Outcome(batch.case_id, reporters[-1]))


@duty
async def recount(conn: Conn, reporter: Reporter) -> None:
    """How often his last reports were right; where that moves his word's weight, his open cases are weighed again."""
    row = await store.lock_record(conn, reporter.account_id)
    if row is None:  # he has left
        return
    before, now = Record(row["upheld"], row["refused"]), await _record(conn, reporter.account_id)
    await store.set_record(conn, reporter.account_id, now.upheld, now.refused)
    if abs(now.log_odds - before.log_odds) >= rules.WORTH_WEIGHING:
        found = await store.open_cases_of_reporter(conn, reporter.account_id, _REWEIGHED)
        for start in range(0, len(found), _BATCH):
            await put(conn, weigh_again, Cases(found[start : start + _BATCH]))


async def _record(conn: Conn, account_id: int) -> Record:
    by_case: dict[int, list[Row]] = {}
    for decision in await store.decided_reports(conn, account_id):
        by_case.setdefault(decision["case_id"], []).append(decision)
    outcomes = [rules.outcome(decisions) for decisions in by_case.values()]
    return Record(outcomes.count(True), outcomes.count(False))


async def count_anew(conn: Conn, account_id: int) -> None:
    """A reporter's record from nothing; what his open cases weigh is kept with them."""
    record = await _record(conn, account_id)
    await store.mark_stale(conn, [account_id])
    await store.set_record(conn, account_id, record.upheld, record.refused)


async def print_anew(conn: Conn, case_id: int) -> None:
    """The print of the case that a group began with, where what was reported is still kept."""
    case = await store.lock(conn, case_id)
    kept = _latest([Snapshot(row) for row in await core.snapshots(conn, [case_id])])
    mine = likeness.print_of([_text(one) for one in kept], _files(kept))
    if case is None or not mine.bands:
        return
    await store.claim_bands(conn, mine.bands, case_id)
    await store.insert_print(conn, case_id, mine.minhash, mine.media, case["opened_at"])


@duty
async def forget_reporter(conn: Conn, event: AccountDeleted) -> None:
    """His record, and what he had set up for himself."""
    await store.forget_account(conn, event.account_id)


async def forget_prints(conn: Conn, limit: int = 500) -> None:
    """A campaign that long over is not compared with any more."""
    old = await store.old_prints(conn, clock.now() - CAMPAIGN, limit)
    await store.release_bands(conn, old)
    await store.delete_prints(conn, old)
