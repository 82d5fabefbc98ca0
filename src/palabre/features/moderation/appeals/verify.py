"""Whether every appeal is as the log says, and none was judged by who made the decision, whatever the tables say now."""

from collections.abc import Mapping, Sequence

from palabre.base.db import Conn, Row
from palabre.features.moderation.appeals import store
from palabre.features.moderation.log.faults import Fault
from palabre.features.moderation.log.verify import data_of

#: What makes the database itself refuse; whoever can change tables could take them away.
CONSTRAINTS = {
    "appeals_by_judge",
    "appeals_by_jury",
    "appeals_by_one",
    "appeals_by_somebody_else",
    "appeals_conceded",
    "appeals_decided",
    "appeals_judged",
    "appeals_of_decision",
    "decisions_anew_by_judge",
    "decisions_by_whom",
    "decisions_overturned",
    "decisions_overturned_by_judge",
    "reviews_by_somebody_else",
    "reviews_of_decision",
}
_KINDS = ("appealed", "appeal_withdrawn", "appeal_decided", "sent_to_jury", "back_from_jury")


async def check_appeals(conn: Conn, case_ids: Sequence[int], logs: Mapping[int, list[Row]]) -> list[Fault]:
    faults = []
    if case_ids and (gone := CONSTRAINTS - await store.constraints(conn)):
        faults.append(Fault(case_ids[0], None, f"the database's safeguards are gone: {', '.join(sorted(gone))}"))
    kept: dict[int, dict[int, Row]] = {case_id: {} for case_id in case_ids}
    for row in await store.of_cases(conn, case_ids):
        kept[row["case_id"]][row["id"]] = row
    for case_id in case_ids:
        faults += _check_case(case_id, logs[case_id], kept[case_id])
    return faults


def _check_case(case_id: int, log: list[Row], kept: dict[int, Row]) -> list[Fault]:
    faults: list[Fault] = []
    deciders: dict[object, int] = {}
    barred: set[int] = set()  # whose decisions here were appealed against
    noted: dict[object, list[Row]] = {}
    for row in log:
        data = data_of(row)
        if row["kind"] == "decided":
            if row["actor_id"] in barred:
                faults.append(Fault(case_id, row["seq"], "decided again by whose decision was appealed against"))
            deciders[data.get("decision")] = row["actor_id"] or 0
        elif row["kind"] in _KINDS:
            noted.setdefault(data.get("appeal"), []).append(row)
        if row["kind"] == "appealed" and deciders.get(data.get("decision_id")):
            barred.add(deciders[data["decision_id"]])
        elif row["kind"] == "appeal_withdrawn":
            barred = _still_barred(noted, deciders)
    faults += [Fault(case_id, None, f"appeal {found} is missing") for found in noted.keys() - kept.keys()]
    for appeal_id, row in kept.items():
        if not _as_noted(row, noted.get(appeal_id, []), deciders):
            faults.append(Fault(case_id, None, f"appeal {appeal_id} was changed"))
    return faults


def _still_barred(noted: Mapping[object, list[Row]], deciders: Mapping[object, int]) -> set[int]:
    standing = [rows[0] for rows in noted.values() if rows[-1]["kind"] != "appeal_withdrawn"]
    return {deciders.get(data_of(row).get("decision_id"), 0) for row in standing} - {0}


def _as_noted(appeal: Row, noted: list[Row], deciders: Mapping[object, int]) -> bool:
    """Lodged, sent to a jury, ended as the entries say; and judged by somebody else than the log says decided first."""
    if not noted or noted[0]["kind"] != "appealed":
        return False
    first, last = data_of(noted[0]), data_of(noted[-1])
    lodged = all(appeal[name] == first.get(name) for name in ("decision_id", "side", "notice_id", "words", "after"))
    lodged = lodged and appeal["appellant_id"] == (noted[0]["actor_id"] or 0)
    lodged = lodged and appeal["moderator_id"] == deciders.get(appeal["decision_id"])
    if noted[-1]["kind"] == "appeal_decided":
        judged = all(appeal[name] == last.get(name) for name in ("outcome", "reason"))
        judged = judged and appeal["judge_id"] == last.get("judge") and appeal["panel_id"] == last.get("panel")
        judged = judged and (not appeal["judge_id"] or noted[-1]["actor_id"] == appeal["judge_id"])
        return lodged and judged and (not appeal["judge_id"] or appeal["judge_id"] != appeal["moderator_id"])
    states = {
        "appealed": ("open",),
        "appeal_withdrawn": ("withdrawn",),
        "sent_to_jury": ("jury",),
        "back_from_jury": ("open",),
    }
    return lodged and appeal["state"] in states[noted[-1]["kind"]] and appeal["judge_id"] is None
