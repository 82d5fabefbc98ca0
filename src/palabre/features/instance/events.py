"""What can happen to the community as such."""

from palabre.base.events import Event


class TermsAnnounced(Event, frozen=True):
    """A new version of the terms was written, which binds later on."""

    version: int
    after: int = 0  # members up to this id have been written to
