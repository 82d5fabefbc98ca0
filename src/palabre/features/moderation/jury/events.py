"""What can happen with juries."""

from palabre.base.events import Event


class PanelCalled(Event, frozen=True):
    panel_id: int


class PanelDrawn(Event, frozen=True):
    """`seats`: those newly drawn: the first ones, or replacements."""

    panel_id: int
    seats: list[int]


class JurorReminded(Event, frozen=True):
    panel_id: int
    seat: int


class PanelClosed(Event, frozen=True):
    """`decision_id` 0: a moderator asked about an open case. `outcome`: uphold, overturn or none.

    `reason`: what those wrote who made the majority; of 'none', why: unfilled, split or silence.
    """

    panel_id: int
    case_id: int
    decision_id: int
    outcome: str
    reason: str
