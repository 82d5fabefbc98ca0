"""What can happen to a review."""

from palabre.base.events import Event


class Reviewed(Event, frozen=True):
    """`same_direction`: whether both wanted to restrict, or neither."""

    case_id: int
    decision_id: int
    same_direction: bool
