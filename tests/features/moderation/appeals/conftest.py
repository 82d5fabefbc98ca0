"""Carol decides, Mona is the other moderator, Alice wrote what Bob reported."""

from typing import Any

import pytest

from tests.support.network import Network
from tests.support.order import STAFF_SCOPES, decides, only_case, reports
from tests.support.people import Person


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
async def mona(network: Network) -> Person:
    return await network.person("mona", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
async def removed(alice: Person, bob: Person, carol: Person, mona: Person, network: Network) -> Any:
    """The case in which Carol removed a post of Alice's that Bob had reported."""
    await reports(bob, alice, await alice.says("The mayor is wrong about the well"))
    case = await decides(carol, await only_case(carol), "remove")
    await network.work()
    return case
