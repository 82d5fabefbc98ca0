"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.web import health
from palabre.entrypoints.web.door import WebDoor

ROUTES = [*health.routes]

__all__ = ["ROUTES", "WebDoor"]
