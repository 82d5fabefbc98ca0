"""What can happen between people. `account_id` is who acts or acted, `target_id` the other."""

from palabre.base.events import Event


class Followed(Event, frozen=True):
    """`asked`: after a request that the target has authorized. `quiet`: brought along from elsewhere."""

    account_id: int
    target_id: int
    asked: bool = False
    quiet: bool = False


class Unfollowed(Event, frozen=True):
    """Whoever ended it: the follower, the followed by removing him, or a block."""

    account_id: int
    target_id: int


class FollowRequested(Event, frozen=True):
    account_id: int
    target_id: int


class FollowRequestAuthorized(Event, frozen=True):
    account_id: int
    target_id: int


class FollowRequestRejected(Event, frozen=True):
    account_id: int
    target_id: int


class FollowRequestWithdrawn(Event, frozen=True):
    account_id: int
    target_id: int


class Blocked(Event, frozen=True):
    account_id: int
    target_id: int


class Muted(Event, frozen=True):
    """`notifications`: those too."""

    account_id: int
    target_id: int
    notifications: bool
