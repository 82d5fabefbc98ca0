"""Rules before publication, and what they hold."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace as Some
from typing import Any

from palabre.entrypoints.web import rule_form
from palabre.features.moderation.screening import Conditions, Content, Record, Trial
from tests.support import samples as s
from tests.support.pages.shared import page

staff = s.moderator
content = Content(
    "Links by newcomers",
    "Welcome! Posts with links by people who have just joined are read by a moderator first. Mostly within the hour.",
    "hold",
    Conditions(links=1, newcomers=True, words=("casino", "free money", "crypto*")),
    purpose="Keeps out spam by accounts made for nothing else.",
    category="spam",
)
trial = Trial(2, s.ago(minutes=9), s.ago(minutes=8), 48_211, 48_211, 37, 37, 12, [1, 2])


def rule(**values: Any) -> Some:
    given = {
        "id": 5,
        "url": "/moderation/rules/5",
        "title": content.title,
        "action": "Hold",
        "state": "active",
        "changed": False,
        "disarmed_at": None,
        "trouble": "",
        "record": Record(214, 190, 11),
        "trial": trial,
        "tried": True,
        "changed_at": s.ago(days=3),
    }
    return Some(**(given | values))


actions = [
    ("hold", "Hold", "Only its author sees the post until a moderator has read it."),
    ("ask", "Ask to think again", "The author reads your words, and publishes all the same if he wants to."),
    ("label", "Mark as sensitive", "Pictures are covered until somebody asks to see them."),
    ("limit", "Keep out of public lists", "It appears in no public list and under no hashtag."),
]
form: dict[str, Any] = {"actions": actions, "community_rules": s.rules, "errors": {}, "met": None}
one: dict[str, Any] = {
    **form,
    "values": rule_form.filled(content),
    "samples": s.posts[:2],
    "hits": [
        Some(
            at=s.ago(hours=2),
            author=s.dan,
            case_url="/moderation/cases/1",
            met="links, words",
            outcome="confirmed",
            variables={"met": {"links": 2, "words": ["casino"]}, "account_days": 0, "account_posts": 1},
        ),
        Some(at=s.ago(hours=5), author=None, case_url="", met="", outcome=None, variables={"account_days": 1}),
    ],
    "history": [
        Some(version=2, state="off", by=None, at=s.ago(hours=1)),
        Some(version=2, state="active", by=s.carol, at=s.ago(days=2)),
        Some(version=2, state="written", by=s.carol, at=s.ago(days=3)),
    ],
}
running = Trial(2, s.ago(minutes=1), None, 48_211, 12_500, 9, 9, 4, [])
screening = {
    "moderation/rules": page(
        "moderation/rules.html",
        staff,
        rules=[
            rule(),
            rule(id=6, title="Addresses of people", state="off", disarmed_at=s.ago(hours=3), record=Record()),
            rule(id=7, title="Shouting", action="Ask to think again", state="draft", record=Record()),
            rule(id=8, title="Gambling", changed=True, trouble="(a+)+$: too slow", record=Record(3, 0, 0)),
        ],
    ),
    "moderation/rules-empty": page("moderation/rules.html", staff, rules=[]),
    "moderation/rule": page("moderation/rule.html", staff, rule=rule(), **one),
    "moderation/rule-trying": page(
        "moderation/rule.html",
        staff,
        rule=rule(state="draft", trial=running, tried=False, record=Record()),
        **{**one, "hits": [], "met": ["words: casino"]},
    ),
    "moderation/rule-disarmed": page(
        "moderation/rule.html",
        staff,
        rule=rule(state="off", disarmed_at=s.ago(hours=1), trouble="no", trial=None, tried=False),
        **{**one, "errors": {"trial": "Try it on last week's posts first."}},
    ),
    "moderation/rule-new": page(
        "moderation/rule_new.html",
        staff,
        values=rule_form.filled(),
        **{**form, "errors": {"match": "This rule would hit every post: say what it looks for."}, "met": []},
    ),
    "fragments/trial": page("fragments/trial.html", staff, rule=rule(trial=running, tried=False), samples=[]),
    "held": page(
        "held.html",
        waiting=[
            Some(
                post=replace(s.posts[2], held=True),
                title=content.title,
                words=content.words,
                due_at=s.NOW + timedelta(hours=21),
                asked_at=None,
            ),
            Some(
                post=replace(s.posts[4], held=True, author=s.me),
                title="Addresses of people",
                words="Please leave out where others live.",
                due_at=None,
                asked_at=s.ago(minutes=3),
            ),
        ],
    ),
    "held-empty": page("held.html", waiting=[]),
    "compose-think-again": page(
        "compose.html",
        replying=None,
        draft=s.draft(text="You are all idiots!", asked=Some(title="Shouting")),
        limits=s.limits,
        languages=s.languages,
        errors={"text": "Shouting: Would you say it like this to somebody's face?"},
    ),
}
