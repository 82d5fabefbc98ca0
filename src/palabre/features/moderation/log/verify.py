"""Going through the logs, to find whatever was changed, taken out or put in behind the network's back."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import msgspec

from palabre.base.db import Conn, Row
from palabre.features.moderation.canonical import digest
from palabre.features.moderation.log import records, store
from palabre.features.moderation.log.chain import hash_of
from palabre.features.moderation.log.faults import Fault
from palabre.features.moderation.log.verify_seals import KeptSeal, verify_seals

_BATCH = 500
#: What has records of its own beside the log adds a check of them here: (conn, case ids, the cases' logs) -> faults.
Check = Callable[[Conn, Sequence[int], Mapping[int, list[Row]]], Awaitable[list[Fault]]]
MORE_CHECKS: list[Check] = []

#: Told as it goes: part of the work, how much is done, how much there is.
Progress = Callable[[str, int, int], None]


async def verify(
    conn: Conn,
    case_id: int | None = None,
    *,
    kept: Sequence[KeptSeal] = (),
    tell: Progress = lambda part, done, total: None,
) -> list[Fault]:
    """Check every case, or one: its log, snapshots, reports, decisions; and all seals. Empty: all is as it was written.

    `kept`: seals that somebody noted down outside the network.
    """
    return [*await _verify_cases(conn, case_id, tell), *await verify_seals(conn, case_id, kept, tell)]


async def _verify_cases(conn: Conn, case_id: int | None, tell: Progress) -> list[Fault]:
    faults: list[Fault] = []
    total = await store.count_cases(conn) if case_id is None else 1
    after = done = 0
    while cases := await store.cases(conn, after, _BATCH, case_id):
        case_ids = [row["id"] for row in cases]
        logs, snapshots, reports, decisions = (
            _by_case(rows)
            for rows in (
                await store.of_cases(conn, case_ids),
                await store.snapshots(conn, case_ids),
                await store.reports(conn, case_ids),
                await store.decisions(conn, case_ids),
            )
        )
        for case in cases:
            found = case["id"]
            log = [(row, data_of(row)) for row in logs[found]]
            faults += _check_log(case, logs[found])
            faults += _check_snapshots(found, log, snapshots[found])
            for record, rows in ((records.REPORTS, reports), (records.DECISIONS, decisions)):
                wrong = records.faults(record, records.noted(record, log), rows[found])
                faults += [Fault(found, None, what) for what in wrong]
        for check in MORE_CHECKS:
            faults += await check(conn, case_ids, logs)
        after, done = case_ids[-1], done + len(cases)
        tell("cases", done, max(total, done))
    if case_id is not None and not done:
        faults.append(Fault(case_id, None, "there is no such case"))
    return faults


def _by_case(rows: list[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["case_id"]].append(row)
    return grouped


def _check_log(case: Row, log: list[Row]) -> list[Fault]:
    faults: list[Fault] = []
    previous = b""
    for place, row in enumerate(log, 1):
        if row["seq"] != place:
            return [*faults, Fault(case["id"], place, "an entry is missing")]
        if row["previous"] != previous:
            faults.append(Fault(case["id"], place, "does not follow from the entry before"))
        found = hash_of(case["id"], place, row["at"], row["actor_id"], row["kind"], row["data"], row["previous"])
        if found != row["hash"]:
            faults.append(Fault(case["id"], place, "the entry was changed"))
        previous = row["hash"]
    if not log or case["events"] != len(log) or case["head"] != previous:
        faults.append(Fault(case["id"], len(log) + 1, "the end of the log is not as it was written"))
    return faults


def _check_snapshots(case_id: int, log: list[tuple[Row, dict[str, Any]]], snapshots: list[Row]) -> list[Fault]:
    noted: dict[str, str] = {}
    for _, data in log:
        taken = data.get("snapshots")
        noted |= taken if isinstance(taken, dict) else {}
    kept = {str(row["id"]): row for row in snapshots}
    erased = {str(one) for row, data in log if row["kind"] == "erased" for one in _listed(data.get("snapshots"))}
    faults = [Fault(case_id, None, f"snapshot {found} is missing") for found in noted.keys() - kept.keys() - erased]
    for snapshot_id, row in kept.items():
        if not (digest(row["content"]) == row["sha256"] == bytes.fromhex(noted.get(snapshot_id, ""))):
            faults.append(Fault(case_id, None, f"snapshot {snapshot_id} was changed"))
    return faults


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def data_of(row: Row) -> dict[str, Any]:
    """What an entry notes; nothing where it can't be read."""
    try:
        data = msgspec.json.decode(row["data"])
    except msgspec.DecodeError:
        return {}
    return data if isinstance(data, dict) else {}
