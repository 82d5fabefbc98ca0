"""What can happen to domains."""

from palabre.base.events import Event


class DomainChanged(Event, frozen=True):
    """Another measure stands against a domain, or none. `after`: accounts up to this id have heard of it."""

    domain: str
    after: int = 0
