"""An appeal, and who may make one."""

from datetime import datetime
from typing import Literal

import msgspec

from palabre.base.db import Row

Side = Literal["author", "reporter"]
State = Literal["open", "jury", "decided", "withdrawn"]
Outcome = Literal["upheld", "overturned", "replaced", "conceded"]


class Appellant(msgspec.Struct, frozen=True):
    """A member, or whoever sent a notice: exactly one of the two."""

    account_id: int = 0
    notice_id: int = 0


class Appeal(msgspec.Struct, frozen=True):
    """`moderator_id`: who made the decision; `judge_id`: who judged it, 0 for a jury. `after`: the appeal that a moderator
    turned down, where a jury is asked now. `excluded`: who can't judge it. `about_id`: whom the case concerns.
    """

    id: int
    case_id: int
    decision_id: int
    moderator_id: int
    side: Side
    appellant_id: int
    notice_id: int
    words: str
    after: int | None
    state: State
    lodged_at: datetime
    due_at: datetime
    panel_id: int | None
    outcome: Outcome | None
    judge_id: int | None
    replaced_by: int | None
    reason: str
    decided_at: datetime | None
    about_id: int
    excluded: list[int]

    @classmethod
    def of(cls, row: Row) -> "Appeal":
        return cls(**{name: row[name] for name in cls.__struct_fields__})

    @property
    def open(self) -> bool:
        return self.state in ("open", "jury")

    @property
    def by(self) -> Appellant:
        return Appellant(self.appellant_id, self.notice_id)
