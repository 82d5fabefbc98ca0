"""The community's graceful end: announced, told to everybody, everybody's archive made; then read-only, then tombstones.

begin(conn, at, message) -> End, call_off(conn), status(conn) -> Status: `instance.about(conn).end` is what all the rest reads
set_home(conn, account_id, written), home(conn, account_id): where a member can be found afterwards
write_tombstones(db, dest, progress): a folder of plain files that says what stood where
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.wind_down.announce import Status, begin, call_off, status
from palabre.features.portability.wind_down.homes import forget_home, set_home
from palabre.features.portability.wind_down.store import home
from palabre.features.portability.wind_down.tombstones import Tombstones, write_tombstones

TABLES: Tables = {"farewells": Table(None), "new_homes": Table("account_id")}

__all__ = [
    "TABLES",
    "Status",
    "Tombstones",
    "begin",
    "call_off",
    "forget_home",
    "home",
    "set_home",
    "status",
    "write_tombstones",
]
