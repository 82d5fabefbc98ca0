"""Accounts as the staff sees them: with address, role and standing."""

from palabre.features.moderation.people.find import Person, find, one, some

__all__ = ["Person", "find", "one", "some"]
