"""Whether the network would survive: its archives, drills and standbys watched over, its owners told when something is wrong.

look(conn) -> Overview: how all of it stands; report(overview, lang) -> Report: the same in plain words
summary(overview): the same in a line; watch(db): a round that sets and ends alarms, and tells the owners of each
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.safekeeping.alarms import KIND, watch
from palabre.features.portability.safekeeping.overview import Overview, look
from palabre.features.portability.safekeeping.report import Item, Report, Section, report, summary
from palabre.features.portability.safekeeping.wording import notice

TABLES: Tables = {"safekeeping_alarms": Table("kind")}

__all__ = ["KIND", "TABLES", "Item", "Overview", "Report", "Section", "look", "notice", "report", "summary", "watch"]
