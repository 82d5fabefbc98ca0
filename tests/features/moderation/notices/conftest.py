"""Mail that can be read, and the staff with their tools."""

from collections.abc import Iterator

import pytest

from palabre.base import mail
from tests.features.moderation.conftest import carol, olga
from tests.support.network import Network
from tests.support.post_box import PostBox

__all__ = ["carol", "olga"]


@pytest.fixture
def post_box(network: Network) -> Iterator[PostBox]:
    box = PostBox()
    mail.use(box)
    yield box
    mail.use(None)
