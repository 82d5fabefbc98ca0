"""Single tweets of an X archive, turned into the neutral model."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from palabre.features.portability.imports.loose import Json, many, obj, objects, text, web_address, whole
from palabre.features.portability.imports.model import (
    ArchivedMedia,
    ArchivedPost,
    MediaKind,
    Mention,
    Reference,
    Visibility,
)

HOST = "twitter.com"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
_CREATED_AT = re.compile(r"\w{3} (\w{3}) (\d\d) (\d\d):(\d\d):(\d\d) ([+-]\d{4}) (\d{4})")
_SNOWFLAKE_EPOCH, _FIRST_SNOWFLAKE = 1_288_834_974_657, 30_000_000_000
_RETWEET = re.compile(r"RT @\w{1,20}:")
_NAME = re.compile(r"(?<![\w@＠/.])[@＠](\w{1,20})\b(?!@)")
_STATUS = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(i/web|\w+)/status(?:es)?/(\d+)")
_MOST_VERSIONS = 20
_NO_LANGUAGE = {"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"}
_OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}
_KINDS: dict[str, MediaKind] = {"photo": "image", "video": "video", "animated_gif": "gifv"}
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
}


@dataclass(frozen=True, slots=True)
class LongText:
    """The whole of a post of which tweets.js keeps only the beginning."""

    text: str
    urls: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What reading one tweet needs to know of the rest of the archive."""

    username: str
    key_of: Callable[[str], str | None]
    files_of: Callable[[str], list[str]]
    long_text: Callable[[Json, str], LongText | None]
    visibility: Visibility = "public"


def key(tweet_id: str) -> str:
    return f"twitter:{tweet_id}"


def address(username: str, tweet_id: str) -> str:
    return f"https://{HOST}/{username or 'i'}/status/{tweet_id}"


def id_of(value: Any) -> str:
    """An id as digits: archives write it as a string, older ones as a number."""
    return str(number) if (number := whole(value)) is not None else ""


def is_retweet(words: str) -> bool:
    return _RETWEET.match(words) is not None


def versions(edit_info: Any, own: str) -> list[str]:
    """The ids of all versions of an edited tweet, oldest first; just its own for others."""
    info = obj(edit_info)
    control = obj(info.get("initial")) or obj(obj(info.get("edit")).get("editControlInitial"))
    ids = [number for one in many(control.get("editTweetIds"))[:_MOST_VERSIONS] if (number := id_of(one))]
    return ids if own in ids else [own]


def moment(created_at: str, tweet_id: str) -> datetime | None:
    """When a tweet was written: from either form of date, else from its id, which holds the time since 2010."""
    found = _CREATED_AT.fullmatch(created_at)
    try:
        if found:
            month, day, hour, minute, second, offset, year = found.groups()
            iso = f"{year}-{_MONTHS.index(month) // 4 + 1:02}-{day}T{hour}:{minute}:{second}{offset}"
            return datetime.fromisoformat(iso).astimezone(UTC)
        if created_at:
            return datetime.fromisoformat(created_at.replace(" +", "+")).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    return moment_of_id(tweet_id)


def moment_of_id(tweet_id: str) -> datetime | None:
    number = whole(tweet_id) or 0
    if not _FIRST_SNOWFLAKE <= number < 1 << 63:
        return None
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=(number >> 22) + _SNOWFLAKE_EPOCH)


def words_of(tweet: Json) -> str:
    return text(tweet.get("full_text")) or text(tweet.get("text"))


def unescaped(words: str) -> str:
    """X escapes these three characters and no others."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def post(tweet: Json, at: datetime, around: Surroundings, missing: list[str]) -> ArchivedPost:
    """The post a tweet is. Files it names that are not in the archive are added to `missing`."""
    own = id_of(tweet.get("id_str")) or id_of(tweet.get("id"))
    first = versions(tweet.get("edit_info"), own)[0]
    entities = obj(tweet.get("entities"))
    media, media_links = _media(tweet, entities, around.files_of(own), missing)
    urls = {text(u.get("url")): web_address(u.get("expanded_url")) or "" for u in objects(entities.get("urls"))}
    long = around.long_text(tweet, own)
    if long:
        urls |= long.urls
    urls = {short: "" if _is_status(full, own) else full for short, full in urls.items()}
    written = long.text if long else words_of(tweet)
    reply = _reply(tweet, around)
    quote, quote_url = _quote(tweet, list(urls.values()), around)
    if quote and quote.key:
        urls = {short: "" if full == quote_url else full for short, full in urls.items()}
    edited = moment(text(tweet.get("created_at")), own) if own != first else None
    return ArchivedPost(
        source_key=key(first),
        created_at=at,
        text=_text(written, {**urls, **media_links}, around.username if reply and reply.key else ""),
        url=address(around.username, own),
        sensitive=tweet.get("possibly_sensitive") is True,
        language=_language(text(tweet.get("lang"))),
        visibility=around.visibility,
        in_reply_to=reply,
        quote=quote,
        media=tuple(media),
        tags=tuple(dict.fromkeys(filter(None, (text(h.get("text")) for h in objects(entities.get("hashtags")))))),
        mentions=tuple(_mentions(entities)),
        links=tuple(dict.fromkeys(filter(None, urls.values()))),
        edited_at=edited if edited and edited > at else None,
    )


def _text(written: str, links: dict[str, str], myself: str) -> str:
    """What was written, with names that say where they are and links in full (or gone, where a link is '')."""
    words = unescaped(written)
    if myself:
        words = re.sub(rf"^@{re.escape(myself)}\s+", "", words, flags=re.IGNORECASE)
    words = _NAME.sub(rf"@\1@{HOST}", words)
    shorts = sorted(filter(None, links), key=len, reverse=True)
    if shorts:
        words = re.sub("|".join(map(re.escape, shorts)), lambda found: links[found[0]], words)
    return "\n".join(line.rstrip() for line in words.split("\n")).strip()


def _media(
    tweet: Json, entities: Json, files: list[str], missing: list[str]
) -> tuple[list[ArchivedMedia], dict[str, str]]:
    """The tweet's files, and what to write for the short links that stand for them in the text."""
    listed = objects(obj(tweet.get("extended_entities")).get("media")) or objects(entities.get("media"))
    found: list[ArchivedMedia] = []
    links: dict[str, str] = {}
    for media in listed:
        names = _file_names(media)
        path = next((f for name in names for f in files if f.endswith("-" + name)), None)
        if path is None and len(listed) == len(files) == 1:
            path = files[0]
        short = text(media.get("url"))
        if path is None:
            missing.append(names[0] if names else short)
            links[short] = links.get(short) or web_address(media.get("expanded_url")) or ""
            continue
        links.setdefault(short, "")
        found.append(
            ArchivedMedia(
                path=path,
                kind=_KINDS.get(text(media.get("type")), "unknown"),
                content_type=_TYPES.get(path.rpartition(".")[2].lower()),
                description=text(media.get("ext_alt_text")) or None,
            )
        )
    return found, links


def _file_names(media: Json) -> list[str]:
    """The names the file may have after `<tweet id>-`, best quality first."""
    picture = text(media.get("media_url_https")) or text(media.get("media_url"))
    variants = objects(obj(media.get("video_info")).get("variants"))
    variants.sort(key=lambda v: whole(v.get("bitrate")) or 0, reverse=True)
    urls = [text(v.get("url")) for v in variants if v.get("content_type") != "application/x-mpegURL"] + [picture]
    return [url.partition("?")[0].rpartition("/")[2] for url in urls if url]


def _reply(tweet: Json, around: Surroundings) -> Reference | None:
    parent = id_of(tweet.get("in_reply_to_status_id_str")) or id_of(tweet.get("in_reply_to_status_id"))
    if not parent:
        return None
    name = text(tweet.get("in_reply_to_screen_name"))
    return Reference(around.key_of(parent), address(name, parent), f"{name}@{HOST}" if name else None)


def _quote(tweet: Json, urls: list[str], around: Surroundings) -> tuple[Reference | None, str]:
    """A quoted tweet is a link at the end of the text."""
    for url in reversed(urls):
        found = _STATUS.match(url)
        if found:
            name, quoted = found.groups()
            handle = f"{name}@{HOST}" if name not in ("i", "i/web") else None
            return Reference(around.key_of(quoted), address(name, quoted), handle), url
    quoted = id_of(tweet.get("quoted_status_id_str"))
    return (Reference(around.key_of(quoted), address("", quoted)), "") if quoted else (None, "")


def _is_status(url: str, tweet_id: str) -> bool:
    """Whether it is the link back to itself that a shortened tweet ends with."""
    found = _STATUS.match(url)
    return found is not None and found[2] == tweet_id


def _mentions(entities: Json) -> list[Mention]:
    names = (text(m.get("screen_name")) for m in objects(entities.get("user_mentions")))
    return [Mention(f"{name}@{HOST}", f"https://{HOST}/{name}") for name in dict.fromkeys(names) if name]


def _language(code: str) -> str | None:
    return None if not code or code in _NO_LANGUAGE else _OLD_LANGUAGES.get(code, code)
