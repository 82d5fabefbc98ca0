"""What open streams say: news from `base.live` becomes an event for one viewer. No connection is held while waiting."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass

import msgspec

from palabre.base.db import Conn, Database
from palabre.base.errors import Forbidden, NotFound, Refused, TooMany
from palabre.base.live import News, live
from palabre.base.text import tag_key
from palabre.entrypoints.client_api import entities
from palabre.entrypoints.client_api.notifications import entity, reported_for
from palabre.features import accounts, notifications, posts, timelines
from palabre.features.accounts import Caller
from palabre.features.posts import PostView

HEARTBEAT = 15.0  # seconds
RECHECK = 40.0  # after so many seconds a token is looked at again: with the heartbeat, within a minute
MOST_STREAMS = 20
MOST_CHANNELS = 50
_PUBLIC = ("public", "public:media", "public:local", "public:local:media", "public:remote", "public:remote:media")
_NAMES = (*_PUBLIC, "user", "user:notification", "hashtag", "hashtag:local", "direct")
_SHARED = ("edited", "gone")

_open: Counter[int] = Counter()


@dataclass(frozen=True)
class Channel:
    """What somebody listens to, by Mastodon's name for it; `tag` as asked for."""

    name: str
    tag: str = ""

    @property
    def address(self) -> list[str]:
        return [self.name, self.tag] if self.tag else [self.name]

    def topics(self, caller: Caller) -> list[str]:
        if self.name == "user":
            heard = [f"home:{caller.id}", *_SHARED]
            return [*heard, f"notifications:{caller.id}"] if caller.may("read:notifications") else heard
        if self.name == "user:notification":
            return [f"notifications:{caller.id}"]
        if self.name == "direct":
            return [f"direct:{caller.id}"]
        if self.name.startswith("hashtag"):
            return [f"tag:{tag_key(self.tag)}", *_SHARED]
        return [] if self.name.startswith("public:remote") else ["local", *_SHARED]


@dataclass(frozen=True)
class Happening:
    """`event` and `payload` as Mastodon's streams have them."""

    event: str
    payload: bytes


def channel(caller: Caller, name: str, tag: str = "", only_media: bool = False) -> Channel:
    """Raises Refused for a stream that doesn't exist or is not within the token's scope."""
    if name in ("public", "public:local", "public:remote") and only_media:
        name += ":media"
    if name not in _NAMES:
        raise NotFound("Unknown stream type")
    if name.startswith("hashtag") and not tag_key(tag):
        raise Refused("No tag for stream provided", field="tag", code="blank")
    if not caller.may("read:notifications" if name == "user:notification" else "read:statuses"):
        raise Forbidden("This action is outside the authorized scopes", code="scope")
    return Channel(name, tag if name.startswith("hashtag") else "")


def check_room(account_id: int) -> None:
    """Raises TooMany for somebody who has enough streams open."""
    if _open[account_id] >= MOST_STREAMS:
        raise TooMany(60, "Too many open streams")


@contextlib.contextmanager
def counted(account_id: int) -> Iterator[None]:
    _open[account_id] += 1
    try:
        yield
    finally:
        _open[account_id] -= 1
        if not _open[account_id]:
            del _open[account_id]


class Stream:
    """One open connection and what it listens to."""

    def __init__(self, db: Database, caller: Caller, token: str, news: News) -> None:
        self.db = db
        self.caller = caller
        self.token = token
        self.news = news
        self.channels: dict[Channel, set[str]] = {}
        self._pulled: list[str] = []
        self._checked = time.monotonic()

    async def subscribe(self, wanted: Channel) -> None:
        if len(self.channels) >= MOST_CHANNELS:
            raise TooMany(60, "Too many subscriptions")
        if wanted.name == "user" and not self._pulled:
            await self._find_pulled()
        self.channels[wanted] = set(wanted.topics(self.caller))
        self._attend()

    def unsubscribe(self, unwanted: Channel) -> None:
        self.channels.pop(unwanted, None)
        self._attend()

    async def happenings(self) -> AsyncGenerator[tuple[Channel, Happening] | None]:
        """What happens on each channel, and None for each heartbeat; ends with the token or this process."""
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    topic, text = await self.news.get()
            except TimeoutError:
                topic, text = "", ""
                yield None
            if live.ending:
                return
            if time.monotonic() - self._checked >= RECHECK and not await self._still_welcome():
                return
            for channel, topics in list(self.channels.items()):
                if topic in topics and (happening := await self._hear(channel, topic, text)):
                    yield channel, happening

    async def _still_welcome(self) -> bool:
        self._checked = time.monotonic()
        async with self.db.reading() as conn:
            caller = await accounts.recognise(conn, self.token)
        if caller is None:
            return False
        if self._pulled or any(channel.name == "user" for channel in self.channels):
            await self._find_pulled()
            self._attend()
        return True

    async def _find_pulled(self) -> None:
        async with self.db.reading() as conn:
            await timelines.keep_ready(conn, self.caller.id)
            self._pulled = [f"author:{author}" for author in await timelines.pulled_by(conn, self.caller.id)]

    def _attend(self) -> None:
        for channel, topics in self.channels.items():
            if channel.name == "user":
                topics.difference_update([topic for topic in topics if topic.startswith("author:")])
                topics.update(self._pulled)
        live.attend(self.news, {topic for topics in self.channels.values() for topic in topics})

    async def _hear(self, channel: Channel, topic: str, text: str) -> Happening | None:
        kind = topic.partition(":")[0]
        if kind == "gone":
            return Happening("delete", text.encode())
        async with self.db.reading() as conn:
            if kind == "notifications":
                return await _notification(conn, self.caller.id, int(text))
            found = await posts.look(conn, [int(text)], self.caller.id)
            if not found or not timelines.wanted(found[0]):
                return None
            if not await _belongs(conn, channel, kind, found[0], self.caller.id):
                return None
            if kind == "direct":
                return Happening("conversation", await _conversation(conn, found[0], self.caller.id))
        return Happening("status.update" if kind == "edited" else "update", entities.status(found[0], self.caller.id))


async def _belongs(conn: Conn, channel: Channel, kind: str, post: PostView, viewer_id: int) -> bool:
    """Whether a post is for this channel, where its topic alone doesn't say so."""
    if channel.name == "user":
        return kind == "home" or await timelines.holds(conn, viewer_id, post)
    if channel.name == "direct":
        return post.visibility == "direct"
    if post.visibility != "public" or post.reblog or not timelines.listed(post):
        return False
    if channel.name.startswith("hashtag"):
        return tag_key(channel.tag) in {tag.name for tag in post.public.tags}
    if channel.name.endswith(":media") and not post.public.media_attachments:
        return False
    return post.in_reply_to_author_id in (None, post.author_id)


async def _notification(conn: Conn, viewer_id: int, notification_id: int) -> Happening | None:
    try:
        found = await notifications.look_at(conn, viewer_id, notification_id)
    except NotFound:
        return None
    if found.type in notifications.OURS:
        return None
    return Happening("notification", entity(found, viewer_id, await reported_for(conn, viewer_id, [found])))


async def _conversation(conn: Conn, post: PostView, viewer_id: int) -> bytes:
    others = [account_id for account_id in dict.fromkeys([post.author_id, *post.audience]) if account_id != viewer_id]
    return entities.splice(
        id=b'"%d"' % post.thread_id,
        unread=b"true" if post.author_id != viewer_id else b"false",
        accounts=entities.accounts(await accounts.look_in_order(conn, others)),
        last_status=entities.status(post, viewer_id),
    )


def frame(channel: Channel, happening: Happening) -> str:
    """As one message over a WebSocket: the payload is JSON within JSON."""
    told = {"stream": channel.address, "event": happening.event, "payload": happening.payload.decode()}
    return msgspec.json.encode(told).decode()
