"""What every door over HTTP shares: finding the route, who is asking, how often, in one transaction, what went wrong."""

from palabre.entrypoints.edge.door import Door, follow_up
from palabre.entrypoints.edge.request import File, Request
from palabre.entrypoints.edge.routes import Route, Router, Routes

__all__ = ["Door", "File", "Request", "Route", "Router", "Routes", "follow_up"]
