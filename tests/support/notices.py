"""Notices as hosts, authorities and strangers send them in the tests."""

from typing import Any

from palabre.base import clock
from palabre.features import accounts
from palabre.features.moderation import notices
from tests.support.network import Network
from tests.support.order import caller
from tests.support.people import Person

FORM: dict[str, Any] = {
    "explanation": "This incites to violence against my neighbour.",
    "category": "legal",
    "name": "Nadia Stranger",
    "email": "nadia@mail.example",
    "good_faith": True,
}


async def notifies(who: Person, *urls: str, expect: int = 201, **more: Any) -> Any:
    return await who.post("/api/palabre/v1/notices", expect, **{**FORM, "urls": list(urls), **more})


async def status(who: Person, notice: Any) -> Any:
    return await who.get(f"/api/palabre/v1/notices/{notice['secret']}")


async def states(who: Person, notice: Any) -> list[str]:
    return [item["problem"] or item["state"] for item in (await status(who, notice))["items"]]


async def key_for(network: Network, owner: Person, kind: str, areas: tuple[str, ...] = ()) -> Person:
    """Somebody outside who has a key; a Person whose token it is."""
    async with network.db.transaction() as conn:
        by = await caller(network, owner)
        _, key = await notices.issue(conn, by, kind, f"The {kind}", f"{kind}@out.example", list(areas))
    return Person(network, kind, 0, key)


async def account_view(network: Network, who: Person) -> accounts.AccountView:
    async with network.db.reading() as conn:
        return (await accounts.look(conn, [int(who.id)]))[int(who.id)]


def url(post: Any) -> str:
    return str(post["url"])


def moved(monkeypatch: Any, hours: float) -> None:
    """Time goes by."""
    from datetime import timedelta

    before = clock.now
    monkeypatch.setattr(clock, "now", lambda: before() + timedelta(hours=hours))
