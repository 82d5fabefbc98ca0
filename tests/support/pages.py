"""Every page and the values it is shown with. A page missing here is a page nobody looks at: a test says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s


@dataclass
class Page:
    template: str
    me: s.Account | None = s.me
    values: Mapping[str, Any] = field(default_factory=dict)


def page(template: str, me: s.Account | None = s.me, **values: Any) -> Page:
    return Page(template, me, values)


def done(text: str, undo: bool = False) -> Some:
    return Some(kind="done", text=text, undo=Some(action="/undo", fields={"post": 1}) if undo else None)


writing: dict[str, Any] = {"draft": s.draft(), "limits": s.limits, "languages": s.languages}
form: dict[str, Any] = {"values": {}, "errors": {}}
older: dict[str, Any] = {"older": "?max_id=90", "newer": None}
end: dict[str, Any] = {"older": None, "newer": None}
wrong_password = {"password": "That password and name don't belong together."}
bob, eve, post = s.bob, s.eve, s.posts[0]
answers = [
    (
        replace(
            s.posts[5],
            id=201,
            author=eve,
            reply_to=bob,
            content_html=s.html("<p>J'apporte les croissants.</p>"),
            language="fr",
        ),
        0,
    ),
    (
        replace(
            s.posts[2],
            id=202,
            author=s.me,
            reply_to=eve,
            media=[],
            content_html=s.html("<p>Then I bring honey. Obviously.</p>"),
        ),
        1,
    ),
    (
        replace(
            s.posts[0],
            id=203,
            reply_to=s.me,
            media=[],
            content_html=s.html("<p>This bench was the best idea I had all year.</p>"),
        ),
        2,
    ),
    (
        replace(
            s.posts[3],
            id=204,
            author=s.carol,
            spoiler="",
            reply_to=bob,
            visibility="public",
            content_html=s.html("<p>Does it creak?</p>"),
        ),
        0,
    ),
]

timelines = {
    "landing": page("landing.html", None, posts=s.posts[:3], rules=s.rules, members=1342, path="/"),
    "landing-empty": page("landing.html", None, posts=[], rules=[], members=1),
    "home": page(
        "home.html",
        posts=s.posts,
        since=105,
        suggestions=[],
        flashes=[done("Your post is out.", True)],
        **writing,
        **older,
    ),
    "home-empty": page("home.html", posts=[], since=None, suggestions=s.everyone[1:4], **writing, **end),
    "public": page("public.html", None, posts=s.posts, since=105, **older),
    "tag": page("tag.html", tag=Some(name="village", following=True, posts_count=38), posts=s.posts[:2], **end),
    "tag-empty": page("tag.html", tag=Some(name="silence", following=False, posts_count=0), posts=[], **end),
    "bookmarks": page("bookmarks.html", posts=s.posts[3:5], **end),
    "bookmarks-empty": page("bookmarks.html", posts=[], **end),
    "favourites": page("favourites.html", posts=s.posts[:2], **end),
    "favourites-empty": page("favourites.html", posts=[], **end),
}
posts = {
    "thread": page(
        "thread.html",
        ancestors=[s.posts[5]],
        post=replace(post, application="Tusky", edited_at=s.ago(minutes=1)),
        replies=answers,
        **{**writing, "draft": s.draft(reply_to="105")},
    ),
    "thread-quiet": page("thread.html", None, ancestors=[], post=s.posts[3], replies=[], **{**writing, "draft": None}),
    "compose": page("compose.html", replying=None, errors={}, **writing),
    "compose-reply": page(
        "compose.html",
        replying=post,
        errors={"text": "Write something, or add a picture."},
        **{**writing, "draft": s.draft(reply_to="105", text="@bob ", spoiler="")},
    ),
    "edit": page(
        "edit.html",
        post=s.posts[2],
        errors={},
        **{
            **writing,
            "draft": s.draft(
                id="103",
                text="Opened the hives for the first time since October.",
                spoiler="Bees",
                media=[s.hive, s.hills],
            ),
        },
    ),
    "history": page(
        "history.html",
        post=post,
        versions=[
            Some(content_html=post.content_html, spoiler="", created_at=s.ago(minutes=1)),
            Some(
                content_html=s.html("<p>The bench under the big tree is mended.</p>"),
                spoiler="Joinery",
                created_at=s.ago(minutes=3),
            ),
            Some(content_html=s.html("<p>The bench is mended.</p>"), spoiler="", created_at=s.ago(minutes=4)),
        ],
    ),
    "delete": page("delete.html", post=s.posts[2]),
}
people = {
    "profile": page(
        "profile.html", account=bob, tab="posts", pinned=[replace(post, pinned=True)], posts=s.posts[4:5], **older
    ),
    "profile-me": page("profile.html", account=s.me, tab="posts", pinned=[], posts=[s.posts[2]], **end),
    "profile-new": page(
        "profile.html",
        account=replace(s.me, header_url=None, avatar_url=None, note_html=s.Markup(), fields=[], posts_count=0),
        tab="posts",
        pinned=[],
        posts=[],
        **end,
    ),
    "profile-remote": page(
        "profile.html", account=replace(eve, header_url="/media/lake.jpg"), tab="media", pinned=[], posts=[], **end
    ),
    "profile-blocked": page("profile.html", account=s.dan, tab="posts", pinned=[], posts=[], **end),
    "profile-quiet": page("profile.html", None, account=s.carol, tab="posts", pinned=[], posts=[], **end),
    "followers": page("people.html", account=bob, tab="followers", people=s.everyone, **older),
    "following-empty": page("people.html", account=bob, tab="following", people=[], **end),
    "followers-empty": page("people.html", account=bob, tab="followers", people=[], **end),
    "search": page("search.html", query="", tab="posts", posts=[], people=[], tags=[], **end),
    "search-posts": page("search.html", query="bench", tab="posts", posts=s.posts[:1], people=[], tags=[], **end),
    "search-people": page("search.html", query="b", tab="people", posts=[], people=s.everyone, tags=[], **end),
    "search-tags": page(
        "search.html",
        query="vil",
        tab="tags",
        posts=[],
        people=[],
        tags=[Some(name="village", posts_count=38), Some(name="villanelle", posts_count=1)],
        **end,
    ),
    "search-nothing": page("search.html", query="quetzalcoatl", tab="posts", posts=[], people=[], tags=[], **end),
    "notifications": page("notifications.html", notifications=s.notifications, tab="all", requests=2, **older),
    "notifications-empty": page("notifications.html", notifications=[], tab="mentions", requests=0, unread=0, **end),
    "follow-requests": page("follow_requests.html", people=[bob, eve], **end),
    "follow-requests-empty": page("follow_requests.html", people=[], **end),
}
reports = {
    "report": page(
        "report.html", target=s.dan, post=s.posts[7], recent=[replace(s.posts[5], author=s.dan)], rules=s.rules, **form
    ),
    "report-account": page(
        "report.html",
        target=s.dan,
        post=None,
        recent=[],
        rules=s.rules,
        values={"category": "rule", "rules": ["1"]},
        errors={"comment": "That is too long."},
    ),
    "my-reports": page(
        "my_reports.html",
        reports=[
            Some(
                id=1,
                target=s.dan,
                excerpt="Somebody should burn that bench down.",
                category="threat",
                comment="He means it.",
                created_at=s.ago(hours=2),
                state="in_review",
                outcome="",
            ),
            Some(
                id=2,
                target=s.weather,
                excerpt="",
                category="spam",
                comment="",
                created_at=s.ago(days=9),
                state="closed",
                outcome="The account posts the weather once a day and says that it is automated. We left it as it is.",
            ),
            Some(
                id=3,
                target=s.dan,
                excerpt="…",
                category="rule",
                comment="",
                created_at=s.ago(days=40),
                state="acted",
                outcome="The post was removed and its author warned. Thank you.",
            ),
        ],
    ),
    "my-reports-empty": page("my_reports.html", reports=[]),
}
choices = Some(site=[("en", "English"), ("fr", "français")], posts=s.languages)
settings = {
    "settings/profile": page(
        "settings/profile.html",
        account=s.me,
        values={"display_name": "Alice Okafor", "note": "Beekeeper and slow reader.", "locked": True},
        errors={"field_1_value": "At most 255 characters."},
        field_slots=4,
    ),
    "settings/account": page(
        "settings/account.html",
        values={"email": "alice@example.org", "new_email_waiting": "al@example.org", "theme": "auto"},
        errors={"password": "That is not your password."},
        languages=choices,
    ),
    "settings/sessions": page(
        "settings/sessions.html",
        sessions=[
            Some(id=1, device="Firefox on Linux", last_used_at=s.NOW, current=True),
            Some(id=2, device="Safari on iPhone", last_used_at=s.ago(days=2), current=False),
        ],
        apps=[
            Some(
                id=1,
                name="Tusky",
                scopes=["Read your posts", "Write posts"],
                created_at=s.ago(days=30),
                last_used_at=s.ago(hours=1),
            )
        ],
    ),
    "settings/sessions-one": page(
        "settings/sessions.html",
        sessions=[Some(id=1, device="Firefox on Linux", last_used_at=s.NOW, current=True)],
        apps=[],
    ),
    "settings/data": page(
        "settings/data.html",
        exports=[Some(words="People I follow", address="/x.csv"), Some(words="People I blocked", address="/y.csv")],
        archive=Some(state="ready", created_at=s.ago(hours=1), size="48 MB", address="/a.tar.zst"),
        imports=[Some(words="An archive from Mastodon", created_at=s.ago(minutes=3), done=410, total=1200, failed=2)],
        errors={},
    ),
    "settings/data-new": page(
        "settings/data.html", exports=[], archive=None, imports=[], errors={"file": "This file could not be read."}
    ),
    "settings/data-waiting": page(
        "settings/data.html", exports=[], archive=Some(state="making"), imports=[], errors={}
    ),
}
case = s.cases[0]
one_case: dict[str, Any] = {
    "case": case,
    "rules": [("1", "Speak as you would face to face."), ("2", "No hatred of anyone for what they are.")],
    "errors": {},
    "values": {},
    "may_decide": True,
    "decision": None,
    "reports": [
        Some(
            reporter=bob,
            category="threat",
            rules=[],
            comment="He said it twice, and he knows where I live.",
            created_at=s.ago(hours=2),
        ),
        Some(reporter=s.me, category="rule", rules=s.rules[:2], comment="", created_at=s.ago(hours=1)),
    ],
    "posts": [
        replace(
            s.posts[7],
            sensitive=False,
            media=[],
            content_html=s.html("<p>Somebody should burn that bench down with all of you on it.</p>"),
        )
    ],
    "events": [
        Some(who="Bob", words="reported a post", created_at=s.ago(hours=2)),
        Some(who="Alice Okafor", words="reported the account", created_at=s.ago(hours=1)),
        Some(who="Carol Lindqvist", words="noted: he was warned last year", created_at=s.ago(minutes=9)),
    ],
    "past": [Some(measure="warn", created_at=s.ago(days=300))],
}
decision = Some(
    measure="freeze",
    reason="You wrote that somebody should burn down a bench with people on it. That breaks rule 1.",
    by=s.carol,
    created_at=s.ago(minutes=2),
    undoable=True,
)
staff = s.moderator
moderation = {
    "moderation/queue": page(
        "moderation/queue.html", staff, cases=s.cases, tab="waiting", counts=Some(waiting=4, mine=1), **older
    ),
    "moderation/queue-empty": page(
        "moderation/queue.html", staff, cases=[], tab="waiting", counts=Some(waiting=0, mine=0), **end
    ),
    "moderation/queue-decided": page(
        "moderation/queue.html", staff, cases=[], tab="decided", counts=Some(waiting=0, mine=0), **end
    ),
    "moderation/case": page("moderation/case.html", staff, **one_case),
    "moderation/case-decided": page("moderation/case.html", staff, **{**one_case, "decision": decision, "past": []}),
    "moderation/case-appeal": page(
        "moderation/case.html", staff, **{**one_case, "case": s.cases[2], "may_decide": False}
    ),
    "moderation/accounts": page(
        "moderation/accounts.html",
        staff,
        people=[
            Some(
                **vars(person),
                acct=person.acct,
                url=person.url,
                standing=standing,
                email="",
                last_seen_at=s.ago(hours=2),
            )
            for person, standing in zip(
                [*s.everyone, s.dan], ("good", "good", "limited", "frozen", "waiting", "suspended"), strict=True
            )
        ],
        query="",
        tab="all",
        **older,
    ),
    "moderation/accounts-none": page("moderation/accounts.html", staff, people=[], query="zzz", tab="all", **end),
}
community = {
    "name": "Under the Baobab",
    "description": s.instance.description,
    "contact": "carol@example.org",
    "registrations": "approval",
    "languages": ["en", "fr"],
}
admin = {
    "admin/community": page("admin/community.html", staff, values=community, errors={}, languages=s.languages),
    "admin/rules": page("admin/rules.html", staff, rules=s.rules, errors={}),
    "admin/invites": page(
        "admin/invites.html",
        staff,
        errors={},
        invites=[
            Some(
                id=1,
                address="https://baobab.example/invite/kR3v9Q",
                by=s.carol,
                uses=3,
                max_uses=5,
                expires_at=s.NOW + timedelta(days=3),
                created_at=s.ago(days=4),
            ),
            Some(
                id=2,
                address="https://baobab.example/invite/w8LmX2",
                by=bob,
                uses=1,
                max_uses=None,
                expires_at=None,
                created_at=s.ago(days=9),
            ),
        ],
    ),
    "admin/invites-empty": page("admin/invites.html", staff, errors={}, invites=[]),
    "admin/sign-ups": page(
        "admin/sign_ups.html",
        staff,
        waiting=[
            Some(
                id=1,
                username="frieda",
                email="frieda@example.org",
                reason="Bob told me about the bench. I grow potatoes and have opinions about them.",
                created_at=s.ago(hours=6),
                confirmed=True,
            ),
            Some(
                id=2,
                username="x9",
                email="x9@example.com",
                reason="marketing",
                created_at=s.ago(days=1),
                confirmed=False,
            ),
        ],
        **end,
    ),
    "admin/sign-ups-empty": page("admin/sign_ups.html", staff, waiting=[], **end),
}
door: dict[str, Any] = {"domain": "baobab.example", "rules": s.rules}
auth = {
    "sign-in": page(
        "auth/sign_in.html",
        None,
        values={"name": "alice"},
        errors=wrong_password,
        flashes=[Some(kind="note", text="Sign in to favourite this post.", undo=None)],
    ),
    "sign-up": page("auth/sign_up.html", None, **form, **door),
    "sign-up-invited": page(
        "auth/sign_up.html",
        None,
        values={"invite": "kR3v9Q", "username": "a b"},
        errors={"username": "Only letters, digits and _.", "email": "Somebody already uses this address."},
        **door,
    ),
    "sign-up-closed": page(
        "auth/sign_up.html", None, instance=Some(**{**vars(s.instance), "registrations": "closed"}), **form, **door
    ),
    "confirm-sent": page("auth/confirm.html", None, state="sent", email="alice@example.org"),
    "confirm-done": page("auth/confirm.html", state="confirmed", email="alice@example.org"),
    "confirm-waiting": page("auth/confirm.html", None, state="waiting", email="alice@example.org"),
    "confirm-expired": page("auth/confirm.html", None, state="expired", email=""),
    "forgot": page("auth/forgot.html", None, sent=False, **form),
    "forgot-sent": page("auth/forgot.html", None, sent=True, **form),
    "reset": page("auth/reset.html", None, valid=True, token="t", errors={}),
    "reset-expired": page("auth/reset.html", None, valid=False, token="", errors={}),
    "authorize": page(
        "auth/authorize.html",
        app=Some(name="Tusky", website="https://tusky.app"),
        scopes=[
            ("eye", "Read your timelines and posts"),
            ("square-pen", "Write posts for you"),
            ("bell", "Send you notifications"),
        ],
        fields={"client_id": "x"},
        code=None,
    ),
    "authorize-code": page(
        "auth/authorize.html", app=Some(name="toot", website=None), scopes=[], fields={}, code="Zk3-9aP-77q"
    ),
}
suggested = [
    "Speak as you would face to face.",
    "No hatred of anyone for what they are.",
    "Ask before you show others.",
    "Cover what may upset.",
]
setup = {
    "setup/1": page("setup/owner.html", None, domain="baobab.example", **form),
    "setup/2": page("setup/community.html", None, **form),
    "setup/3": page("setup/rules.html", None, suggestions=suggested, **form),
    "setup/4": page("setup/languages.html", None, languages=s.languages, values={"languages": ["en"]}, errors={}),
    "setup/5": page("setup/joining.html", None, values={"registrations": "approval"}, errors={}),
}
words = {
    **{
        f"error-{code}": page("error.html", None, code=code, detail="", reference="7f3a-91c2" if code == 500 else "")
        for code in (403, 404, 429, 500, 405)
    },
    "about": page(
        "about.html",
        None,
        rules=s.rules,
        staff=[s.carol],
        contact="carol@example.org",
        languages=["en", "fr"],
        about_html=s.html("<p>We began with a bench under a tree.</p>"),
        members=1342,
        posts_count=58120,
    ),
    "about-bare": page(
        "about.html",
        None,
        rules=[],
        staff=[s.carol],
        contact="carol@example.org",
        languages=[],
        about_html="",
        members=1,
        posts_count=0,
    ),
    "privacy": page(
        "document.html",
        None,
        heading="Privacy",
        updated_at=s.ago(days=80),
        body_html=s.html(
            "<p>We keep what you post, and little else.</p><h2>What we keep</h2><ul><li>your e-mail address, to let you back in</li><li>the address you connect from, for thirty days</li></ul><h2>What we never do</h2><p>We don't sell anything about you to anyone.</p>"
        ),
    ),
    "offline": page("offline.html", None),
}
fragments = {
    "fragment-actions": page("fragments/post_actions.html", post=post),
    "fragment-follow": page("fragments/follow.html", account=bob),
    "fragment-new": page("fragments/new_posts.html", count=3, address="/"),
}
PAGES: dict[str, Page] = {
    **timelines,
    **posts,
    **people,
    **reports,
    **settings,
    **moderation,
    **admin,
    **auth,
    **setup,
    **words,
    **fragments,
}
