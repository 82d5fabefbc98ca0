"""Time: warning before a case is overdue, and braking sign-ups while nobody keeps order.

wind(conn): set the alarms of cases whose deadline is new; ring(conn): warn of those that are due, each once
watch(conn): while cases are overdue and no moderator acts, sign-ups go to approval or close (`idle_brake`)

All are rounds (`palabre.rounds`), harmless twice. Warnings go out as notifications, mail and signed webhooks.
"""

from palabre.features.moderation.clocks.idle import watch
from palabre.features.moderation.clocks.ring import ring, wind

__all__ = ["ring", "watch", "wind"]
