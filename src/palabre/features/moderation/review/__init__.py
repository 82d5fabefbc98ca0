"""Blind double review: a share of the decisions, drawn by lot, is made again by a moderator who doesn't see the first.

drawn(hash, share), reviewer(hash, eligible): the lot, which anybody can draw again from the case's log
mine(conn, by) -> [Due]: what the reader is to judge again; `moderation.case` shows such a case as nobody had decided it
review(conn, by, case_id, action, reason, rule_ids) -> Review: judge it; from then on the first decision is to be seen
disagreements(conn, by) -> [Review]: where the two wanted different things, for everybody on the staff
figures(conn, since, until) -> Figures: for the transparency report
"""

from palabre.features.moderation.log.verify import MORE_CHECKS
from palabre.features.moderation.review.browse import Disagreement, Due, disagreements, mine
from palabre.features.moderation.review.events import Reviewed
from palabre.features.moderation.review.figures import Figures, figures
from palabre.features.moderation.review.judge import Review, review
from palabre.features.moderation.review.lot import draw, drawn, lapse_overdue, reviewer, stop_for_appeal
from palabre.features.moderation.review.verify import check_reviews

MORE_CHECKS.append(check_reviews)

__all__ = [
    "Disagreement",
    "Due",
    "Figures",
    "Review",
    "Reviewed",
    "disagreements",
    "draw",
    "drawn",
    "figures",
    "lapse_overdue",
    "mine",
    "review",
    "reviewer",
    "stop_for_appeal",
]
