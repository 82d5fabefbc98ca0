"""The roles of a data folder. `palabre serve` does what the folder's role says: it serves, follows another host, or has moved.

state.py      DATA/host.json: the role, and whom this host knows
host.py       what a supervisor holds through all roles: web port, database server, control socket, link
network.py    serving            standby.py    following another host
control.py    the Unix socket by which commands reach the running supervisor
"""

from palabre.hosting.host import Host, Voice
from palabre.hosting.moved import Moved
from palabre.hosting.network import Network
from palabre.hosting.problems import HostProblem, PortTaken, StartFailed
from palabre.settings import Settings

__all__ = ["HostProblem", "PortTaken", "StartFailed", "Voice", "serve"]


async def serve(settings: Settings, voice: Voice) -> None:
    """Until SIGTERM or SIGINT. Raises HostProblem or PostgresProblem when it cannot start or go on."""
    await Host(settings, voice).run({"serving": Network, "moved": Moved})
