"""Order: a report becomes a case with a kept snapshot; a moderator decides with a reason; everybody concerned is told.

Reporting (any member):
    report(conn, reporter_id, account_id, post_ids, comment, category, rule_ids, forward) -> Report
    my_reports(conn, account_id) -> [Report]

Judging (staff; `by` is the caller, anybody else is Forbidden; a case about oneself is kept from one):
    counts(conn, by); the queue itself, bulk decisions and what moderators set up for themselves: `triage`
    case(conn, by, case_id) -> Case: its reports, snapshots, log, decisions, the account's past, everybody named
    assign(conn, by, case_id, to), note(conn, by, case_id, words), reopen(conn, by, case_id), open_case(conn, by, account_id)
    decide(conn, case_id, by, Ruling(action, reason, …)) -> Decision; `ACTIONS` says what there is
    undo(conn, case_id, decision_id, by, reason); lift(conn, account_id, by, action, reason)

For rules, juries and appeals, which are nobody in person:
    file(conn, Complaint(account_id, …, source=), seen_by) -> Report: whatever comes in, from whichever side
    impose(conn, case_id, Ruling, decided_by) -> Decision; take_back(conn, decision, actor_id, reason, how)
    find_reports, find_report, recategorise, kept_in, deciders, cited: single reports, for clients that know no cases
    check_file(conn, by, case_id, key): whether a kept file may be shown to this moderator; in_hand(conn, by, case_id): whether
        all of a case may, also how it was decided
    appeals.…: judging a decision once more, by somebody else; review.…: a share of them blind
    people.find / people.one: accounts with address, role and standing

    draw_up(conn, case_id, by, Ruling) -> Decision; preview(conn, decision): the letters it would send
    strikes(conn, account_id) -> [Strike]; proposed(how many) -> Step: what the ladder says
    answers, save_answer, remove_answer: what moderators write again and again

Being told (any member):
    letters(conn, account_id) -> [Letter], letter, by_secret, mark_read, count_unread
    sections(letter, locale, contact): all that it says; an author's letter is a statement of reasons (`statement.py`)

screening: rules before publication, and the posts that they hold.

Sub-features, each with a table of contents of its own: notices (what comes in from outside).

verify(conn) -> [Fault]: whether anything in the logs, snapshots, reports, decisions or seals was changed behind the
network's back. log.seal… chains all logs together; see `log/`.
"""

from palabre.base.tables import Table, Tables
from palabre.features.moderation import appeals, notices, people, review, screening
from palabre.features.moderation.actions import ACTIONS, Action
from palabre.features.moderation.answers import SavedAnswer, answers, remove_answer, save_answer
from palabre.features.moderation.cases import (
    NOBODY,
    Case,
    Summary,
    assign,
    case,
    check_file,
    cited,
    counts,
    deciders,
    find_report,
    find_reports,
    in_hand,
    kept_in,
    laws_cited,
    note,
    recategorise,
    reopen,
)
from palabre.features.moderation.decide import (
    decide,
    draw_up,
    end_expired,
    find_decision,
    impose,
    lift,
    take_back,
    undo,
)
from palabre.features.moderation.decision import Decision, Ruling
from palabre.features.moderation.events import CaseChanged, Decided, Reported
from palabre.features.moderation.letters import Letter, by_secret, count_unread, letter, letters, mark_read, preview
from palabre.features.moderation.log import Entry, Fault, verify
from palabre.features.moderation.reports import Complaint, Report, file, my_reports, open_case, report
from palabre.features.moderation.rules import CATEGORIES, SOURCES
from palabre.features.moderation.snapshot import Snapshot
from palabre.features.moderation.statement import Statement
from palabre.features.moderation.strikes import Step, Strike, proposed, strikes
from palabre.features.moderation.wording import Section, as_text, described_facts, sections

TABLES: Tables = {
    "cases": Table("id"),
    "open_subjects": Table("account_id", derived=True),
    "reports": Table("case_id"),
    "snapshots": Table("case_id"),
    "decisions": Table("case_id"),
    "case_events": Table("case_id"),
    "letters": Table("account_id"),
    "saved_answers": Table(None),
    "legal_holds": Table("case_id"),
    "appeals": Table("case_id"),
    "reviews": Table("case_id"),
    **screening.TABLES,
    **notices.TABLES,
    "log_seals": Table(None),
    "public_log": Table("month"),
    "transparency_reports": Table(None),
    # domains
    "domain_measures": Table("domain"),
    "domain_logs": Table("domain"),
    "domain_events": Table("domain"),
    "domain_allows": Table("domain"),
    "domain_exclusions": Table(None),
    "domain_lists": Table(None),
    "domain_list_entries": Table("domain"),
    "case_alarms": Table("case_id"),
    "prints": Table("group_id", derived=True),
    "print_bands": Table("band", derived=True),
    "reporter_records": Table("account_id", derived=True),
    "bulk_decisions": Table("id"),
    "bulk_cases": Table("bulk_id"),
    "desks": Table("account_id"),
    "saved_filters": Table("account_id"),
    "jurors": Table("account_id"),
    "jury_camps": Table("account_id", derived=True),
    "jury_camp_sizes": Table(None, derived=True),
    "jury_panels": Table("id"),
    "jury_seats": Table("panel_id"),
    "jury_ballots": Table("panel_id"),
}

__all__ = [
    "ACTIONS",
    "CATEGORIES",
    "NOBODY",
    "SOURCES",
    "TABLES",
    "Action",
    "Case",
    "CaseChanged",
    "Complaint",
    "Decided",
    "Decision",
    "Entry",
    "Fault",
    "Letter",
    "Report",
    "Reported",
    "Ruling",
    "SavedAnswer",
    "Section",
    "Snapshot",
    "Statement",
    "Step",
    "Strike",
    "Summary",
    "answers",
    "appeals",
    "as_text",
    "assign",
    "by_secret",
    "case",
    "check_file",
    "cited",
    "count_unread",
    "counts",
    "decide",
    "deciders",
    "described_facts",
    "draw_up",
    "end_expired",
    "file",
    "find_decision",
    "find_report",
    "find_reports",
    "impose",
    "in_hand",
    "kept_in",
    "laws_cited",
    "letter",
    "letters",
    "lift",
    "mark_read",
    "my_reports",
    "note",
    "notices",
    "open_case",
    "people",
    "preview",
    "proposed",
    "recategorise",
    "remove_answer",
    "reopen",
    "report",
    "review",
    "save_answer",
    "screening",
    "sections",
    "strikes",
    "take_back",
    "undo",
    "verify",
]
