"""People, what they hear of each other, and what they report."""

from dataclasses import replace
from types import SimpleNamespace as Some

from tests.support import samples as s
from tests.support.pages.shared import end, form, older, page

bob, eve, post = s.bob, s.eve, s.posts[0]
letter = Some(about_appeal=False, to_author=True, created_at=s.ago(hours=1))
people = {
    "profile": page(
        "profile.html",
        account=bob,
        waits=False,
        tab="posts",
        pinned=[replace(post, pinned=True)],
        posts=s.posts[4:5],
        **older,
    ),
    "profile-me": page("profile.html", account=s.me, waits=True, tab="posts", pinned=[], posts=[s.posts[2]], **end),
    "profile-new": page(
        "profile.html",
        account=replace(s.me, header_url=None, avatar_url=None, note_html=s.Markup(), fields=[], posts_count=0),
        waits=False,
        tab="posts",
        pinned=[],
        posts=[],
        **end,
    ),
    "profile-remote": page(
        "profile.html",
        account=replace(eve, header_url="/media/lake.jpg"),
        waits=False,
        tab="media",
        pinned=[],
        posts=[],
        **end,
    ),
    "profile-blocked": page("profile.html", account=s.dan, waits=False, tab="posts", pinned=[], posts=[], **end),
    "profile-quiet": page("profile.html", None, account=s.carol, waits=False, tab="posts", pinned=[], posts=[], **end),
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
        tags=[Some(name="village", lately=38), Some(name="villanelle", lately=1)],
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
    "letters": page(
        "letters.html",
        letters=[
            Some(
                url="/letters/1",
                about_appeal=False,
                to_author=True,
                said="The moderators limited your account.",
                reason="It names somebody who asked not to be named.",
                expires_at=s.ago(days=-3),
                created_at=s.ago(hours=1),
                unread=True,
            ),
            Some(
                url="/letters/2",
                about_appeal=False,
                to_author=False,
                said="We read your report about @weather and found no reason to act.",
                reason="",
                expires_at=None,
                created_at=s.ago(days=3),
                unread=False,
            ),
        ],
        strikes=[Some(ends_at=s.ago(days=-90)), Some(ends_at=s.ago(days=-179))],
        standing="limited",
    ),
    "letters-suspended": page("letters.html", None, letters=[], strikes=[], standing="suspended", restricted=True),
    "letters-empty": page("letters.html", letters=[], strikes=[], standing="active"),
    "letter": page("letter.html", letter=letter, sections=s.sections, by_secret=False, appeal_at="/appeals"),
    "letter-by-link": page(
        "letter.html", None, letter=letter, sections=s.sections, by_secret=True, appeal_at="/statement/x/appeal"
    ),
    "letter-unknown": page("letter.html", None, letter=None, sections=[], by_secret=True, appeal_at=""),
    "my-reports-empty": page("my_reports.html", reports=[]),
}
