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
    check_file(conn, by, case_id, key): whether a kept file may be shown to this moderator
    people.find / people.one: accounts with address, role and standing

Being told (any member):
    letters(conn, account_id) -> [Letter], letter, mark_read, count_unread

verify(conn) -> [Fault]: whether anything in the logs, snapshots or decisions was changed behind the network's back.
"""

from palabre.base.tables import Table, Tables
from palabre.features.moderation import people
from palabre.features.moderation.actions import ACTIONS, Action
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
    kept_in,
    note,
    recategorise,
    reopen,
)
from palabre.features.moderation.decide import decide, end_expired, impose, lift, take_back, undo
from palabre.features.moderation.decision import Decision, Ruling
from palabre.features.moderation.events import CaseChanged, Decided, Reported
from palabre.features.moderation.letters import Letter, count_unread, letter, letters, mark_read
from palabre.features.moderation.log import Entry, Fault, verify
from palabre.features.moderation.reports import Complaint, Report, file, my_reports, open_case, report
from palabre.features.moderation.rules import CATEGORIES, SOURCES
from palabre.features.moderation.snapshot import Snapshot

TABLES: Tables = {
    "cases": Table("id"),
    "open_subjects": Table("account_id", derived=True),
    "reports": Table("case_id"),
    "snapshots": Table("case_id"),
    "decisions": Table("case_id"),
    "case_events": Table("case_id"),
    "letters": Table("account_id"),
    "legal_holds": Table("case_id"),
    "case_alarms": Table("case_id"),
    "prints": Table("group_id", derived=True),
    "print_bands": Table("band", derived=True),
    "reporter_records": Table("account_id", derived=True),
    "bulk_decisions": Table("id"),
    "bulk_cases": Table("bulk_id"),
    "desks": Table("account_id"),
    "saved_filters": Table("account_id"),
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
    "Snapshot",
    "Summary",
    "assign",
    "case",
    "check_file",
    "cited",
    "count_unread",
    "counts",
    "decide",
    "deciders",
    "end_expired",
    "file",
    "find_report",
    "find_reports",
    "impose",
    "kept_in",
    "letter",
    "letters",
    "lift",
    "mark_read",
    "my_reports",
    "note",
    "open_case",
    "people",
    "recategorise",
    "reopen",
    "report",
    "take_back",
    "undo",
    "verify",
]
