"""A mass Move to another name: who becomes whom, and a ledger of every follower elsewhere who is to hear of it.

prepare(db, new_origin, tell) -> Plan: makes the plan, goes on with one broken off, or brings a finished one up to date
look(conn) -> Plan | None: how it stands; cancel(db): forgets it
Nothing is sent yet: that comes with federation, which works the ledger off, row by row.
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.domain_moves.forget import forget_moved
from palabre.features.portability.domain_moves.plan import Plan, cancel, look, prepare

TABLES: Tables = {
    "domain_moves": Table(None),
    "domain_move_accounts": Table("account_id"),
    "domain_move_followers": Table("account_id"),
}

__all__ = ["TABLES", "Plan", "cancel", "forget_moved", "look", "prepare"]
