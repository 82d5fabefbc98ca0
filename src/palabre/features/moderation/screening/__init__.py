"""Rules before publication: words, patterns, links, rates and newcomers; they hold, label, limit, or ask to think again.

Removing is never theirs. At the gate of posts (wired in `consequences.py`):
    screen(conn, Writing) -> Verdict; a rule that fails lets the post pass and tells the staff

Made by the staff (`by` is the caller), tried before they come into force:
    all_rules, rule, create(conn, by, Content) -> id, change, versions, switches, hits_of
    try_rule(conn, by, rule_id): a dry run over last week's posts, in the background; samples(conn, trial)
    activate (only what was tried), turn_off; try_text(by, Content, text)

For authors:
    held(conn, account_id) -> [Held]: what waits for a moderator; any_held(conn, account_id): whether anything does;
    ask(conn, account_id, post_id): for a human, sooner
    announced(conn): the rules in force, for everybody to read of

By the clock: release_overdue, forget_asked. `model` has the shapes, `match` what meets a rule, `rules` what a rule may say.
"""

from palabre.base.tables import Table, Tables
from palabre.features.moderation.screening.loaded import forget, keep_fresh
from palabre.features.moderation.screening.manage import (
    activate,
    all_rules,
    announced,
    change,
    create,
    hits_of,
    rule,
    switches,
    try_text,
    turn_off,
    versions,
)
from palabre.features.moderation.screening.model import Conditions, Content, Facts, Hit, Record, Rule, Trial
from palabre.features.moderation.screening.screen import screen
from palabre.features.moderation.screening.trial import samples
from palabre.features.moderation.screening.trial import start as try_rule
from palabre.features.moderation.screening.waiting import Held, ask, forget_asked, release_overdue
from palabre.features.moderation.screening.waiting import any_of as any_held
from palabre.features.moderation.screening.waiting import mine as held

TABLES: Tables = {
    "screening_rules": Table(None),
    "screening_versions": Table(None),
    "screening_switches": Table(None),
    "screening_hits": Table("rule_id"),
    "screening_trials": Table(None),
    "held_posts": Table("author_id"),
    "screening_asked": Table("account_id"),
}

__all__ = [
    "TABLES",
    "Conditions",
    "Content",
    "Facts",
    "Held",
    "Hit",
    "Record",
    "Rule",
    "Trial",
    "activate",
    "all_rules",
    "announced",
    "any_held",
    "ask",
    "change",
    "create",
    "forget",
    "forget_asked",
    "held",
    "hits_of",
    "keep_fresh",
    "release_overdue",
    "rule",
    "samples",
    "screen",
    "switches",
    "try_rule",
    "try_text",
    "turn_off",
    "versions",
]
