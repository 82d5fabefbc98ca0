"""Passwords, hashed with argon2 in threads: it takes a tenth of a second and 64 MB each, so only a few at once."""

import asyncio
import os
from functools import cache
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import CHEAPEST, RFC_9106_LOW_MEMORY

from palabre.settings import current

_AT_ONCE = max(1, (os.cpu_count() or 2) // 2)
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def make(password: str) -> str:
    """The password's hash, to be stored. Call it outside any transaction: callers may queue here."""
    async with _turn():
        return await asyncio.to_thread(_hasher(current().password_cost).hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Without a stored hash it is false, after as long as it takes to say so of one."""
    cost = current().password_cost
    async with _turn():
        return await asyncio.to_thread(_verify, cost, stored or _nobodys(cost), password) and stored is not None


def _turn() -> asyncio.Semaphore:
    return _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE))


@cache
def _hasher(cost: str) -> PasswordHasher:
    return PasswordHasher.from_parameters(CHEAPEST if cost == "cheap" else RFC_9106_LOW_MEMORY)


@cache
def _nobodys(cost: str) -> str:
    return _hasher(cost).hash("nobody has this password")


def _verify(cost: str, stored: str, password: str) -> bool:
    try:
        return _hasher(cost).verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False
