"""A Mastodon archive as BackupService of Mastodon 4.5 writes it, member by member and field by field."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from palabre.demo.archives.parts import Expected, ExpectedPost, Form, Packer, handles, moments, picture
from palabre.demo.talk import Language, Saying, Talk, topics

Draw = Callable[[int], bytes]
HOST, USER = "social.example", "alice"
ACTOR = f"https://{HOST}/users/{USER}"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT: list[Any] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {"ostatus": "http://ostatus.org#", "atomUri": "ostatus:atomUri", "sensitive": "as:sensitive"},
    {"toot": "http://joinmastodon.org/ns#", "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"}},
]


class _Writer:
    def __init__(self, pack: Packer, rng: random.Random, expected: Expected, pictures: float, draw: Draw) -> None:
        self.pictures, self.draw = pictures, draw
        self.pack, self.rng, self.talk, self.expected = pack, rng, Talk(rng), expected
        self.items: list[str] = []
        self.recent: list[tuple[str, Saying]] = []

    def status_id(self, at: datetime) -> int:
        return (int(at.timestamp() * 1000) << 16) | self.rng.randrange(1 << 16)

    def post(self, at: datetime, *, files: bool = True, **odd: Any) -> dict[str, Any]:
        """One ordinary post: sometimes a reply to an earlier one, with mention, link, pictures, warning or poll."""
        rng, status = self.rng, self.status_id(at)
        language: Language = rng.choice(["en", "en", "fr"])
        parent = rng.choice(self.recent) if self.recent and rng.random() < 0.3 and not odd else None
        saying = self.talk.reply(parent[1]) if parent else self.talk.post(language, rng.choice(topics(language)))
        visibility = rng.choices(["public", "unlisted", "followers", "direct"], [80, 10, 7, 3])[0]
        uri = f"{ACTOR}/statuses/{status}"
        plain, content, tags, mentioned = _written(saying.text, rng, visibility == "direct")
        media = [self.media(status, n, saying, files) for n in range(self.attached())]
        spoiler = self.talk.spoiler(saying.language) if rng.random() < 0.05 else None
        to, cc = _audience(visibility, mentioned)
        note = {
            "id": uri,
            "type": "Note",
            "summary": spoiler,
            "inReplyTo": parent[0] if parent else None,
            "published": _iso(at),
            "url": f"https://{HOST}/@{USER}/{status}",
            "attributedTo": ACTOR,
            "to": to,
            "cc": cc,
            "sensitive": spoiler is not None,
            "atomUri": uri,
            "inReplyToAtomUri": parent[0] if parent else None,
            "conversation": f"tag:{HOST},{at:%Y-%m-%d}:objectId={status % 10**7}:objectType=Conversation",
            "content": content,
            "contentMap": {saying.language: content},
            "attachment": media,
            "tag": tags,
            "replies": {"id": f"{uri}/replies", "type": "Collection", "first": {"type": "CollectionPage", "items": []}},
            "likes": {"id": f"{uri}/likes", "type": "Collection", "totalItems": rng.randrange(40)},
            "shares": {"id": f"{uri}/shares", "type": "Collection", "totalItems": rng.randrange(9)},
            "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
        }
        note.update(odd)
        if not odd:
            reply = parent[0] if parent else None
            self.expected.posts[uri] = ExpectedPost(
                plain, at, visibility, saying.language, spoiler, reply, len(media) if files else 0
            )
            self.recent = [*self.recent[-20:], (uri, saying)]
        return note

    def attached(self) -> int:
        return self.rng.choices(
            [0, 1, 2, 4], [1 - self.pictures, *(self.pictures * share for share in (0.72, 0.2, 0.08))]
        )[0]

    def create(self, note: dict[str, Any]) -> None:
        self.items.append(_dump(_activity("Create", f"{note['id']}/activity", note)))

    def boost(self, at: datetime, url: str) -> None:
        status = self.status_id(at)
        activity = _activity("Announce", f"{ACTOR}/statuses/{status}/activity", url)
        activity |= {"published": _iso(at), "to": [PUBLIC], "cc": ["https://other.example/users/bob"]}
        self.items.append(_dump(activity))
        self.expected.boosts += 1

    def media(self, status: int, number: int, saying: Saying, present: bool = True) -> dict[str, Any]:
        digits = f"{status + number:018}"
        folders = "/".join(digits[i : i + 3] for i in range(0, 18, 3))
        path = f"media_attachments/files/{folders}/original/{self.rng.randbytes(8).hex()}.jpeg"
        if present:
            self.pack.add(path, self.draw(self.rng.randrange(8)))
        # Served from elsewhere, the path keeps the slash, and the bucket where there is one.
        before = self.rng.choice(["", "", "/", "/bucket/"])
        attachment = {
            "type": "Document",
            "mediaType": "image/jpeg",
            "url": before + path,
            "name": self.talk.picture(saying.language, saying.topic) if self.rng.random() < 0.7 else None,
            "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
            "width": 96,
            "height": 64,
        }
        return attachment | ({"focalPoint": [-0.25, 0.6]} if self.rng.random() < 0.3 else {})


def write_mastodon(
    path: Path,
    *,
    posts: int = 300,
    seed: int = 1,
    form: Form = "zip",
    top: str = "",
    odd: bool = True,
    cut_outbox: bool = False,
    years: tuple[int, int] = (2017, 2026),
    pictures: float = 0.25,
    draw: Draw = picture,
    faces: tuple[bytes, bytes] | None = None,
) -> Expected:
    """Write an archive of about that many posts; with `odd`, also what only some archives hold.

    `pictures`: the share of posts that have some; `draw`: what makes the picture of a number;
    `faces`: avatar (PNG) and header (JPEG).
    """
    rng, expected = random.Random(seed), Expected(USER)
    pack = Packer(path, form, top)
    writer = _Writer(pack, rng, expected, pictures, draw)
    for at in moments(rng, posts, *years):
        writer.create(writer.post(at))
        if rng.random() < 0.1:
            writer.boost(at + timedelta(seconds=1), f"https://other.example/users/bob/statuses/{rng.randrange(10**15)}")
    if odd:
        _odd_items(writer)
    outbox = _dump(
        {"@context": CONTEXT, "id": "outbox.json", "type": "OrderedCollection", "totalItems": len(writer.items)}
    )
    body = outbox[:-1] + ',"orderedItems":[' + ",".join(writer.items) + "]}"
    pack.add("outbox.json", body[: len(body) * 2 // 3] if cut_outbox else body)
    expected.favourites, expected.bookmarks = 25, 12
    for name, count in (("likes.json", 25), ("bookmarks.json", 12)):
        urls = [f"https://other.example/users/bob/statuses/{rng.randrange(10**15)}" for _ in range(count)]
        pack.add(name, _dump({"id": name, "type": "OrderedCollection", "orderedItems": urls}))
    avatar, header = faces or (picture(100, "PNG"), picture(101))
    pack.add("avatar.png", avatar)
    pack.add("header.jpeg", header)
    pack.add("actor.json", _dump(_actor()))
    pack.close()
    return expected


def _odd_items(writer: _Writer) -> None:
    expected, at = writer.expected, datetime.fromisoformat("2024-02-29T12:00:00+00:00")
    keys = list(expected.posts)
    missing = writer.post(at, files=False, content="<p>Gone</p>", attachment=[writer.media(7, 1, _SAYING, False)])
    expected.left_out.add(missing["attachment"][0]["url"])
    empty = writer.post(at, content="", contentMap={}, attachment=[writer.media(8, 1, _SAYING, False)])
    article = writer.post(at, type="Article", name="Not a note")
    undated = writer.post(at, published="some day")
    huge = writer.post(at, content="<p>" + "cat &amp; dog " * 20_000 + "</p>", attachment=[])
    poll = writer.post(
        at,
        type="Question",
        content="<p>Tea or coffee?</p>",
        attachment=[],
        oneOf=[{"type": "Note", "name": n, "replies": {"type": "Collection", "totalItems": 3}} for n in ("Tea", "☕")],
        endTime="2024-03-01T12:00:00Z",
        closed="2024-03-01T12:00:00Z",
        votersCount=6,
    )
    edited = writer.post(at, updated="2024-03-02T08:30:00Z", content="<p>Fixed a typo</p>", attachment=[])
    quoting = writer.post(
        at,
        content=f'<p class="quote-inline">RE: <a href="{keys[0]}">{keys[0]}</a></p><p>As I said</p>',
        attachment=[],
        quote=keys[0],
        quoteUri=keys[0],
    )
    for note in (missing, empty, article, undated, huge, poll, edited, quoting):
        writer.create(note)
    expected.left_out |= {empty["id"], undated["id"], f"Article {article['id']}"}
    writer.items.append(writer.items[0])  # the same post twice
    expected.left_out.add(keys[0])
    writer.items.append('{"id":"broken","type":"Create","object":{"id":5,"type":["Note"]}}')
    writer.boost(at, keys[1])
    for name, note in (("missing", missing), ("huge", huge), ("poll", poll), ("edited", edited), ("quote", quoting)):
        expected.posts[note["id"]] = ExpectedPost(_ODD_TEXTS[name], at, visibility="*", language="*", spoiler="*")


_SAYING = Saying("A cat", "cats", "en")
_ODD_TEXTS = {
    "missing": "Gone",
    "huge": ("cat & dog " * 20_000).strip(),
    "poll": "Tea or coffee?",
    "edited": "Fixed a typo",
    "quote": "As I said",
}


def write_csvs(pack: Packer, seed: int = 3, count: int = 40) -> None:
    """The files of Settings > Import and export > Data export, with the header rows Mastodon gives each."""
    rng = random.Random(seed)
    options = ["true,false,", "true,true,en", 'false,false,"fr, en"', "true,false,de"]
    rows = "\n".join(f"{handle},{rng.choice(options)}" for handle in handles(rng, count))
    pack.add("following_accounts.csv", f"Account address,Show boosts,Notify on new posts,Languages\n{rows}\n")
    pack.add("blocked_accounts.csv", "".join(f"{h}\n" for h in handles(rng, 5)))
    pack.add(
        "muted_accounts.csv", "Account address,Hide notifications\nloud@other.example,true\nsoft@other.example,false\n"
    )
    pack.add("lists.csv", 'Jardin & amis,bob@other.example\n"Trains, all",eve@other.example\n')
    pack.add("bookmarks.csv", "https://other.example/users/bob/statuses/77\n")
    pack.add("blocked_domains.csv", "spam.example\nworse.example\n")


def _written(words: str, rng: random.Random, direct: bool) -> tuple[str, str, list[dict[str, Any]], list[str]]:
    """The plain words and their HTML, with what Mastodon makes of hashtags, mentions and links."""
    tags: list[dict[str, Any]] = []
    mentioned: list[str] = []
    plain, parts = [], []
    for word in words.split(" "):
        plain.append(word)
        if word.startswith("#") and len(word) > 1:
            name = word[1:].lower()
            href = f"https://{HOST}/tags/{name}"
            tags.append({"type": "Hashtag", "href": href, "name": f"#{name}"})
            parts.append(f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{word[1:]}</span></a>')
        else:
            parts.append(html.escape(word, quote=False).replace("\n\n", "</p><p>").replace("\n", "<br />"))
    if direct or rng.random() < 0.12:
        name, server = rng.choice([("bob", "other.example"), ("carol", HOST), ("eve", "pomme.example")])
        href = f"https://{server}/users/{name}"
        tags.insert(0, {"type": "Mention", "href": href, "name": f"@{name}" + ("" if server == HOST else f"@{server}")})
        mentioned.append(href)
        plain.insert(0, f"@{name}@{server}")
        link = f'<a href="https://{server}/@{name}" class="u-url mention">@<span>{name}</span></a>'
        parts.insert(0, f'<span class="h-card" translate="no">{link}</span>')
    if rng.random() < 0.1:
        url = f"https://www.example.org/articles/{rng.randrange(10**9)}/the-cat-that-came-back?a=1&b=2"
        bare = html.escape(url.removeprefix("https://www."))
        plain.append(url)
        parts.append(
            f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener noreferrer" translate="no">'
            f'<span class="invisible">https://www.</span><span class="ellipsis">{bare[:30]}</span>'
            f'<span class="invisible">{bare[30:]}</span></a>'
        )
    return " ".join(plain), f"<p>{' '.join(parts)}</p>", tags, mentioned


def _audience(visibility: str, mentioned: list[str]) -> tuple[list[str], list[str]]:
    followers = f"{ACTOR}/followers"
    return {
        "public": ([PUBLIC], [followers, *mentioned]),
        "unlisted": ([followers], [PUBLIC, *mentioned]),
        "followers": ([followers], mentioned),
        "direct": (mentioned, []),
    }[visibility]


def _activity(kind: str, activity_id: str, about: Any) -> dict[str, Any]:
    copied = {k: about[k] for k in ("published", "to", "cc")} if isinstance(about, dict) else {}
    return {"id": activity_id, "type": kind, "actor": ACTOR, **copied, "object": about}


def _actor() -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "id": ACTOR,
        "webfinger": f"{USER}@{HOST}",
        "type": "Person",
        "following": f"{ACTOR}/following",
        "followers": f"{ACTOR}/followers",
        "inbox": f"{ACTOR}/inbox",
        "outbox": "outbox.json",
        "preferredUsername": USER,
        "name": "Alice 🌱 Ångström",
        "summary": '<p>Gardens &amp; trains.<br />See <a href="https://alice.example">alice.example</a></p>',
        "url": f"https://{HOST}/@{USER}",
        "manuallyApprovesFollowers": True,
        "discoverable": True,
        "indexable": False,
        "published": "2017-03-01T00:00:00Z",
        "alsoKnownAs": ["https://old.example/users/alice"],
        "publicKey": {"id": f"{ACTOR}#main-key", "owner": ACTOR, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\n…"},
        "tag": [],
        "attachment": [
            {"type": "PropertyValue", "name": "Jardin", "value": "Potager n° 12"},
            {
                "type": "PropertyValue",
                "name": "Web",
                "value": '<a href="https://alice.example" rel="me">alice.example</a>',
            },
        ],
        "endpoints": {"sharedInbox": f"https://{HOST}/inbox"},
        "icon": {"type": "Image", "mediaType": "image/png", "url": "avatar.png"},
        "image": {"type": "Image", "mediaType": "image/jpeg", "url": "header.jpeg"},
        "likes": "likes.json",
        "bookmarks": "bookmarks.json",
    }


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
