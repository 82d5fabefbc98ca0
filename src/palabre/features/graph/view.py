"""How one account stands to another, as seen by the first."""

from dataclasses import dataclass, field


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
