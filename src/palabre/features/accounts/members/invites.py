"""Invitations: a code that lets somebody join whatever the door's setting (unless it says otherwise), made by a member."""

import secrets
from datetime import datetime

import msgspec

from palabre.base.db import Conn, Row
from palabre.base.errors import Forbidden, NotFound, Refused
from palabre.features import instance
from palabre.features.accounts.members import store
from palabre.features.accounts.tokens import Caller
from palabre.names import here


class Invite(msgspec.Struct, frozen=True):
    code: str
    created_by: int
    uses: int
    most_uses: int | None
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime

    @property
    def url(self) -> str:
        return f"{here()}/invite/{self.code}"


async def invite(conn: Conn, by: Caller, *, most_uses: int | None = 1, expires_at: datetime | None = None) -> str:
    """A new invitation's code. Members may invite where sign-up is open or by invitation, moderators always."""
    community = await instance.about(conn)
    if not by.staff and community.registration not in ("open", "invite"):
        raise Forbidden("Only moderators may invite people to this network.", code="invite")
    if most_uses is not None and not 1 <= most_uses <= 1_000:
        raise Refused("must be between 1 and 1,000", field="most_uses")
    code = secrets.token_urlsafe(9)
    await store.add_invite(conn, code, by.id, most_uses, expires_at)
    return code


async def invites(conn: Conn, by: int | None, limit: int = 100) -> list[Invite]:
    """A member's own, or everybody's (`by` None), newest first."""
    return [_invite(row) for row in await store.invites(conn, by, limit)]


async def check(conn: Conn, code: str) -> Invite:
    """Raises Refused for one that works no more."""
    row = await store.invite(conn, code)
    if row is None:
        raise Refused("This invitation has been used up or withdrawn, or is too old.", code="invite")
    return _invite(row)


async def use(conn: Conn, code: str) -> None:
    """Count a use. Raises Refused where it was the last one's turn already."""
    if not await store.use_invite(conn, code):
        raise Refused("This invitation has been used up or withdrawn, or is too old.", code="invite")


async def revoke(conn: Conn, by: Caller, code: str) -> None:
    """Withdraw it: one's own, or as a moderator anybody's. Raises NotFound."""
    if not await store.revoke_invite(conn, code, None if by.staff else by.id):
        raise NotFound


def _invite(row: Row) -> Invite:
    return Invite(**{name: row[name] for name in Invite.__struct_fields__})
