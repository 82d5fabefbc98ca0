"""People: sign-up, sessions and tokens, roles, standing, profiles."""

from palabre.base.tables import Table, Tables
from palabre.features.accounts.people import by_handle, by_handles, create, look, look_in_order
from palabre.features.accounts.store import count
from palabre.features.accounts.tokens import Caller, account_of, grant, recognise, revoke
from palabre.features.accounts.view import AccountView

TABLES: Tables = {
    "accounts": Table("id"),
    "handles": Table("handle"),
    "account_counts": Table("account_id"),
    "members": Table("account_id"),
    "emails": Table("email"),
    "invites": Table("code"),
    "tokens": Table("account_id"),
    "apps": Table("client_id"),
    "oauth_codes": Table("account_id"),
    "one_time_links": Table("account_id"),
}

__all__ = [
    "TABLES",
    "AccountView",
    "Caller",
    "account_of",
    "by_handle",
    "by_handles",
    "count",
    "create",
    "grant",
    "look",
    "look_in_order",
    "recognise",
    "revoke",
]
