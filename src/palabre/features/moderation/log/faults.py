"""What is wrong with a log, for people to read."""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """`seq`: which entry of the case's log; None where it is not one entry that is at fault. `seal`: which seal says so,
    or is at fault itself.
    """

    case_id: int | None
    seq: int | None
    what: str
    seal: int | None = None

    def __str__(self) -> str:
        where = [] if self.case_id is None else [f"case {self.case_id}"]
        where += [f"entry {self.seq}"] if self.seq is not None else []
        where += [f"seal {self.seal}"] if self.seal is not None else []
        return f"{', '.join(where) or 'the seals'}: {self.what}"
