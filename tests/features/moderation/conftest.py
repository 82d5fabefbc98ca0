"""Carol with the tools of a moderator, and Olga, who owns the place."""

import pytest

from tests.support.network import Network
from tests.support.order import STAFF_SCOPES
from tests.support.people import Person


@pytest.fixture
async def carol(network: Network) -> Person:
    return await network.person("carol", role="moderator", scopes=STAFF_SCOPES)


@pytest.fixture
async def olga(network: Network) -> Person:
    return await network.person("olga", role="owner", scopes=STAFF_SCOPES)
