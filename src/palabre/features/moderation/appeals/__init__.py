"""Appeals: a decision is judged once more, by somebody else; a reversal gives everything back and tells everybody.

Appealing (whom the decision concerns, or who brought the matter up):
    lodge(conn, Appellant(account_id=… | notice_id=…), case_id, decision_id, words) -> Appeal
    withdraw(conn, Appellant, case_id, appeal_id), answer(…, words), ask_jury(…, words) -> Appeal
    mine(conn, Appellant) -> [Mine], of_appellant(conn, Appellant, case_id, appeal_id) -> Appeal,
    may_appeal(conn, Appellant, decision), on_decisions(conn, Appellant, decision_ids) -> {decision_id: Appeal}

Judging (staff; never who made the decision, nor a party: the tables' constraints say so too):
    waiting(conn, by) -> Waiting; hearing(conn, by, case_id, appeal_id) -> Hearing
    judge(conn, by, case_id, appeal_id, outcome, reason, ruling), ask(…), leave_to_jury(conn, by, case_id, appeal_id)
    For who made the decision: concede(…) gives it back, state_view(…) says how he sees it.

figures(conn, since, until) -> Figures: for the transparency report.
"""

from palabre.features.moderation.appeals.appeal import Appeal, Appellant
from palabre.features.moderation.appeals.browse import (
    Hearing,
    Mine,
    Waiting,
    hearing,
    may_appeal,
    mine,
    of_appellant,
    on_decisions,
    waiting,
)
from palabre.features.moderation.appeals.events import AppealDecided, Appealed, AppealQuestioned
from palabre.features.moderation.appeals.figures import Figures, figures
from palabre.features.moderation.appeals.judge import concede, judge
from palabre.features.moderation.appeals.lodge import ask_jury, lodge, withdraw
from palabre.features.moderation.appeals.talk import Said, answer, ask, state_view
from palabre.features.moderation.appeals.to_jury import leave_to_jury
from palabre.features.moderation.appeals.verify import check_appeals
from palabre.features.moderation.log.verify import MORE_CHECKS

MORE_CHECKS.append(check_appeals)

__all__ = [
    "Appeal",
    "AppealDecided",
    "AppealQuestioned",
    "Appealed",
    "Appellant",
    "Figures",
    "Hearing",
    "Mine",
    "Said",
    "Waiting",
    "answer",
    "ask",
    "ask_jury",
    "concede",
    "figures",
    "hearing",
    "judge",
    "leave_to_jury",
    "lodge",
    "may_appeal",
    "mine",
    "of_appellant",
    "on_decisions",
    "state_view",
    "waiting",
    "withdraw",
]
