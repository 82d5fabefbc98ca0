"""Applications that act for members: registered, asked for, allowed, given tokens. The rules are oauthlib's."""

from palabre.base.db import Database
from palabre.features.accounts.oauth import store
from palabre.features.accounts.oauth.apps import OUT_OF_BAND, App, app, register
from palabre.features.accounts.oauth.authorise import Answer, Asked, AskedWrongly, approve, deny, describe_request
from palabre.features.accounts.oauth.grant import Denied, Token, exchange, give_back, issue


async def discard_codes(db: Database) -> None:
    """Forget codes a day after they ceased to work."""
    async with db.transaction() as conn:
        await store.discard_codes(conn)


__all__ = [
    "OUT_OF_BAND",
    "Answer",
    "App",
    "Asked",
    "AskedWrongly",
    "Denied",
    "Token",
    "app",
    "approve",
    "deny",
    "describe_request",
    "discard_codes",
    "exchange",
    "give_back",
    "issue",
    "register",
]
