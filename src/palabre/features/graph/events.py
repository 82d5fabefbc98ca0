"""What can happen between people."""

from palabre.base.events import Event


class Followed(Event, frozen=True):
    account_id: int
    target_id: int


class FollowRequested(Event, frozen=True):
    account_id: int
    target_id: int


class Unfollowed(Event, frozen=True):
    account_id: int
    target_id: int


class Blocked(Event, frozen=True):
    account_id: int
    target_id: int
