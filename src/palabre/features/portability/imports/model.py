"""What an archive holds, whichever network it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from palabre.base.errors import Refused

Visibility = Literal["public", "unlisted", "followers", "direct"]
MediaKind = Literal["image", "gifv", "video", "audio", "unknown"]


def N_(text: str) -> str:
    """Mark words for translation where they are written; they are translated where they are shown."""
    return text


class ArchiveError(Refused):
    """An archive that cannot be taken; `template` and `values` let the caller translate it."""

    code = "archive"

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template.format(**values))
        self.template = template
        self.values = values


class Why(StrEnum):
    """Why something was not taken, in words for the report."""

    UNREADABLE = N_("It could not be read.")
    CUT_OFF = N_("The file breaks off here; what would follow is missing.")
    UNKNOWN_KIND = N_("This kind of item is not known here.")
    UNDATED = N_("It has no readable date.")
    TWICE = N_("It is in the archive more than once.")
    OLDER_VERSION = N_("A newer version of the same post was taken.")
    NO_FILE = N_("The file is not in the archive.")
    EMPTY = N_("Nothing is left of it without its missing files.")
    TOO_MANY = N_("There are more of these than can be read at once.")
    TOO_LARGE = N_("It is larger than any real item.")
    RETWEET = N_("What it shares lives on X, from where nothing can be boosted.")
    DIRECT_MESSAGES = N_("Direct messages are left out: they belong as much to the people you wrote with.")
    CIRCLE = N_("It was written for a closed circle that does not exist here.")
    DELETED = N_("These posts had been deleted.")
    ONLY_NUMBERS = N_("X gives only account numbers, without names or addresses.")
    X_LISTS = N_("X gives only the links of lists, without their members.")
    NO_SERVER = N_("The address does not say on which server the account is.")
    BAD_ROW = N_("The row has not the form its file should have.")
    NOT_HERE = N_("It is not on this network.")
    NOT_ALLOWED = N_("It cannot be done here, by the wish of one side or the rules of this network.")
    TOO_LONG = N_("It is longer than any post here may be.")
    SHORTENED = N_("It was shortened to what fits here.")
    NO_VIDEO = N_("Video and sound are not taken yet; the words are.")
    BAD_PICTURE = N_("The picture could not be read; the words are here.")
    TOO_MANY_PICTURES = N_("A post here cannot hold so many pictures.")
    NO_SUCH_THING = N_("There is nothing of this kind here yet.")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something in the archive that was not taken; `count` when one line stands for many."""

    what: str
    why: Why
    count: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    value: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """The account as it was; `avatar` and `header` are paths inside the archive."""

    username: str
    domain: str
    source_id: str
    url: str | None = None
    display_name: str = ""
    bio: str = ""
    bio_html: str | None = None
    fields: tuple[Field, ...] = ()
    avatar: str | None = None
    header: str | None = None
    created_at: datetime | None = None
    locked: bool = False
    bot: bool = False
    discoverable: bool | None = None
    indexable: bool | None = None
    also_known_as: tuple[str, ...] = ()
    moved_to: str | None = None

    @property
    def handle(self) -> str:
        return f"{self.username}@{self.domain}"


@dataclass(frozen=True, slots=True)
class ArchivedMedia:
    """A file of a post. `path` is inside the archive; where it is None the file is only at `url`."""

    path: str | None
    kind: MediaKind
    content_type: str | None = None
    description: str | None = None
    focus: tuple[float, float] | None = None
    blurhash: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named in a post: `user@server`, written so in its text too."""

    handle: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Another post: `key` is its source_key when it is in this archive, `url` where it lives."""

    key: str | None = None
    url: str | None = None
    handle: str | None = None


@dataclass(frozen=True, slots=True)
class PollOption:
    title: str
    votes: int | None = None


@dataclass(frozen=True, slots=True)
class ArchivedPoll:
    options: tuple[PollOption, ...]
    multiple: bool = False
    closes_at: datetime | None = None
    voters: int | None = None

    def as_text(self) -> str:
        """The poll as lines to append to a post, for want of a poll."""
        mark = "☐" if self.multiple else "○"
        counted = [f"{mark} {o.title}" + ("" if o.votes is None else f" ({o.votes})") for o in self.options]
        return "\n".join(counted)


@dataclass(frozen=True, slots=True)
class ArchivedPost:
    """A post. `source_key` stays the same in every archive of that account; `text` is plain."""

    source_key: str
    created_at: datetime
    text: str
    url: str | None = None
    html: str | None = None
    spoiler: str | None = None
    sensitive: bool = False
    language: str | None = None
    visibility: Visibility = "public"
    in_reply_to: Reference | None = None
    quote: Reference | None = None
    media: tuple[ArchivedMedia, ...] = ()
    poll: ArchivedPoll | None = None
    tags: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    links: tuple[str, ...] = ()
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Boost:
    source_key: str
    post: Reference
    at: datetime
    visibility: Visibility = "public"


@dataclass(frozen=True, slots=True)
class Favourite:
    url: str


@dataclass(frozen=True, slots=True)
class Bookmark:
    url: str


@dataclass(frozen=True, slots=True)
class Follow:
    handle: str
    boosts: bool = True
    notify: bool = False
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    handle: str


@dataclass(frozen=True, slots=True)
class Mute:
    handle: str
    hide_notifications: bool = True


@dataclass(frozen=True, slots=True)
class DomainBlock:
    domain: str


@dataclass(frozen=True, slots=True)
class ListEntry:
    title: str
    handle: str


Relation = Follow | Block | Mute | DomainBlock | ListEntry


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is, for a progress bar; `media_bytes` is what the files would take unpacked."""

    posts: int = 0
    boosts: int = 0
    favourites: int = 0
    bookmarks: int = 0
    relations: int = 0
    media: int = 0
    media_bytes: int = 0
