"""An entry of the public log."""

from datetime import datetime
from typing import Any

import msgspec

from palabre.base.clock import iso


class PublicEntry(msgspec.Struct, frozen=True):
    """`entry`: what is known of it. `refers_to`: the entry of the decision that it is about."""

    id: str
    at: datetime
    seal: int
    refers_to: str | None
    entry: dict[str, Any]

    def published(self) -> dict[str, Any]:
        return {"id": self.id, "at": iso(self.at), "seal": self.seal, "refers_to": self.refers_to, **self.entry}
