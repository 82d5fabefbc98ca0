"""What the tests about members share."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from pydantic import SecretStr

from palabre import settings
from palabre.base import mail
from palabre.features import accounts
from palabre.features.instance.about import forget
from tests.support.network import Network
from tests.support.post_box import PostBox


@pytest.fixture
async def post_box(network: Network, configured: settings.Settings) -> AsyncIterator[PostBox]:
    """With it, mail is configured and new members confirm their addresses."""
    made = PostBox()
    given = {"smtp_url": SecretStr("smtp://mail.example"), "email_confirmation": True}
    settings.use(configured.model_copy(update=given))
    mail.use(made)
    yield made
    mail.use(None)


@pytest.fixture
def registration(network: Network, configured: settings.Settings) -> Callable[[str], None]:
    """Set who may join."""

    def choose(mode: str) -> None:
        settings.use(settings.current().model_copy(update={"registration": mode}))
        forget()

    return choose


@pytest.fixture
def joins(network: Network) -> Callable[..., Any]:
    """`await joins("frank")`: sign up as a visitor would; the account's id."""

    async def join(name: str, **given: Any) -> int:
        form = {"username": name, "email": f"{name}@mail.example", "password": "green garden", "agreement": True}
        return await accounts.sign_up(network.db, accounts.SignUp(**{**form, **given}))

    return join
