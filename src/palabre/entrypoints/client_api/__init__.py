"""The Mastodon client API: one file per family of endpoints."""

from palabre.entrypoints.client_api import (
    accounts,
    admin_accounts,
    admin_domains,
    admin_doors,
    admin_figures,
    admin_reports,
    admin_tags,
    appeals,
    apps,
    blocks,
    bulk_decisions,
    case_filters,
    cases,
    discovery,
    follows,
    holds,
    instance,
    jury,
    markers,
    media,
    notices,
    notification_groups,
    notifications,
    oauth,
    openness,
    profile,
    reactions,
    reports,
    screening,
    search,
    statuses,
    streaming,
    timelines,
    trends,
)
from palabre.entrypoints.client_api.door import CORS, ApiDoor
from palabre.entrypoints.client_api.sockets import websocket

FAMILIES = (
    accounts,
    admin_accounts,
    admin_domains,
    admin_doors,
    admin_figures,
    admin_reports,
    appeals,
    admin_tags,
    apps,
    blocks,
    bulk_decisions,
    case_filters,
    cases,
    discovery,
    follows,
    holds,
    instance,
    jury,
    markers,
    media,
    notices,
    notification_groups,
    notifications,
    oauth,
    openness,
    profile,
    reactions,
    reports,
    screening,
    search,
    statuses,
    streaming,
    timelines,
    trends,
)
ROUTES = [route for family in FAMILIES for route in family.routes]


def is_ours(path: str) -> bool:
    """Whether a path belongs to client applications rather than to browsers' pages."""
    return path.startswith(("/api/", "/oauth/", "/.well-known/")) and path != "/oauth/authorize"


__all__ = ["CORS", "ROUTES", "ApiDoor", "is_ours", "websocket"]
