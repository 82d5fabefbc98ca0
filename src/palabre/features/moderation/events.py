"""What can happen in moderation."""

from palabre.base.events import Event


class Reported(Event, frozen=True):
    """Something came in, from whichever side."""

    case_id: int
    report_id: int


class CaseChanged(Event, frozen=True):
    """It is open again, or its reports come to something else now."""

    case_id: int


class Decided(Event, frozen=True):
    """`letters`: (account id, letter id) of everybody who is to be told; of a decision or of its undoing."""

    case_id: int
    decision_id: int
    letters: list[tuple[int, int]]
    undoing: bool = False
