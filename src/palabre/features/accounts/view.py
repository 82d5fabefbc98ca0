"""An account as others see it: its stored public JSON, and the counters that change too often to store with it."""

from datetime import datetime

import msgspec

from palabre.base.db import Row
from palabre.base.origin import unseal

GONE = ("suspended", "deleted", "pending")


class Field(msgspec.Struct):
    name: str
    value: str  # HTML
    verified_at: str | None = None


class PublicAccount(msgspec.Struct):
    """The stored fragment, decoded: for pages. URLs begin with the origin's sentinel."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    discoverable: bool
    created_at: str
    note: str
    url: str
    avatar: str
    avatar_static: str
    header: str
    header_static: str
    fields: list[Field]


_decode = msgspec.json.Decoder(PublicAccount).decode


class AccountView:
    __slots__ = ("_public", "followers", "following", "fragment", "id", "last_post_at", "posts", "standing")

    def __init__(self, row: Row) -> None:
        self.id: int = row["id"]
        self.standing: str = row["standing"]
        self.fragment: bytes = row["fragment"]
        self.posts: int = row["posts"] or 0
        self.followers: int = row["followers"] or 0
        self.following: int = row["following"] or 0
        self.last_post_at: datetime | None = row["last_post_at"]
        self._public: PublicAccount | None = None

    @property
    def public(self) -> PublicAccount:
        if self._public is None:
            self._public = _decode(unseal(self.fragment))
        return self._public

    @property
    def gone(self) -> bool:
        """Nothing by a suspended or deleted account is shown to anyone, nor one that was not let in yet."""
        return self.standing in GONE
