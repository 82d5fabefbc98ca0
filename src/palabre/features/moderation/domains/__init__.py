"""Domains: what is done about whole servers elsewhere, by the moderators or by lists that they follow.

policy(conn, domain) -> Policy: what holds for a domain and why not to talk to it; federation asks this
set_measure, lift, undo, browse, one, by_id, every, history: measures, each change in a log that shows tampering
allow, disallow, allowed, one_allowed: with whom one talks where one talks with nobody else
import_file, export_file: Mastodon's CSV, with a report on every line
lists: subscriptions, drafts, exclusions
settle: accounts from there get the standing that their domain's measures and decisions on themselves add up to

`by` None is the operator, by command; anybody else must be of the staff.
"""

from palabre.features.moderation.domains import lists
from palabre.features.moderation.domains.allows import Allow, allow, allowed, disallow, one_allowed
from palabre.features.moderation.domains.events import DomainChanged
from palabre.features.moderation.domains.files import TAKEN, Import, Outcome, export_file, import_file
from palabre.features.moderation.domains.log import Entry, Fault, verify
from palabre.features.moderation.domains.measures import (
    Standing,
    browse,
    by_id,
    every,
    history,
    lift,
    one,
    set_measure,
    undo,
)
from palabre.features.moderation.domains.policy import policies, policy
from palabre.features.moderation.domains.rules import SEVERITIES, Measure, Policy, obfuscated

__all__ = [
    "SEVERITIES",
    "TAKEN",
    "Allow",
    "DomainChanged",
    "Entry",
    "Fault",
    "Import",
    "Measure",
    "Outcome",
    "Policy",
    "Standing",
    "allow",
    "allowed",
    "browse",
    "by_id",
    "disallow",
    "every",
    "export_file",
    "history",
    "import_file",
    "lift",
    "lists",
    "obfuscated",
    "one",
    "one_allowed",
    "policies",
    "policy",
    "set_measure",
    "undo",
    "verify",
]
