"""What can happen to accounts."""

from palabre.base.events import Event


class AccountCreated(Event, frozen=True):
    """There is an account; whether it may be seen yet is for its standing to say."""

    account_id: int


class SignUpWaits(Event, frozen=True):
    """Somebody waits for a moderator's approval."""

    account_id: int


class MemberJoined(Event, frozen=True):
    """A new member is confirmed and approved."""

    account_id: int


class ProfileEdited(Event, frozen=True):
    account_id: int


class StandingChanged(Event, frozen=True):
    account_id: int
    standing: str


class AccountDeleted(Event, frozen=True):
    """Gone from view at once; what it wrote is erased bit by bit."""

    account_id: int
