"""The community itself: its name, rules, terms and who may join; set in the web pages, kept in the database."""

from palabre.base.tables import Table, Tables
from palabre.features.instance.about import (
    Instance,
    Rule,
    Terms,
    about,
    brake,
    configure,
    is_set_up,
    set_rules,
    set_terms,
    terms,
    terms_text,
)

TABLES: Tables = {"instance_settings": Table(None), "rules": Table(None), "terms": Table(None)}

__all__ = [
    "TABLES",
    "Instance",
    "Rule",
    "Terms",
    "about",
    "brake",
    "configure",
    "is_set_up",
    "set_rules",
    "set_terms",
    "terms",
    "terms_text",
]
