"""How one account stands to another, as seen by the first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Ties:
    """A viewer's relations to the accounts on one page; everybody else is absent from every set."""

    following: set[int] = field(default_factory=set)
    blocking: set[int] = field(default_factory=set)
    blocked_by: set[int] = field(default_factory=set)
    muting: set[int] = field(default_factory=set)

    def apart(self, account_id: int) -> bool:
        """A block, whichever of the two set it."""
        return account_id in self.blocking or account_id in self.blocked_by


@dataclass(frozen=True)
class Relationship:
    """Everything between a viewer and one other account."""

    account_id: int
    following: bool
    reblogs: bool
    notify: bool
    languages: list[str] | None
    followed_by: bool
    requested: bool
    requested_by: bool
    blocking: bool
    blocked_by: bool
    muting: bool
    muting_notifications: bool
    muting_until: datetime | None
    note: str


@dataclass(frozen=True)
class People:
    """A page of accounts in an order of its own. `first` and `last`: the cursors of its ends, newest and oldest."""

    account_ids: Sequence[int]
    first: int | None = None
    last: int | None = None
