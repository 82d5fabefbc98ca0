"""Whether the public log says what was published of the cases' logs: derived once more, entry by entry."""

from collections.abc import Mapping, Sequence

import msgspec

from palabre.base import signing
from palabre.base.db import Conn, Row
from palabre.features.moderation.canonical import canonical
from palabre.features.moderation.log import Entry, Fault
from palabre.features.moderation.log.verify import data_of
from palabre.features.moderation.transparency import store
from palabre.features.moderation.transparency.entry import PublicEntry
from palabre.features.moderation.transparency.public import derive


async def check_public(conn: Conn, case_ids: Sequence[int], logs: Mapping[int, list[Row]]) -> list[Fault]:
    sealed = await store.sealed_entries(conn, case_ids)
    if not any(sealed.values()):
        return []
    signer = await signing.signer(conn)
    published: dict[int, dict[int, Row]] = {case_id: {} for case_id in case_ids}
    for row in await store.public_of_cases(conn, case_ids):
        published[row["case_id"]][row["seq"]] = row
    faults = []
    for case_id, kept in published.items():
        log = [Entry(row["seq"], row["at"], row["actor_id"], row["kind"], data_of(row)) for row in logs[case_id]]
        due = {seq: one for seq, one in derive(case_id, log, 0, signer) if seq <= sealed.get(case_id, 0)}
        faults += [
            Fault(case_id, seq, "the public log is not as it was written")
            for seq in sorted(due.keys() | kept.keys())
            if seq not in due or seq not in kept or not _same(kept[seq], due[seq])
        ]
    return faults


def _same(row: Row, due: PublicEntry) -> bool:
    """Which words of a law are held back may be judged otherwise by another version of the program."""
    said, meant = msgspec.json.decode(row["entry"]), due.entry
    if not said.get("law") or not meant.get("law"):
        said, meant = ({**one, "law": "", "law_withheld": False} for one in (said, meant))
    where = (row["id"], row["at"], row["refers_to"]) == (due.id, due.at, due.refers_to)
    return where and canonical(said) == canonical(meant)
