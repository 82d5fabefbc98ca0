"""An X archive as of 2025 (data/tweets.js and its neighbours), and the one of before 2018 (data/js/tweets)."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from palabre.demo.archives.parts import Expected, ExpectedPost, Form, Packer, moments, picture
from palabre.demo.talk import Language, Saying, Talk, topics

USER, ACCOUNT_ID = "alice_tweets", "125515755"
_MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 64
_OTHERS = [("Bob", "bob_1", "42"), ("Ève", "eve", "43"), ("The Gardener", "thegardener", "44")]


class _Writer:
    def __init__(self, pack: Packer, rng: random.Random, expected: Expected, pictures: float = 0.2) -> None:
        self.pictures = pictures
        self.pack, self.rng, self.talk, self.expected = pack, rng, Talk(rng), expected
        self.tweets: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self.recent: list[tuple[str, Saying]] = []
        self._last_old_id = 1_000_000

    def tweet_id(self, at: datetime) -> str:
        """Since November 2010 ids hold the time; before they were counted."""
        millis = int(at.timestamp() * 1000) - 1_288_834_974_657
        if millis < 10**9:
            self._last_old_id += self.rng.randrange(1, 10**6)
            return str(self._last_old_id)
        return str((millis << 22) | self.rng.randrange(1 << 22))

    def tweet(self, at: datetime, words: str, **more: Any) -> dict[str, Any]:
        """What every tweet has; everything that is a number is written as a string."""
        tweet_id = self.tweet_id(at)
        return {
            "edit_info": {
                "initial": {
                    "editTweetIds": [tweet_id],
                    "editableUntil": _iso(at + timedelta(hours=1)),
                    "editsRemaining": "5",
                    "isEditEligible": True,
                }
            },
            "retweeted": False,
            "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
            "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
            "display_text_range": ["0", str(len(words))],
            "favorite_count": str(self.rng.randrange(30)),
            "id_str": tweet_id,
            "truncated": False,
            "retweet_count": "0",
            "id": tweet_id,
            "created_at": _created_at(at),
            "favorited": False,
            "full_text": _escaped(words),
            "lang": "en",
        } | more

    def ordinary(self, at: datetime) -> None:
        rng = self.rng
        parent = rng.choice(self.recent) if self.recent and rng.random() < 0.25 else None
        language: Language = rng.choice(["en", "en", "fr"])
        saying = self.talk.reply(parent[1]) if parent else self.talk.post(language, rng.choice(topics(language)))
        tweet = self.tweet(at, saying.text, lang=saying.language, possibly_sensitive=False)
        entities, plain = tweet["entities"], saying.text
        entities["hashtags"] = [{"text": tag, "indices": ["0", "1"]} for tag in saying.tags]
        if parent:
            tweet |= _reply(parent[0], USER, ACCOUNT_ID)
        elif rng.random() < 0.2:
            plain = _name_somebody(tweet, plain, rng)
        if rng.random() < 0.15:
            plain = _add_link(tweet, plain, rng)
        count = rng.choices([0, 1, 3], [1 - self.pictures, 0.8 * self.pictures, 0.2 * self.pictures])[0]
        if count:
            self.add_media(tweet, [rng.choices(["photo", "video", "animated_gif"], [8, 1, 1])[0] for _ in range(count)])
        self.keep(tweet, plain, at, saying.language, reply=parent[0] if parent else None, media=count)
        self.recent = [*self.recent[-15:], (tweet["id_str"], saying)]

    def keep(self, tweet: dict[str, Any], plain: str, at: datetime, language: str, **more: Any) -> None:
        self.tweets.append(tweet)
        reply = more.pop("reply", None)
        key = f"twitter:{tweet['id_str']}"
        self.expected.posts[key] = ExpectedPost(
            plain, at, language=language, reply_key=f"twitter:{reply}" if reply else None, **more
        )

    def add_media(self, tweet: dict[str, Any], kinds: list[str], present: bool = True) -> None:
        """Files are named `<tweet id>-<last part of the address>`; in `entities` only the first is listed."""
        short, tweet_id, listed = f"https://t.co/{_letters(self.rng)}", tweet["id_str"], []
        for kind in kinds:
            name = _letters(self.rng, 15)
            still = f"https://pbs.twimg.com/media/{name}.jpg"
            media: dict[str, Any] = {
                "expanded_url": f"https://twitter.com/{USER}/status/{tweet_id}/photo/1",
                "indices": ["0", "23"],
                "url": short,
                "media_url": still.replace("https", "http"),
                "id_str": tweet_id,
                "id": tweet_id,
                "media_url_https": still,
                "sizes": {"large": {"w": "96", "h": "64", "resize": "fit"}},
                "type": kind,
                "display_url": f"pic.twitter.com/{name[:10]}",
            }
            if kind == "photo":
                media["ext_alt_text"] = "A picture of something small"
                file = f"{name}.jpg"
            else:
                base = "https://video.twimg.com/ext_tw_video/1/pu"
                media["video_info"] = {
                    "aspect_ratio": ["3", "2"],
                    "duration_millis": "4000",
                    "variants": [
                        {"bitrate": "256000", "content_type": "video/mp4", "url": f"{base}/vid/low{name}.mp4?tag=12"},
                        {"content_type": "application/x-mpegURL", "url": f"{base}/pl/{name}.m3u8?tag=12"},
                        {"bitrate": "2176000", "content_type": "video/mp4", "url": f"{base}/vid/{name}.mp4?tag=12"},
                    ],
                }
                file = f"{name}.mp4"
            if present:
                data = picture(self.rng.randrange(8)) if kind == "photo" else _MP4
                self.pack.add(f"data/tweets_media/{tweet_id}-{file}", data)
            listed.append(media)
        tweet["full_text"] += f" {short}"
        tweet["entities"]["media"] = listed[:1]
        tweet["extended_entities"] = {"media": listed}


def write_twitter(
    path: Path,
    *,
    posts: int = 300,
    seed: int = 2,
    form: Form = "zip",
    top: str = "",
    odd: bool = True,
    protected: bool = False,
    cut_tweets: bool = False,
    years: tuple[int, int] = (2009, 2026),
    pictures: float = 0.2,
) -> Expected:
    """Write an archive of about that many tweets, in two parts that are not in order, as X does."""
    rng, expected = random.Random(seed), Expected(USER)
    pack = Packer(path, form, top)
    writer = _Writer(pack, rng, expected, pictures)
    for at in moments(rng, posts, *years):
        writer.ordinary(at)
    if odd:
        _odd_tweets(writer)
    half = len(writer.tweets) // 2
    parts = writer.tweets[half:][::-1], writer.tweets[:half]
    for part, tweets in enumerate(parts):
        body = _js("tweets", [{"tweet": tweet} for tweet in tweets], part)
        pack.add(f"data/tweets{f'-part{part}' if part else ''}.js", body[: len(body) // 2] if cut_tweets else body)
    _neighbours(pack, writer, protected)
    pack.close()
    if protected:
        for post in expected.posts.values():
            post.visibility = "followers"
    return expected


def _odd_tweets(writer: _Writer) -> None:
    expected, at = writer.expected, datetime.fromisoformat("2024-02-29T12:00:00+00:00")
    first = writer.tweets[0]["id_str"]
    retweet = writer.tweet(at, "RT @bob_1: what Bob said, which is long and so it ends in the middl…")
    expected.left_out.add(f"https://twitter.com/{USER}/status/{retweet['id_str']}")

    long = writer.talk.long("en", "cats", 3).text
    short = writer.tweet(at, f"@bob_1 {long[:270]}…")
    short["full_text"] += f" https://t.co/{_letters(writer.rng)}"
    short |= _reply("20", "bob_1", "42")
    core = {"styletags": [], "urls": [], "text": long, "mentions": [], "cashtags": [], "hashtags": []}
    writer.notes.append({"noteTweetId": "1761", "createdAt": _iso(at + timedelta(seconds=1)), "core": core})
    writer.keep(short, long, at, "en")

    old, new = writer.tweet(at, "Teh cat"), writer.tweet(at + timedelta(minutes=5), "The cat")
    ids = [old["id_str"], new["id_str"]]
    for tweet in (old, new):
        tweet["edit_info"] = {"edit": {"initialTweetId": ids[0], "editControlInitial": {"editTweetIds": ids}}}
    answer = writer.tweet(at + timedelta(minutes=9), f"@{USER} and the cat came back") | _reply(
        ids[1], USER, ACCOUNT_ID
    )
    expected.posts[f"twitter:{ids[0]}"] = ExpectedPost("The cat", at, language="en")
    expected.left_out.add(f"twitter:{ids[1] if ids[1] < ids[0] else ids[0]}")
    writer.keep(answer, "and the cat came back", at + timedelta(minutes=9), "en", reply=ids[0])

    gone = writer.tweet(at, "A picture that is lost")
    writer.add_media(gone, ["photo"], present=False)
    link = gone["entities"]["media"][0]["expanded_url"]
    writer.keep(gone, f"A picture that is lost {link}", at, "en")

    quote = writer.tweet(at, "I said so https://t.co/quoted1234", lang="und")
    quoted = f"https://twitter.com/{USER}/status/{first}"
    quote["entities"]["urls"] = [{"url": "https://t.co/quoted1234", "expanded_url": quoted, "display_url": "t"}]
    writer.keep(quote, "I said so", at, "und")
    expected.posts[f"twitter:{quote['id_str']}"].language = None

    writer.tweets += [retweet, old, new, writer.tweets[0], {"full_text": "no id"}]
    expected.left_out |= {f"twitter:{first}"}


def _neighbours(pack: Packer, writer: _Writer, protected: bool) -> None:
    """All the files that lie around tweets.js."""
    account = {
        "email": "alice@mail.example",
        "createdVia": "web",
        "username": USER,
        "accountId": ACCOUNT_ID,
        "createdAt": "2009-02-03T10:11:12.000Z",
        "accountDisplayName": "Alice ❤️‍🔥",
    }
    avatar, header = (
        "https://pbs.twimg.com/profile_images/1/hxB9hFTM.png",
        "https://pbs.twimg.com/profile_banners/1/1596",
    )
    about = {"bio": "Gardens &amp; trains", "website": "https://t.co/abc", "location": "Lille"}
    profile = {"description": about, "avatarMediaUrl": avatar, "headerMediaUrl": header}
    pack.add("data/account.js", _js("account", [{"account": account}]))
    pack.add("data/profile.js", _js("profile", [{"profile": profile}]))
    pack.add(f"data/profile_media/{ACCOUNT_ID}-hxB9hFTM.png", picture(100, "PNG"))
    pack.add(f"data/profile_media/{ACCOUNT_ID}-1596.jpg", picture(101))
    pack.add("data/note-tweet.js", _js("note_tweet", [{"noteTweet": note} for note in writer.notes]))
    likes = [
        {"tweetId": str(n), "fullText": "x", "expandedUrl": f"https://twitter.com/i/web/status/{n}"} for n in range(9)
    ]
    pack.add("data/like.js", _js("like", [{"like": like} for like in likes]))
    writer.expected.favourites = len(likes)
    for name, key in (("follower", "follower"), ("following", "following"), ("block", "blocking"), ("mute", "muting")):
        user = {"accountId": "1", "userLink": "https://twitter.com/intent/user?user_id=1"}
        pack.add(f"data/{name}.js", _js(name, [{key: user}] * 4))
        writer.expected.left_out.add(f"data/{name}.js")
    deleted = writer.tweet(datetime.fromisoformat("2020-01-01T00:00:00+00:00"), "Deleted on purpose")
    pack.add("data/deleted-tweets.js", _js("deleted_tweets", [{"tweet": deleted}]))
    conversation = {"conversationId": "1-2", "messages": [{"messageCreate": {"text": "private"}}]}
    pack.add("data/direct-messages.js", _js("direct_messages", [{"dmConversation": conversation}]))
    pack.add("data/direct-messages-group.js", _js("direct_messages_group", []))
    pack.add("data/twitter-circle-tweet.js", _js("twitter_circle_tweet", [{"tweet": {**deleted, "id_str": "5"}}]))
    writer.expected.left_out |= {f"data/{n}.js" for n in ("deleted-tweets", "direct-messages", "twitter-circle-tweet")}
    action = [{"protectedHistory": {"protectedAt": "2024-03-03T12:41:20.000Z", "action": "Protect"}}]
    pack.add("data/protected-history.js", _js("protected_history", action if protected else []))
    pack.add("data/manifest.js", 'window.__THAR_CONFIG = {"archiveInfo" : {"isPartialArchive" : false}}')
    pack.add("Your archive.html", "<!doctype html>")


def write_grailbird(path: Path, *, form: Form = "zip") -> Expected:
    """The archive of 2012 to 2018: a file a month, bare tweets, numbers as numbers, dates of two forms, no files."""
    expected, pack = Expected(USER), Packer(path, form)
    first, second = 273_926_123_456_789_504, 273_926_999_999_999_488
    retweet = {"id": 5, "id_str": "5", "text": "RT @bob_1: hello", "created_at": "2012-11-29 00:00:00 +0000"}
    november = [
        {
            "id_str": str(second),
            "id": second,
            "text": "@alice_tweets and a second one &lt;3",
            "created_at": "2012-11-28 22:18:35 +0000",
            "in_reply_to_status_id_str": str(first),
            "in_reply_to_status_id": first,
            "in_reply_to_screen_name": USER,
            "entities": {"user_mentions": [], "media": [], "hashtags": [], "urls": []},
            "geo": {},
        },
        retweet | {"retweeted_status": {"id_str": "4", "text": "hello", "user": {"screen_name": "bob_1"}}},
    ]
    october = [{"id_str": str(first), "id": first, "text": "First!", "created_at": "Wed Nov 28 22:15:06 +0000 2012"}]
    for month, tweets in (("2012_11", november), ("2012_10", october)):
        body = json.dumps(tweets, indent=1).replace("/", "\\/")
        pack.add(f"data/js/tweets/{month}.js", f"Grailbird.data.tweets_{month} = \n {body}")
    details = {"screen_name": USER, "full_name": "Alice", "bio": "Hi", "id": ACCOUNT_ID, "created_at": "2009-02-03"}
    pack.add("data/js/user_details.js", f"var user_details =  {json.dumps(details)}")
    pack.add("tweets.csv", '"tweet_id","text"\n')
    pack.close()
    at = datetime.fromisoformat("2012-11-28T22:15:06+00:00")
    later = datetime.fromisoformat("2012-11-28T22:18:35+00:00")
    expected.posts[f"twitter:{first}"] = ExpectedPost("First!", at)
    expected.posts[f"twitter:{second}"] = ExpectedPost("and a second one <3", later, reply_key=f"twitter:{first}")
    expected.left_out.add(f"https://twitter.com/{USER}/status/5")
    return expected


def _reply(tweet_id: str, name: str, user_id: str) -> dict[str, str]:
    return {
        "in_reply_to_status_id_str": tweet_id,
        "in_reply_to_status_id": tweet_id,
        "in_reply_to_user_id": user_id,
        "in_reply_to_screen_name": name,
        "in_reply_to_user_id_str": user_id,
    }


def _name_somebody(tweet: dict[str, Any], plain: str, rng: random.Random) -> str:
    name, screen_name, user_id = rng.choice(_OTHERS)
    user = {"name": name, "screen_name": screen_name, "indices": ["0", "9"], "id_str": user_id, "id": user_id}
    tweet["entities"]["user_mentions"] = [user]
    tweet["full_text"] = f"@{screen_name} {tweet['full_text']} (write to me@mail.example)"
    return f"@{screen_name}@twitter.com {plain} (write to me@mail.example)"


def _add_link(tweet: dict[str, Any], plain: str, rng: random.Random) -> str:
    short, full = f"https://t.co/{_letters(rng)}", f"https://medium.example/@bob/{rng.randrange(10**6)}?a=1&copy=2"
    tweet["entities"]["urls"] = [
        {"url": short, "expanded_url": full, "display_url": "medium.example/…", "indices": ["9", "32"]}
    ]
    tweet["full_text"] += f"\n{short}"
    return f"{plain}\n{full}"


def _letters(rng: random.Random, count: int = 10) -> str:
    return "".join(rng.choices("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=count))


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _created_at(at: datetime) -> str:
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at.month - 1]
    return f"{['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][at.weekday()]} {month} {at:%d %H:%M:%S} +0000 {at.year}"


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _js(name: str, records: list[Any], part: int = 0) -> str:
    return (
        f"window.YTD.{name}.part{part} = {json.dumps(records, ensure_ascii=False, indent=2, separators=(',', ' : '))}"
    )
