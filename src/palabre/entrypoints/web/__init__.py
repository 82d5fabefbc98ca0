"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.web import files, health
from palabre.entrypoints.web.door import WebDoor

ROUTES = [*health.routes, *files.routes]

__all__ = ["ROUTES", "WebDoor"]
