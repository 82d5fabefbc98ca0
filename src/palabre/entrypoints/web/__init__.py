"""The web pages: server-rendered, whole without JavaScript."""

from palabre.entrypoints.web import (
    account_settings,
    admin,
    authorize,
    case_files,
    data_settings,
    files,
    health,
    invitations,
    moderation,
    own,
    people_admin,
    profile_settings,
    session_settings,
    setup,
    sign_in,
    sign_up,
    static_files,
    waiting,
)
from palabre.entrypoints.web.door import WebDoor

ROUTES = [
    *health.routes,
    *files.routes,
    *static_files.routes,
    *case_files.routes,
    *sign_in.routes,
    *sign_up.routes,
    *waiting.routes,
    *own.routes,
    *setup.routes,
    *authorize.routes,
    *profile_settings.routes,
    *account_settings.routes,
    *session_settings.routes,
    *data_settings.routes,
    *invitations.routes,
    *admin.routes,
    *people_admin.routes,
    *moderation.routes,
]

__all__ = ["ROUTES", "WebDoor"]
