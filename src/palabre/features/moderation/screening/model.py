"""What a rule before publication says, and what it saw when it hit."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from palabre.base.db import Row

Act = Literal["hold", "label", "limit", "ask"]
State = Literal["draft", "active", "off"]


class Conditions(msgspec.Struct, frozen=True):
    """When a rule hits: all or any (`match`) of those that are set. Below them, whom and what it looks at in any case.

    `links`, `mentions`: so many or more in a post; `strangers`: so many people mentioned within an hour who don't follow
    the author; `repeats`: the same words so many times within a day, this time included.
    """

    match: Literal["all", "any"] = "all"
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    links: int | None = None
    mentions: int | None = None
    strangers: int | None = None
    repeats: int | None = None
    media: bool = False

    newcomers: bool = False
    newcomer_days: int = 7
    newcomer_posts: int = 5
    everything: bool = False  # private posts too
    languages: tuple[str, ...] = ()
    except_staff: bool = True
    except_followers: int | None = None
    allow: tuple[str, ...] = ()


class Content(msgspec.Struct, frozen=True):
    """`words`: what the author reads when it hits. `purpose`: what everybody may read of it; empty: the title.
    `severe`: what it holds waits as long as it takes. `rule_ids`: the community's rules that it enforces.
    """

    title: str
    words: str
    action: Act
    conditions: Conditions
    purpose: str = ""
    category: str = "other"
    rule_ids: tuple[int, ...] = ()
    severe: bool = False


def readable(stored: object) -> Content:
    """As it was stored; what another version of the program left and this one can't read shows as a rule without conditions."""
    try:
        return msgspec.convert(stored, Content)
    except msgspec.ValidationError:
        title = stored.get("title") if isinstance(stored, dict) else None
        return Content(str(title or "?"), "", "hold", Conditions())


class Record(msgspec.Struct, frozen=True):
    """What became of a rule's hits."""

    hits: int = 0
    confirmed: int = 0
    rejected: int = 0

    @property
    def precision(self) -> float | None:
        judged = self.confirmed + self.rejected
        return self.confirmed / judged if judged else None


class Trial(msgspec.Struct, frozen=True):
    """A dry run. `authors`: how many people it would have met; `newcomers`: hits by those who were new then."""

    version: int
    started_at: datetime
    finished_at: datetime | None
    total: int
    seen: int
    hits: int
    newcomers: int
    authors: int
    samples: list[int]

    @property
    def share(self) -> float:
        return self.hits / self.seen if self.seen else 0.0


class Rule(msgspec.Struct, frozen=True):
    """A rule as its newest version says; `active_version`: the one in force, if one is."""

    id: int
    state: State
    version: int
    active_version: int | None
    active_since: datetime | None
    disarmed_at: datetime | None
    trouble: str
    content: Content
    changed_by: int
    changed_at: datetime
    record: Record = Record()
    trial: Trial | None = None

    @property
    def tried(self) -> bool:
        return self.trial is not None and self.trial.finished_at is not None

    @classmethod
    def of(cls, row: Row, record: Record = Record(), trial: Trial | None = None) -> "Rule":  # noqa: B008 - frozen
        names = ("id", "state", "version", "active_version", "active_since", "disarmed_at", "trouble")
        return cls(
            **{name: row[name] for name in names},
            content=readable(row["content"]),
            changed_by=row["changed_by"],
            changed_at=row["changed_at"],
            record=record,
            trial=trial,
        )


class Version(msgspec.Struct, frozen=True):
    version: int
    content: Content
    changed_by: int
    changed_at: datetime


class Switch(msgspec.Struct, frozen=True):
    """Somebody (0: the rule itself) switched it on or off."""

    version: int
    state: str
    changed_by: int
    changed_at: datetime


class Hit(msgspec.Struct, frozen=True):
    id: int
    version: int
    action: Act
    author_id: int
    post_id: int
    case_id: int | None
    variables: dict[str, object]
    outcome: str | None
    at: datetime


class Facts(msgspec.Struct, frozen=True):
    """Of an author, as he is when he writes."""

    username: str
    created_at: datetime
    posts: int
    followers: int
    staff: bool

    def new(self, conditions: Conditions, at: datetime) -> bool:
        young = at - self.created_at < timedelta(days=conditions.newcomer_days)
        return young or self.posts < conditions.newcomer_posts
