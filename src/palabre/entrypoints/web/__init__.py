"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.web import case_files, files, health, static_files
from palabre.entrypoints.web.door import WebDoor

ROUTES = [*health.routes, *files.routes, *static_files.routes, *case_files.routes]

__all__ = ["ROUTES", "WebDoor"]
