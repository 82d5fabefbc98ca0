"""People elsewhere, and what the moderators think of where they come from."""

from collections.abc import AsyncIterator

import pytest

from palabre.features import accounts
from palabre.features.moderation import domains
from palabre.features.moderation.domains import Measure
from tests.support.lists import ListServer, list_server
from tests.support.network import Network


class Elsewhere:
    """The network as seen from other servers."""

    def __init__(self, network: Network) -> None:
        self.network = network

    async def account(self, name: str, domain: str) -> int:
        async with self.network.db.transaction() as conn:
            account_id = await accounts.create(conn, name, domain=domain)
        await self.network.work()
        return account_id

    async def standing(self, account_id: int) -> str:
        async with self.network.db.reading() as conn:
            return (await accounts.look(conn, [account_id]))[account_id].standing

    async def against(self, domain: str, severity: str = "suspend", **more: object) -> int:
        async with self.network.db.transaction() as conn:
            seq = await domains.set_measure(conn, None, domain, Measure(severity, **more))  # type: ignore[arg-type]
        await self.network.work()
        return seq

    async def lift(self, domain: str) -> int:
        async with self.network.db.transaction() as conn:
            seq = await domains.lift(conn, None, domain)
        await self.network.work()
        return seq

    async def standing_measures(self) -> dict[str, str]:
        async with self.network.db.reading() as conn:
            return {one.domain: one.measure.severity for one in await domains.every(conn)}


@pytest.fixture
def elsewhere(network: Network) -> Elsewhere:
    return Elsewhere(network)


@pytest.fixture
async def server() -> AsyncIterator[ListServer]:
    async with list_server() as made:
        yield made
