"""Going through the logs, to find whatever was changed, taken out or put in behind the network's back."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from palabre.base.db import Conn, Row
from palabre.features.moderation.canonical import digest
from palabre.features.moderation.decision import stated
from palabre.features.moderation.log import store
from palabre.features.moderation.log.chain import hash_of

_BATCH = 500
#: What has records of its own beside the log adds a check of them here: (case ids, the cases' logs) -> faults.
Check = Callable[[Conn, Sequence[int], Mapping[int, list[Row]]], Awaitable[list["Fault"]]]
MORE_CHECKS: list[Check] = []
_ENDS = ("undone", "overturned", "expired")


class Fault(msgspec.Struct, frozen=True):
    """`seq`: which entry of the case's log; None where it is not one entry that is at fault."""

    case_id: int
    seq: int | None
    what: str


async def verify(conn: Conn, case_id: int | None = None) -> list[Fault]:
    """Check every case, or one: its log, its snapshots, its decisions. An empty list: all is as it was written."""
    faults: list[Fault] = []
    after = 0
    while cases := await store.cases(conn, after, _BATCH, case_id):
        case_ids = [row["id"] for row in cases]
        logs, snapshots, decisions = (
            _by_case(rows)
            for rows in (
                await store.of_cases(conn, case_ids),
                await store.snapshots(conn, case_ids),
                await store.decisions(conn, case_ids),
            )
        )
        for case in cases:
            log = logs[case["id"]]
            faults += _check_log(case, log)
            faults += _check_snapshots(case["id"], log, snapshots[case["id"]])
            faults += _check_decisions(case["id"], log, decisions[case["id"]])
        for check in MORE_CHECKS:
            faults += await check(conn, case_ids, logs)
        after = case_ids[-1]
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


def _check_snapshots(case_id: int, log: list[Row], snapshots: list[Row]) -> list[Fault]:
    noted: dict[str, str] = {}
    for row in log:
        snapshots_taken = data_of(row).get("snapshots")
        noted |= snapshots_taken if isinstance(snapshots_taken, dict) else {}
    kept = {str(row["id"]): row for row in snapshots}
    erased = {str(one) for row in log if row["kind"] == "erased" for one in _listed(data_of(row).get("snapshots"))}
    faults = [Fault(case_id, None, f"snapshot {found} is missing") for found in noted.keys() - kept.keys() - erased]
    for snapshot_id, row in kept.items():
        if not (digest(row["content"]) == row["sha256"] == bytes.fromhex(noted.get(snapshot_id, ""))):
            faults.append(Fault(case_id, None, f"snapshot {snapshot_id} was changed"))
    return faults


def _check_decisions(case_id: int, log: list[Row], decisions: list[Row]) -> list[Fault]:
    noted = {data_of(row).get("decision"): (row["actor_id"], data_of(row)) for row in log if row["kind"] == "decided"}
    ended = {data_of(row).get("decision"): row for row in log if row["kind"] in _ENDS}
    kept = {row["id"]: row for row in decisions}
    faults = [Fault(case_id, None, f"decision {found} is missing") for found in noted.keys() - kept.keys()]
    for decision_id, row in kept.items():
        actor, data = noted.get(decision_id, (None, {}))
        kept_so = stated(dict(row))
        same = all(data[name] == kept_so[name] for name in kept_so if name in data)  # older entries state less
        same = same and _ended_so(row, ended.get(decision_id))
        same = same and data.get("on_appeal") == row["on_appeal"]
        if (actor or 0) != row["moderator_id"] or "action" not in data or not same:
            faults.append(Fault(case_id, None, f"decision {decision_id} was changed"))
    return faults


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _ended_so(decision: Row, entry: Row | None) -> bool:
    """Whether a decision ended as the log says, by whom it says, and for the reason it says."""
    if entry is None or decision["ended"] is None:
        return entry is None and decision["undone_at"] is None and decision["ended"] is None
    noted = data_of(entry)
    return bool(
        decision["ended"] == entry["kind"]
        and decision["undone_by"] == (entry["actor_id"] or 0)
        and decision["undone_reason"] == noted.get("reason")
        and decision["overturned_on"] == noted.get("appeal")
    )


def data_of(row: Row) -> dict[str, object]:
    """What an entry says; nothing where it can't be read."""
    try:
        data = msgspec.json.decode(row["data"])
    except msgspec.DecodeError:
        return {}
    return data if isinstance(data, dict) else {}
