"""Reporting and judging, as the tests do it again and again."""

from typing import Any

from palabre.features import accounts, posts
from palabre.features.accounts import Caller
from tests.support.network import Network
from tests.support.people import Person

STAFF_SCOPES = ("read", "write", "follow", "push", "admin:read", "admin:write")


async def reports(who: Person, whom: Person, *said: Any, expect: int = 200, **more: Any) -> Any:
    """`who` reports posts of `whom`, or, with none, the account."""
    body = {"account_id": whom.id, "status_ids": [post["id"] for post in said], **more}
    return await who.post("/api/v1/reports", expect, **body)


async def only_case(moderator: Person) -> Any:
    """The one case that is open, with all that is in it."""
    (found,) = await moderator.get("/api/palabre/v1/cases")
    return await moderator.get(f"/api/palabre/v1/cases/{found['id']}")


async def decides(moderator: Person, case: Any, action: str, expect: int = 200, **more: Any) -> Any:
    body = {"action": action, "reason": "We are kind to each other here.", "terms": True, **more}
    return await moderator.post(f"/api/palabre/v1/cases/{case['id']}/decide", expect, **body)


async def letters(who: Person) -> Any:
    return await who.get("/api/palabre/v1/letters")


async def deletes(network: Network, who: Person, post: Any) -> None:
    async with network.db.transaction() as conn:
        await posts.remove(conn, int(who.id), int(post["id"]))
    await network.work()


async def caller(network: Network, who: Person) -> Caller:
    async with network.db.reading() as conn:
        found = await accounts.recognise(conn, who.token)
    assert found
    return found
