"""Juries: members drawn by lot, from all camps, who say whether a decision stands or whether something breaks a rule.

Members:
    join(conn, account_id), leave(…), standing(…) -> Standing: who is willing, and whether he could be drawn
    my_seats(conn, account_id) -> [Seat]; seat(conn, account_id, panel_id); brief(…) -> Brief: what is to be judged
    vote(conn, account_id, panel_id, answer, reason), recuse(…), check_file(…), my_record(…) -> Record

Calling one:
    call(conn, case_id, decision_id, question, appellant_words=, excluded=) -> panel id | None: for appeals
    ask(conn, by, case_id, rule_id, words) -> panel id: for moderators, of an open case
    `events.PanelClosed` brings the answer.

Reading:
    panel(conn, panel_id) -> PanelView, panels, ready, of_case; published(conn, panel_id), verify(published)
    figures(conn, since) -> Figures: how often, how fast, how far jurors agree; records(conn, by): juror by juror

Time: `advance_due` and `keep_one_ready` are rounds, `refresh_camps` finds the camps of the follow graph once a day.
Files: `draw.py` is the draw, `groups.py` finds camps, `urn.py` draws from a panel's pool, `course.py` leads a panel to its end.
"""

from palabre.features.moderation.jury.call import ask, call, possible
from palabre.features.moderation.jury.camps import Camps, current_camps, find_camps, refresh_camps
from palabre.features.moderation.jury.course import advance_due, keep_one_ready
from palabre.features.moderation.jury.join import Standing, join, leave, standing
from palabre.features.moderation.jury.read import (
    Chair,
    Figures,
    PanelView,
    Record,
    figures,
    my_pseudonym,
    my_record,
    of_case,
    panel,
    panels,
    published,
    ready,
    records,
)
from palabre.features.moderation.jury.sit import Brief, Seat, brief, check_file, my_seats, recuse, seat, vote
from palabre.features.moderation.jury.verify import verify, verify_ballots

__all__ = [
    "Brief",
    "Camps",
    "Chair",
    "Figures",
    "PanelView",
    "Record",
    "Seat",
    "Standing",
    "advance_due",
    "ask",
    "brief",
    "call",
    "check_file",
    "current_camps",
    "figures",
    "find_camps",
    "join",
    "keep_one_ready",
    "leave",
    "my_pseudonym",
    "my_record",
    "my_seats",
    "of_case",
    "panel",
    "panels",
    "possible",
    "published",
    "ready",
    "records",
    "recuse",
    "refresh_camps",
    "seat",
    "standing",
    "verify",
    "verify_ballots",
    "vote",
]
