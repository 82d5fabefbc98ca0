"""Rules before publication, as the tests make them."""

from typing import Any

from tests.support.network import Network
from tests.support.people import Person

RULES = "/api/palabre/v1/screening_rules"


async def drafts(moderator: Person, action: str = "hold", expect: int = 200, **more: Any) -> Any:
    """A rule as a draft. `conditions` may be given; the rest is about elephants."""
    body = {
        "title": "Elephants",
        "words": "Please don't mention the elephant in the room.",
        "action": action,
        "conditions": {"words": ["elephant"]},
        **more,
    }
    return await moderator.post(RULES, expect, **body)


async def enforces(network: Network, moderator: Person, action: str = "hold", **more: Any) -> Any:
    """A rule in force, after the dry run it takes."""
    rule = await drafts(moderator, action, **more)
    return await tries_and_activates(network, moderator, rule)


async def tries_and_activates(network: Network, moderator: Person, rule: Any) -> Any:
    await moderator.post(f"{RULES}/{rule['id']}/try")
    await network.work()
    return await moderator.post(f"{RULES}/{rule['id']}/activate")


async def held(who: Person) -> list[Any]:
    return list(await who.get("/api/palabre/v1/statuses/held"))
