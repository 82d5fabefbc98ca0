"""People who use the pages."""

import pytest

from palabre.features import accounts
from palabre.features.accounts import SignUp
from tests.support.network import Network
from tests.support.visitor import Visitor

PASSWORD = "three blind mice"


async def member(network: Network, name: str, role: str = "member", lang: str = "en") -> Visitor:
    """Somebody signed in."""
    await accounts.add_member(network.db, SignUp(name, f"{name}@mail.example", PASSWORD, locale=lang), role)
    visitor = Visitor(network, lang)
    await visitor.http.post("/sign-in", data={"name": name, "password": PASSWORD}, follow_redirects=False)
    return visitor


@pytest.fixture
def guest(network: Network) -> Visitor:
    """Nobody in particular."""
    return Visitor(network)


@pytest.fixture
async def owner(network: Network) -> Visitor:
    return await member(network, "olga", "owner")


@pytest.fixture
async def moderator(network: Network) -> Visitor:
    return await member(network, "mira", "moderator")


@pytest.fixture
async def amina(network: Network) -> Visitor:
    return await member(network, "amina")
