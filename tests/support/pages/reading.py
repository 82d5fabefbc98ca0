"""Timelines, posts, and the pages of words."""

from dataclasses import replace
from types import SimpleNamespace as Some

from tests.support import samples as s
from tests.support.pages.shared import done, end, older, page, writing

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
    "tag": page("tag.html", tag=Some(name="village", lately=38), posts=s.posts[:2], **end),
    "tag-empty": page("tag.html", tag=Some(name="silence", lately=0), posts=[], **end),
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
words = {
    **{
        f"error-{code}": page("error.html", None, code=code, detail="", reference="7f3a-91c2" if code == 500 else "")
        for code in (403, 404, 429, 500, 405)
    },
    "about": page(
        "about.html",
        None,
        tools=[s.Some(title="Links by newcomers", purpose="Keeps out spam.", action="Hold")],
        rules=s.rules,
        staff=[s.carol],
        contact="carol@example.org",
        languages=["en", "fr"],
        members=1342,
        posts_count=58120,
    ),
    "about-bare": page(
        "about.html",
        None,
        tools=[],
        rules=[],
        staff=[s.carol],
        contact="carol@example.org",
        languages=[],
        members=1,
        posts_count=0,
    ),
    "privacy": page(
        "document.html",
        None,
        heading="Privacy",
        updated_at=s.ago(days=80),
        history=None,
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
