"""The community itself: its name, rules, terms and who may join; set in the web pages, kept in the database.

about(conn) -> Instance; configure, set_rules, set_terms, set_contacts change it
rule_versions(conn), terms_versions(conn): all there ever were; terms(conn, version=None): the one in force
changes(before, after): what became of a text, line by line
mark(conn, …), prove(origin, key): that a name leads to this very network
"""

from palabre.base.tables import Table, Tables
from palabre.features.instance.about import (
    about,
    brake,
    configure,
    is_set_up,
    keep_fresh,
    set_contacts,
    set_end,
    set_rules,
    set_terms,
)
from palabre.features.instance.events import TermsAnnounced
from palabre.features.instance.proof import Mark, NotUs, mark, prove
from palabre.features.instance.shapes import Body, Contacts, End, Instance, Rule
from palabre.features.instance.versions import (
    Change,
    RuleVersion,
    Terms,
    as_text,
    changes,
    newest_terms,
    rule_versions,
    terms,
    terms_versions,
)

TABLES: Tables = {
    "instance_settings": Table(None),
    "rules": Table(None),
    "terms": Table(None),
    "rule_versions": Table(None),
}

__all__ = [
    "TABLES",
    "Body",
    "Change",
    "Contacts",
    "End",
    "Instance",
    "Mark",
    "NotUs",
    "Rule",
    "RuleVersion",
    "Terms",
    "TermsAnnounced",
    "about",
    "as_text",
    "brake",
    "changes",
    "configure",
    "is_set_up",
    "keep_fresh",
    "mark",
    "newest_terms",
    "prove",
    "rule_versions",
    "set_contacts",
    "set_end",
    "set_rules",
    "set_terms",
    "terms",
    "terms_versions",
]
