"""Turning the second step on and off, and checking its codes."""

import secrets

from palabre.base import clock
from palabre.base.db import Conn
from palabre.base.errors import Refused
from palabre.features.accounts.two_factor import rules, store
from palabre.features.accounts.two_factor.rules import Secret
from palabre.settings import current


async def prepare(conn: Conn, account_id: int, username: str) -> Secret:
    """A secret for an app; the same until it is confirmed. Raises Refused where the second step is on already."""
    found = await store.one(conn, account_id)
    if found and found["since"]:
        raise Refused("Signing in in two steps is on already.", code="two_factor_on")
    key = found["secret"] if found else await store.add(conn, account_id, rules.new_key())
    return Secret(key, rules.uri(key, username, current().name))


async def is_prepared(conn: Conn, account_id: int, key: str) -> bool:
    """Whether this is the secret that was shown and not confirmed yet."""
    found = await store.one(conn, account_id)
    return bool(found and not found["since"] and secrets.compare_digest(found["secret"].encode(), key.encode()))


async def confirm(conn: Conn, account_id: int, key: str, code: str) -> list[str]:
    """Turn it on with a first code from the app; recovery codes, which are shown this once. `key`: the secret, which only
    he knows who gave the password to see it. Raises Refused."""
    found = await store.lock(conn, account_id)
    if found is None or not await is_prepared(conn, account_id, key):
        raise Refused("Please begin again.", code="two_factor_begin")
    step = rules.step_of(found["secret"], rules.tidy(code), clock.now())
    if step is None:
        raise _wrong()
    await store.turn_on(conn, account_id, clock.now(), step)
    return await renew(conn, account_id)


async def is_on(conn: Conn, account_id: int) -> bool:
    found = await store.one(conn, account_id)
    return bool(found and found["since"])


async def left(conn: Conn, account_id: int) -> int:
    """How many recovery codes there still are."""
    return await store.count_recovery(conn, account_id)


async def check(conn: Conn, account_id: int, code: str) -> None:
    """Raises Refused for a code that is wrong or was used before."""
    found = await store.lock(conn, account_id)
    given = rules.tidy(code)
    if found is None or not found["since"]:
        return
    step = rules.step_of(found["secret"], given, clock.now()) if given.isdigit() else None
    if step is not None and step > found["last_step"]:
        await store.used(conn, account_id, step)
    elif not await store.take_recovery(conn, account_id, rules.digest(given)):
        raise _wrong()


async def renew(conn: Conn, account_id: int) -> list[str]:
    """New recovery codes; those before no longer work."""
    codes = rules.recovery_codes()
    await store.replace_recovery(conn, account_id, [rules.digest(code) for code in codes])
    return codes


async def turn_off(conn: Conn, account_id: int) -> bool:
    """Whether it was on. What was prepared is forgotten too."""
    return await store.remove(conn, account_id)


def _wrong() -> Refused:
    return Refused("This code is wrong, or has been used.", field="code", code="wrong_code")
