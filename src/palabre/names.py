"""The names under which this network is reached: the first, and the spare ones (setting `domains`).

The first stands in handles and ids for ever (`current().origin`). Where an answer goes, links name the host by which it was
asked for (`here`); in mails, which anybody's request may cause, one that the operator says works (`current().link_origin`).
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from urllib.parse import urlsplit

from palabre.settings import current

_here: ContextVar[str | None] = ContextVar("here", default=None)
_USUAL = {"http": ":80", "https": ":443"}


def here() -> str:
    """The origin under which the reader of this answer asks; outside of a request, where links lead."""
    return _here.get() or current().link_origin


@contextlib.contextmanager
def asked_by(host: str) -> Iterator[None]:
    """While a request is answered. `host`: its Host header, which may be any text."""
    token = _here.set(origin_of(host))
    try:
        yield
    finally:
        _here.reset(token)


def origin_of(host: str) -> str:
    """Where links lead for who asks by this host: there, if it is a spare name of ours; else where they always do."""
    settings = current()
    name = host.lower().removesuffix(_USUAL.get(settings.scheme, "")) if settings.domains else ""
    return f"{settings.scheme}://{name}" if name in settings.domains else settings.link_origin


def origins() -> list[str]:
    """All of them, the first one first."""
    settings = current()
    return [settings.origin, *(f"{settings.scheme}://{host}" for host in settings.domains)]


def hosts() -> set[str]:
    """The hosts by which addresses and handles mean this network; with a port where it isn't the usual one."""
    named = {*(urlsplit(origin).netloc for origin in origins()), current().name}
    return {host.lower().removesuffix(":80").removesuffix(":443") for host in named}


def path_of(url: str) -> str | None:
    """What follows the host in one of our own addresses, whichever name it has; None: it is not ours."""
    for origin in origins():
        if url.lower().startswith(f"{origin.lower()}/"):
            return url[len(origin) :]
    return None
