"""A post as one viewer sees it. Client API and web pages render the same view."""

from datetime import datetime

import msgspec

from palabre.base.db import Row
from palabre.base.origin import unseal
from palabre.features.accounts import AccountView
from palabre.features.posts.fragment import note


class Size(msgspec.Struct, frozen=True):
    width: int = 0
    height: int = 0
    aspect: float = 1.0


class Focus(msgspec.Struct, frozen=True):
    x: float = 0.0
    y: float = 0.0


class MediaMeta(msgspec.Struct):
    original: Size = Size()
    small: Size = Size()
    focus: Focus = Focus()


class PublicMedia(msgspec.Struct):
    id: str
    type: str
    url: str
    preview_url: str
    description: str | None
    blurhash: str | None
    meta: MediaMeta


class PublicMention(msgspec.Struct):
    id: str
    username: str
    acct: str
    url: str


class PublicTag(msgspec.Struct):
    name: str
    url: str


class PublicApplication(msgspec.Struct):
    name: str
    website: str | None = None


class PublicPost(msgspec.Struct):
    """The stored fragment, decoded: for pages. URLs begin with the origin's sentinel."""

    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    url: str
    in_reply_to_account_id: str | None
    media_attachments: list[PublicMedia]
    mentions: list[PublicMention]
    tags: list[PublicTag]
    application: PublicApplication | None = None
    label: str = ""

    @property
    def own_content(self) -> str:
        """What its author wrote, without the moderators' note above it."""
        return self.content.removeprefix(note(self.label))


_decode = msgspec.json.Decoder(PublicPost).decode


class PostView:
    __slots__ = (
        "_public",
        "audience",
        "author",
        "author_id",
        "bookmarked",
        "created_at",
        "edited_at",
        "favourited",
        "favourites",
        "fragment",
        "held_at",
        "id",
        "in_reply_to_author_id",
        "in_reply_to_id",
        "muted",
        "muting_author",
        "pinned",
        "reblog",
        "reblog_of_id",
        "reblogged",
        "reblogs",
        "replies",
        "thread_id",
        "visibility",
        "withheld",
    )

    author: AccountView
    reblog: "PostView | None"

    def __init__(self, row: Row) -> None:
        self.id: int = row["id"]
        self.author_id: int = row["author_id"]
        self.visibility: str = row["visibility"]
        self.in_reply_to_id: int | None = row["in_reply_to_id"]
        self.in_reply_to_author_id: int | None = row["in_reply_to_author_id"]
        self.thread_id: int = row["thread_id"]
        self.reblog_of_id: int | None = row["reblog_of_id"]
        self.audience: list[int] = row["audience"]
        self.created_at: datetime = row["created_at"]
        self.edited_at: datetime | None = row["edited_at"]
        self.withheld: bool = row["withheld_at"] is not None
        self.held_at: datetime | None = row["held_at"]
        self.fragment: bytes = row["fragment"] or b"{}"
        self.replies: int = row["replies"] or 0
        self.reblogs: int = row["reblogs"] or 0
        self.favourites: int = row["favourites"] or 0
        self.favourited = self.reblogged = self.bookmarked = self.pinned = self.muted = self.muting_author = False
        self.reblog = None
        self._public: PublicPost | None = None

    @property
    def public(self) -> PublicPost:
        if self._public is None:
            self._public = _decode(unseal(self.fragment))
        return self._public
