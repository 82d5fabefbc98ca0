"""A second host that follows the first: whatever media the first writes or deletes is noted for it until it has confirmed.

On the first host: Mirrored(blobs, db, synchronous) in every process; services(blobs, db) for the link; register, forget,
forget_all, standbys(conn) -> who lacks how much since when. On the standby: follow_media(address, store, told=…, scratch=…).
"""

from palabre.base.tables import Table, Tables
from palabre.features.portability.standby.following import Progress, follow_media
from palabre.features.portability.standby.mirrored import Mirrored
from palabre.features.portability.standby.queue import Standby, forget, forget_all, register, standbys
from palabre.features.portability.standby.serving import services

#: Hosts come and go apart from the network: an archive doesn't carry them.
TABLES: Tables = {
    "standbys": Table("name", derived=True),
    "mirror_queue": Table("standby", derived=True),
}

__all__ = [
    "TABLES",
    "Mirrored",
    "Progress",
    "Standby",
    "follow_media",
    "forget",
    "forget_all",
    "register",
    "services",
    "standbys",
]
