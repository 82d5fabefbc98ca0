"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.edge import Route
from palabre.entrypoints.web.door import WebDoor

ROUTES: list[Route] = []

__all__ = ["ROUTES", "WebDoor"]
