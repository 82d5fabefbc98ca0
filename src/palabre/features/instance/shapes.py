"""What is known of the community, as structures."""

from datetime import datetime

import msgspec

from palabre.base import clock


class Rule(msgspec.Struct, frozen=True):
    id: int
    text: str
    hint: str = ""


class Body(msgspec.Struct, frozen=True):
    """Somewhere to go with a dispute (DSA, Article 21)."""

    name: str
    url: str = ""


class Contacts(msgspec.Struct, frozen=True):
    """How to reach who runs this place (DSA, Articles 11 to 13). Empty: not said."""

    operator: str = ""
    authorities_email: str = ""
    authorities_languages: tuple[str, ...] = ()
    users_email: str = ""
    users_languages: tuple[str, ...] = ()
    representative: str = ""
    out_of_court: tuple[Body, ...] = ()


class End(msgspec.Struct, frozen=True):
    """When the community closes for good, and what its operator says of it. `id` tells one announcement from the next."""

    id: int
    at: datetime
    message: str = ""

    @property
    def passed(self) -> bool:
        return self.at <= clock.now()


class Instance(msgspec.Struct, frozen=True):
    """`registration`: open, approval, invite or closed, as it is now; `chosen`: as the owner wants it. `brake`: approval or
    closed while the moderators are away. `privacy`: the notice in Markdown; empty: the one built in.

    `rules_version` 0: no rules were ever written; decisions cite it. `terms_version`: the last one written, 0: none yet;
    `terms_in_force` the one that binds, `terms_from` when the last one does. `end`: once it was announced.
    """

    name: str = "Palabre"
    description: str = "A place to talk."
    languages: tuple[str, ...] = ("en", "fr")
    registration: str = "approval"
    chosen: str = "approval"
    brake: str = ""
    contact_email: str = ""
    contact_account_id: int | None = None
    set_up: bool = False
    privacy: str = ""
    contacts: Contacts = Contacts()
    rules: tuple[Rule, ...] = ()
    rules_version: int = 0
    terms_version: int = 0
    terms_in_force: int = 0
    terms_from: datetime | None = None
    terms_summary: str = ""
    end: End | None = None

    @property
    def out_of_court(self) -> tuple[Body, ...]:
        return self.contacts.out_of_court

    @property
    def for_authorities(self) -> str:
        """The address for authorities: their own, else the general one."""
        return self.contacts.authorities_email or self.contact_email

    @property
    def for_users(self) -> str:
        return self.contacts.users_email or self.contact_email

    @property
    def closed(self) -> bool:
        """Whether its end has come: it can be read, and nothing is written."""
        return self.end is not None and self.end.passed
