"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.web import (
    about,
    case_files,
    compose,
    files,
    health,
    home,
    notifications,
    profile,
    reactions,
    report,
    search,
    static_files,
    thread,
    ties,
)
from palabre.entrypoints.web.door import WebDoor

ROUTES = [
    *health.routes,
    *files.routes,
    *static_files.routes,
    *case_files.routes,
    *home.routes,
    *thread.routes,
    *profile.routes,
    *ties.routes,
    *compose.routes,
    *reactions.routes,
    *notifications.routes,
    *search.routes,
    *report.routes,
    *about.routes,
]

__all__ = ["ROUTES", "WebDoor"]
