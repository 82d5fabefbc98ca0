"""Pages of moderators and administrators."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s
from tests.support.pages.shared import end, older, page

bob = s.bob
case = s.cases[0]
one_case: dict[str, Any] = {
    "case": case,
    "rules": s.rules,
    "errors": {},
    "values": {"facts": "On 23 November 2026, 14:05 UTC you published: “Somebody should burn that bench down.”"},
    "durations": [("24", "For 1 day"), ("72", "For 3 days"), ("", "Until it is taken back")],
    "saved": [Some(id=1, name="Insult", text="…")],
    "laws": ["Criminal Code, § 126"],
    "strikes": [Some(ends_at=s.ago(days=-90))],
    "proposal": "Limit the account (for 2 days)",
    "why_here": [("Severity 3: somebody may be in danger", 3.0), ("Reporters: 2, the best upheld in 18 of 20", 1.6)],
    "alike": Some(alike=27, group_url="/moderation/groups/31"),
    "desk": Some(break_after=40, shortcuts=True, in_a_row=3, tired=False),
    "sealed": False,
    "may_decide": True,
    "decision": None,
    "actions": [
        ("dismiss", "No measure", "Nothing wrong, or nothing to be done."),
        ("warn", "Warn", "Tell them what was wrong. Nothing is hidden."),
        ("remove", "Remove the posts", "Hidden from everybody at once; undoing brings them back."),
        ("suspend", "Suspend the account", "The account and its posts are hidden."),
    ],
    "reports": [
        Some(
            id=1,
            notice=None,
            sender="@bob",
            reporter=bob,
            category="threat",
            rules=[],
            comment="He said it twice, and he knows where I live.",
            created_at=s.ago(hours=2),
        ),
        Some(
            id=2,
            notice=Some(url="/moderation/notices/1", source="host", name="Cloudy Hosting"),
            sender="Cloudy Hosting",
            reporter=None,
            category="rule",
            rules=s.rules[:2],
            comment="",
            created_at=s.ago(hours=1),
        ),
    ],
    "kept": [
        Some(
            post=replace(
                s.posts[7],
                sensitive=False,
                media=[],
                content_html=s.html("<p>Somebody should burn that bench down with all of you on it.</p>"),
            ),
            account=s.dan,
            context=[s.posts[5]],
            taken_at=s.ago(hours=2),
            earlier=[Some(spoiler="", content_html=s.html("<p>Burn them.</p>"), written_at=s.ago(hours=3))],
        ),
        Some(
            post=replace(s.posts[2], author=s.dan, sensitive=True),
            account=s.dan,
            context=[],
            taken_at=s.ago(hours=1),
            earlier=[],
        ),
        Some(post=None, account=s.dan, context=[], taken_at=s.ago(hours=1), earlier=[]),
    ],
    "events": [
        Some(who=None, words="The case was opened", created_at=s.ago(hours=2)),
        Some(who=bob, words="reported it", created_at=s.ago(hours=2)),
        Some(who=s.me, words="reported it", created_at=s.ago(hours=1)),
        Some(who=s.carol, words="noted: he was warned last year", created_at=s.ago(minutes=9)),
    ],
    "past": [Some(words="Warn", created_at=s.ago(days=300))],
}
decision = Some(
    id=1,
    words="Limit the account",
    answer="",
    law="",
    label="",
    expires_at=s.ago(days=-2),
    rules=s.rules[:1],
    reason="You wrote that somebody should burn down a bench with people on it. That breaks rule 1.",
    by=s.carol,
    created_at=s.ago(minutes=2),
)
staff = s.moderator
moderation = {
    "moderation/case": page("moderation/case.html", staff, **one_case),
    "moderation/case-sealed": page("moderation/case.html", staff, **{**one_case, "sealed": True}),
    "moderation/case-decided": page(
        "moderation/case.html",
        staff,
        **{**one_case, "case": Some(**{**vars(case), "state": "decided"}), "decision": decision, "past": []},
    ),
    "moderation/case-appeal": page(
        "moderation/case.html", staff, **{**one_case, "case": s.cases[2], "may_decide": False}
    ),
    "moderation/preview": page(
        "moderation/preview.html",
        staff,
        case=case,
        to_author=s.sections,
        their_lang="fr",
        to_reporters=s.sections[:1],
        fields=[("action", "limit"), ("reason", "You called Ines a parasite.")],
    ),
    "moderation/preview-dismiss": page(
        "moderation/preview.html", staff, case=case, to_author=None, their_lang="fr", to_reporters=None, fields=[]
    ),
    "moderation/answers": page(
        "moderation/answers.html",
        staff,
        answers=[Some(id=1, name="Insult", text="Dear {name}, argue with what people say, not with what they are.")],
        values={},
        errors={"text": "Please write something here."},
    ),
    "moderation/answers-empty": page("moderation/answers.html", staff, answers=[], values={}, errors={}),
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
                [*s.everyone, s.dan], ("good", "good", "limited", "good", "waiting", "suspended"), strict=True
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
    "admin/community": page(
        "admin/community.html", staff, values=community, errors={}, languages=s.languages, fixed=False
    ),
    "admin/community-fixed": page(
        "admin/community.html", staff, values=community, errors={"name": "Too long."}, languages=s.languages, fixed=True
    ),
    "admin/people": page(
        "admin/people.html",
        staff,
        people=[
            Some(**vars(person), acct=person.acct, url=person.url, role=role)
            for person, role in ((s.carol, "owner"), (bob, "moderator"), (s.me, "member"))
        ],
        query="",
        errors={},
        **end,
    ),
    "admin/people-none": page("admin/people.html", staff, people=[], query="zzz", errors={}, **end),
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
