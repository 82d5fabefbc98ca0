"""Time: warning before a case is overdue, and braking sign-ups while nobody keeps order.

wind(conn): set the alarms of cases whose deadline is new; ring(conn): warn of those that are due, each once
ring_for_appeals(conn): the same for appeals, whose cases are decided
watch(conn): while cases are overdue and no moderator acts, sign-ups go to approval or close (`idle_brake`)

All are rounds (`palabre.rounds`), harmless twice. Warnings go out as notifications, mail and signed webhooks.
"""

from palabre.features.moderation.clocks.idle import watch
from palabre.features.moderation.clocks.ring import ring, ring_for_appeals, wind

__all__ = ["ring", "ring_for_appeals", "watch", "wind"]
