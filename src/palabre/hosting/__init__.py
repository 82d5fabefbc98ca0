"""The roles of a data folder. `palabre serve` does what the folder's role says: it serves, follows another host, or has moved.

state.py      DATA/host.json: the role, and whom this host knows
host.py       what a supervisor holds through all roles: web port, database server, control socket, link
network.py    the role `serving`; replicas.py its standbys; fencing.py of two hosts that would serve, one stops
standby.py    the role `standby`; base_backup.py, doors.py, lag.py, waiting_page.py; promote.py ends it
invite.py     letting another host follow; enlist.py: becoming that host
control.py    the Unix socket by which commands reach the running supervisor
services.py   what is answered over the link, in the process of linking.py
"""

from palabre.hosting.host import Host, Voice
from palabre.hosting.moved import Moved
from palabre.hosting.network import Network
from palabre.hosting.problems import HostProblem, PortTaken, StartFailed
from palabre.hosting.standby import Standby
from palabre.settings import Settings

__all__ = ["HostProblem", "PortTaken", "StartFailed", "Voice", "serve"]


async def serve(settings: Settings, voice: Voice) -> None:
    """Until SIGTERM or SIGINT. Raises HostProblem or PostgresProblem when it cannot start or go on."""
    await Host(settings, voice).run({"serving": Network, "standby": Standby, "moved": Moved})
