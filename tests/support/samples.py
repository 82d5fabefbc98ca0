"""People and posts to look at the pages with: what the backend hands to the templates, made up."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Some
from typing import Any

from markupsafe import Markup

from palabre.features.moderation.wording import Part, Section

NOW = datetime.now(UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def html(text: str) -> Markup:
    return Markup(text)


def tie(**flags: bool) -> Some:
    """How the reader stands to an account."""
    none = dict.fromkeys(("following", "requested", "followed_by", "blocking", "muting"), False)
    return Some(**(none | flags))


@dataclass(eq=False)
class Account:
    id: int
    username: str
    display_name: str
    note_html: Markup = field(default_factory=Markup)
    avatar_url: str | None = None
    header_url: str | None = None
    fields: list[tuple[str, Markup]] = field(default_factory=list)
    locked: bool = False
    bot: bool = False
    moderator: bool = False
    admin: bool = False
    created_at: datetime = ago(days=420)
    followers_count: int = 84
    following_count: int = 112
    posts_count: int = 391
    relationship: Some = field(default_factory=tie)
    host: str = ""
    standing = "active"

    @property
    def acct(self) -> str:
        return f"{self.username}@{self.host}" if self.host else self.username

    @property
    def url(self) -> str:
        return f"/@{self.acct}"


@dataclass
class Media:
    id: int
    name: str
    description: str | None
    width: int = 1200
    height: int = 800
    focus_x: float = 0
    focus_y: float = 0
    color: str = "#7d8f69"
    kind: str = "image"
    blurhash: str = "LEHV6nWB2yk8pyo0adR*.7kCMdnj"

    @property
    def url(self) -> str:
        return f"/media/{self.name}.jpg"

    preview_url = url


@dataclass
class Post:
    id: int
    author: Account
    content_html: Markup
    created_at: datetime = ago(minutes=5)
    edited_at: datetime | None = None
    held: bool = False
    booster: Account | None = None
    visibility: str = "public"
    spoiler: str = ""
    label: str = ""
    sensitive: bool = False
    language: str = "en"
    media: list[Media] = field(default_factory=list)
    replies_count: int = 0
    reblogs_count: int = 0
    favourites_count: int = 0
    favourited: bool = False
    reblogged: bool = False
    bookmarked: bool = False
    pinned: bool = False
    mine: bool = False
    reply_to: Account | None = None
    application: str | None = None

    @property
    def url(self) -> str:
        return f"{self.author.url}/{self.id}"


alice = Account(
    1,
    "alice",
    "Alice Okafor",
    html("<p>Beekeeper and slow reader. Honey on Saturdays at the market.</p>"),
    "/media/face-alice.jpg",
    "/media/hills.jpg",
    [
        ("Bees", html("eleven hives")),
        ("Web", html('<a href="https://example.org" rel="me">example.org</a>')),
        ("Pronouns", html("she / her")),
    ],
)
bob = Account(
    2,
    "bob",
    "Bob",
    html("<p>Carpenter. I fix chairs, tables, and sometimes arguments.</p>"),
    "/media/face-bob.jpg",
    created_at=ago(days=90),
    followers_count=1240,
    relationship=tie(following=True, followed_by=True),
)
carol = Account(
    3,
    "carol",
    "Carol Lindqvist",
    html("<p>Looks after this place.</p>"),
    "/media/face-carol.jpg",
    moderator=True,
    admin=True,
    relationship=tie(followed_by=True),
)
dan = Account(
    4,
    "dan_the_loud_one",
    "Dan",
    html("<p>Says it as it is.</p>"),
    relationship=tie(blocking=True),
    created_at=ago(days=12),
)
eve = Account(
    5,
    "eve",
    "Ève du Moulin",
    html("<p>D'ailleurs. Boulangère, cycliste, bavarde.</p>"),
    "/media/face-eve.jpg",
    locked=True,
    host="moulin.example",
    relationship=tie(requested=True),
)
weather = Account(6, "weather", "Valley weather", html("<p>Every morning at six.</p>"), bot=True)
everyone = [alice, bob, carol, eve, weather]
me = replace(alice, relationship=tie())
moderator = replace(carol, relationship=tie())

hills = Media(11, "hills", "Green hills in layers under an orange evening sky", 1600, 1000, 0, -0.4, "#d98e52")
hive = Media(12, "hive", "A wooden beehive with its lid off, bees on the frames", 900, 1200, 0.2, 0.5, "#b98a2f")
bread = Media(13, "bread", "Four round loaves on a cloth", 1200, 900, 0, 0, "#a5714a")
lake = Media(14, "lake", None, 1200, 800, -0.5, 0, "#4d7a8c")

posts = [
    Post(
        105,
        bob,
        html(
            '<p>The bench under the big tree is mended. Oak this time, so it should outlive all of us. Come and sit: <a href="/tags/village">#village</a></p>'
        ),
        ago(minutes=4),
        replies_count=3,
        reblogs_count=5,
        favourites_count=21,
        favourited=True,
        media=[hills],
    ),
    Post(
        104,
        eve,
        html(
            "<p>Première fournée de la saison au levain de seigle. La croûte chante encore.</p><p>Qui passe en chercher demain&nbsp;?</p>"
        ),
        ago(minutes=48),
        language="fr",
        replies_count=7,
        reblogs_count=2,
        favourites_count=34,
        media=[bread, hive],
        booster=bob,
    ),
    Post(
        103,
        me,
        html(
            "<p>Opened the hives for the first time since October. Eleven in, eleven out. I may have cried a little into the smoker.</p>"
        ),
        ago(hours=3),
        mine=True,
        replies_count=12,
        reblogs_count=8,
        favourites_count=1284,
        visibility="unlisted",
        media=[hive, hills, lake],
        edited_at=ago(hours=2),
    ),
    Post(
        102,
        carol,
        html(
            "<p>The last chapter undoes everything the narrator told us. Read it twice; the second time it is a different book.</p>"
        ),
        ago(hours=9),
        spoiler="How the book ends",
        visibility="private",
        favourites_count=4,
        bookmarked=True,
    ),
    Post(
        101,
        bob,
        html(
            '<p><a href="/@alice">@alice</a> half past nine, by the well. I will bring the ladder <em>and</em> the coffee.</p><blockquote>Bring gloves this time.</blockquote><p>Yes, yes.</p>'
        ),
        ago(days=1),
        reply_to=me,
        visibility="direct",
    ),
    Post(
        100,
        weather,
        html("<p>Tomorrow: mist until ten, then sun. Wind from the west, 12 km/h.</p>"),
        ago(days=3),
        reblogs_count=1,
        favourites_count=2,
    ),
    Post(
        99,
        eve,
        html("<p>Quatre vues du lac, une par saison.</p>"),
        ago(days=20),
        language="fr",
        media=[lake, hills, bread, hive],
        favourites_count=51,
        reblogs_count=11,
        sensitive=False,
    ),
    Post(
        98,
        dan,
        html("<p>Not everyone wants to see this at breakfast.</p>"),
        ago(days=400),
        sensitive=True,
        media=[hive],
        favourites_count=0,
    ),
]

instance = Some(
    name="Under the Baobab",
    origin="https://baobab.example",
    contact_email="carol@example.org",
    registrations="approval",
    source_url="https://example.org/palabre",
    open_cases=4,
    brake="",
    end=None,
    description="A calm corner for people of the valley: gardens, bread, books, and how to live well next to each other.",
)
closing = Some(**{**vars(instance), "end": Some(at=ago(days=-60), passed=False), "registrations": "closed"})
closed = Some(**{**vars(instance), "end": Some(at=ago(days=2), passed=True), "registrations": "closed"})
rules = [
    Some(id=1, text="Speak as you would face to face.", hint="Disagree with what was said, not with who said it."),
    Some(id=2, text="No hatred of anyone for what they are.", hint="Origin, faith, sex, disability, whom they love."),
    Some(id=3, text="Ask before you show others.", hint="No pictures or private matters of people who did not agree."),
    Some(id=4, text="Cover what may upset.", hint=""),
]
languages = [("en", "English"), ("fr", "français"), ("de", "Deutsch"), ("ar", "العربية")]
limits = Some(characters=1000, pictures=4)


def draft(**values: Any) -> Some:
    return Some(
        **(
            {
                "text": "",
                "spoiler": "",
                "sensitive": False,
                "visibility": "public",
                "language": "en",
                "media": [],
                "reply_to": "",
                "id": "",
                "asked": None,
            }
            | values
        )
    )


def notification(
    kind: str,
    account: Account | None,
    post: Post | None = None,
    others: int = 0,
    text: str = "",
    unread: bool = False,
    href: str = "",
    **when: float,
) -> Some:
    return Some(
        kind=kind,
        account=account,
        post=post,
        others=others,
        text=text,
        unread=unread,
        href=href,
        created_at=ago(**when),
    )


notifications = [
    notification("mention", bob, replace(posts[4], visibility="public"), unread=True, minutes=9),
    notification("favourite", eve, posts[2], others=14, unread=True, minutes=31),
    notification("follow", carol, minutes=50),
    notification("reblog", bob, posts[2], hours=2),
    notification("follow_request", eve, hours=5),
    notification(
        "moderation", None, text="The moderators answered your report about @dan_the_loud_one.", href="/letters", days=1
    ),
]

sections = [
    Section(
        "measure",
        "What was decided",
        [
            Part("The moderators limited your account: others than your followers don’t see your posts in lists."),
            Part(
                "It holds from 23 November 2026, 14:05 UTC until 30 November 2026, 14:05 UTC, and then ends by itself."
            ),
        ],
    ),
    Section("content", "What it is about", [Part("Ask Dan, he lives behind the well.", quoted=True)]),
    Section("ground", "Why", [Part("It breaks this rule:"), Part("Nobody is named who asked not to be.", quoted=True)]),
]
cases = [
    Some(
        id=31,
        url="/moderation/cases/31",
        state="open",
        account=dan,
        categories=["threat", "rule"],
        reports_count=6,
        excerpt="Somebody should burn that bench down with all of you on it.",
        opened_at=ago(hours=2),
        due_at=NOW + timedelta(hours=22),
        overdue=False,
        assignee=None,
        urgent=True,
        grave=True,
        alike=1,
        group_url="/moderation/groups/31",
        appeal=False,
    ),
    Some(
        id=29,
        url="/moderation/cases/29",
        state="open",
        account=weather,
        categories=["spam"],
        reports_count=1,
        excerpt="Tomorrow: mist until ten, then sun.",
        opened_at=ago(days=2),
        due_at=ago(hours=3),
        overdue=True,
        assignee=carol,
        urgent=False,
        grave=False,
        alike=27,
        group_url="/moderation/groups/29",
        appeal=False,
    ),
    Some(
        id=27,
        url="/moderation/cases/27",
        state="open",
        account=bob,
        categories=["rule"],
        reports_count=2,
        excerpt="The picture shows people who did not want to be shown.",
        opened_at=ago(days=3),
        due_at=None,
        overdue=False,
        assignee=None,
        urgent=False,
        grave=False,
        alike=1,
        group_url="/moderation/groups/27",
        appeal=True,
    ),
]
