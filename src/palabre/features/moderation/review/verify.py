"""Whether every review is as the log says: drawn by the lot, and judged by whom the lot chose."""

from collections.abc import Mapping, Sequence

from palabre.base.db import Conn, Row
from palabre.features.moderation.log.faults import Fault
from palabre.features.moderation.log.verify import data_of
from palabre.features.moderation.review import lot, store


async def check_reviews(conn: Conn, case_ids: Sequence[int], logs: Mapping[int, list[Row]]) -> list[Fault]:
    kept = {(row["case_id"], row["decision_id"]): row for row in await store.of_cases(conn, case_ids)}
    faults = []
    for case_id in case_ids:
        lots: dict[object, Row] = {}
        for row in logs[case_id]:
            if row["kind"] == "decided":
                lots[data_of(row).get("decision")] = row
        drawn = {data_of(row).get("decision_id"): row for row in logs[case_id] if row["kind"] == "review_drawn"}
        done = {data_of(row).get("decision_id"): row for row in logs[case_id] if row["kind"] == "reviewed"}
        here = {decision_id: row for (in_case, decision_id), row in kept.items() if in_case == case_id}
        faults += [Fault(case_id, None, f"the review of decision {found} is missing") for found in drawn.keys() - here]
        for decision_id, row in here.items():
            if not _as_noted(row, lots.get(decision_id), drawn.get(decision_id), done.get(decision_id)):
                faults.append(Fault(case_id, None, f"the review of decision {decision_id} was changed"))
    return faults


def _as_noted(review: Row, decided: Row | None, drawn: Row | None, done: Row | None) -> bool:
    if decided is None or drawn is None:
        return False
    noted = data_of(drawn)
    eligible, share = noted.get("eligible"), noted.get("share")
    if not isinstance(eligible, list) or not isinstance(share, int | float):
        return False
    by_lot = lot.drawn(decided["hash"], share) and lot.reviewer(decided["hash"], eligible) == review["reviewer_id"]
    if done is None:
        return by_lot and review["state"] != "done"
    said = data_of(done)
    names = ("action", "reason", "same_action", "same_direction")
    as_said = review["state"] == "done" and all(review[name] == said.get(name) for name in names)
    return by_lot and as_said and done["actor_id"] == review["reviewer_id"] != (decided["actor_id"] or 0)
