"""Signing in in two steps: after the password, a code from an app, or one of ten recovery codes on paper.

prepare(conn, account_id) -> Secret: to be scanned
confirm(conn, account_id, key, code) -> recovery codes: from here on it is asked for; is_prepared(conn, account_id, key)
is_on(conn, account_id); check(conn, account_id, code): a code of the app or a recovery code, each once
turn_off(conn, account_id); renew(conn, account_id) -> recovery codes, those before no longer work
"""

from palabre.features.accounts.two_factor.codes import (
    check,
    confirm,
    is_on,
    is_prepared,
    left,
    prepare,
    renew,
    turn_off,
)
from palabre.features.accounts.two_factor.rules import Secret

__all__ = ["Secret", "check", "confirm", "is_on", "is_prepared", "left", "prepare", "renew", "turn_off"]
