"""What can happen to an appeal."""

from palabre.base.events import Event


class Appealed(Event, frozen=True):
    case_id: int
    appeal_id: int
    decision_id: int


class AppealQuestioned(Event, frozen=True):
    """Who judges it asks something. `letters`: as in `Decided`."""

    case_id: int
    appeal_id: int
    letters: list[tuple[int, int]]


class AppealDecided(Event, frozen=True):
    """`letters`: to whom it was turned down; of everything else the decision's own event tells."""

    case_id: int
    appeal_id: int
    decision_id: int
    outcome: str
    letters: list[tuple[int, int]]
