"""Cases as moderators read them: words for what happened, pictures from what the case kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType, SimpleNamespace
from typing import Any

from palabre.base import clock
from palabre.entrypoints.edge import Request
from palabre.entrypoints.web import jury_words, notices, present
from palabre.entrypoints.web.pages import words
from palabre.features.accounts import AccountView
from palabre.features.instance import Rule
from palabre.features.moderation import ACTIONS, Case, Decision, Entry, Report, Snapshot, Summary
from palabre.features.moderation.notices import Notice
from palabre.features.moderation.triage import Waiting
from palabre.features.posts import PostView

GRAVE = 3
#: The names that templates know the categories by.
_CATEGORIES = {"violation": "rule", "legal": "illegal"}


def summary(view: Summary) -> SimpleNamespace:
    return SimpleNamespace(
        id=view.id,
        url=f"/moderation/cases/{view.id}",
        state=view.state,
        account=present.account(view.account),
        categories=[_category(name) for name in view.categories],
        reports_count=view.reports,
        excerpt=view.excerpt,
        opened_at=view.opened_at,
        due_at=view.due_at,
        overdue=view.state == "open" and view.due_at is not None and view.due_at < clock.now(),
        assignee=present.account(view.assigned_to) if view.assigned_to else None,
        urgent="threat" in view.categories,
        grave=view.severity == GRAVE,
        appeal=False,
        alike=1,
    )


def waiting(view: Waiting) -> SimpleNamespace:
    """A row of the queue."""
    row = summary(view.case)
    row.alike, row.group_url = view.alike, f"/moderation/groups/{view.group_id}"
    return row


def signals(request: Request, found: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """(words, score) of why a case is where it is."""
    _ = words(request)
    return [(str(_(said) % one["params"]), one["score"]) for one in found for said in (one["words"],)]


def whole(
    request: Request,
    view: Case,
    cited: dict[int, Rule],
    sent_in: Mapping[int, Notice] = MappingProxyType({}),
    *,
    sealed: bool = False,
) -> dict[str, Any]:
    """What the page of a case is made from. `sent_in`: the notices that its reports came in with;
    `sealed`: without its pictures.
    """
    standing = next((one for one in reversed(view.decisions) if one.undone_at is None), None)
    return {
        "case": summary(view.summary),
        "reports": [_report(one, view.people, cited, sent_in) for one in view.reports],
        "kept": [unpictured(kept(one)) if sealed else kept(one) for one in view.snapshots],
        "events": [_event(request, one, view.people) for one in view.events],
        "decision": decision(request, standing, view.people, cited) if standing else None,
        "past": [SimpleNamespace(words=_action(request, one), created_at=one.decided_at) for one in view.past],
        "actions": actions(request, any(one.post for one in view.snapshots)),
        "may_decide": view.may_decide,
    }


def actions(request: Request, about_posts: bool) -> list[tuple[str, str, str]]:
    """(name, label, what it means) of what can be decided."""
    _ = words(request)
    meanings = {
        "dismiss": _("Nothing wrong, or nothing to be done."),
        "warn": _("Tell them what was wrong. Nothing is hidden."),
        "label": _("A note of yours that everybody reads above the post."),
        "sensitive": _("Pictures are covered until somebody asks to see them."),
        "unlist": _("Everybody can still see them, but in no public list and under no hashtag."),
        "remove": _("Hidden from everybody at once; undoing brings them back."),
        "freeze": _("They can read and take their data along, not publish."),
        "limit": _("Only their followers see their posts."),
        "suspend": _("The account and its posts are hidden."),
    }
    offered = [one for one in ACTIONS.values() if about_posts or one.subject != "posts"]
    return [(one.name, _(one.label), meanings.get(one.name, "")) for one in offered]


def _category(name: str) -> str:
    return _CATEGORIES.get(name, name)


def _report(
    view: Report, people: dict[int, AccountView], cited: dict[int, Rule], sent_in: Mapping[int, Notice]
) -> SimpleNamespace:
    reporter, notice = _person(people, view.reporter_id or 0), sent_in.get(view.notice_id or 0)
    known = notice if notice and notice.sender else None
    return SimpleNamespace(
        id=view.id,
        reporter=reporter,
        notice=notices.summary(notice) if notice else None,
        sender=f"@{reporter.acct}" if reporter else (known.name or known.email) if known else None,
        category=_category(view.category),
        rules=[cited[rule_id] for rule_id in view.rule_ids if rule_id in cited],
        comment=view.comment,
        created_at=view.created_at,
    )


def kept(view: Snapshot, files: str = "") -> SimpleNamespace:
    """What a case kept, as templates take it. `files`: where its pictures are to be had, if not from the case."""
    files = files or f"/moderation/cases/{view.case_id}/files/"
    return SimpleNamespace(
        post=_post(view.post, files) if view.post else None,
        account=present.account(view.author),
        context=[_post(parent, files) for parent in view.context],
        taken_at=view.taken_at,
        earlier=[_earlier(one) for one in view.earlier],
    )


def _earlier(version: dict[str, Any]) -> SimpleNamespace:
    return SimpleNamespace(
        spoiler=version["public"]["spoiler_text"],
        content_html=present.html(version["public"]["content"]),
        written_at=datetime.fromisoformat(version["written_at"]),
    )


def unpictured(shown: SimpleNamespace) -> SimpleNamespace:
    for post in [*([shown.post] if shown.post else []), *shown.context]:
        post.media = []
    return shown


def _post(view: PostView, files: str) -> present.Post:
    """As it was; its pictures come from the case, covered until asked for."""
    shown = present.post(view, None)
    shown.sensitive = True
    shown.author.avatar_url = None
    for item in shown.media:
        item.url = item.url.replace("/media/", files, 1)
        item.preview_url = item.preview_url.replace("/media/", files, 1)
    return shown


def decision(
    request: Request, view: Decision, people: dict[int, AccountView], cited: dict[int, Rule]
) -> SimpleNamespace:
    return SimpleNamespace(
        id=view.id,
        words=_action(request, view),
        reason=view.reason,
        answer=view.answer,
        law=view.law,
        label=view.label,
        expires_at=view.expires_at,
        rules=[cited[rule_id] for rule_id in view.rule_ids if rule_id in cited],
        by=_person(people, view.moderator_id),
        created_at=view.decided_at,
    )


def _action(request: Request, view: Decision) -> str:
    return str(words(request)(ACTIONS[view.action].label))


def _event(request: Request, entry: Entry, people: dict[int, AccountView]) -> SimpleNamespace:
    who = _person(people, entry.actor_id) if entry.actor_id else None
    return SimpleNamespace(who=who, words=_happened(request, entry), created_at=entry.at)


def happenings(_: Callable[[str], str]) -> dict[str, str]:
    """Kind of an entry in a case's log -> its words."""
    return {
        "opened": _("The case was opened"),
        "reported": _("reported it"),
        "raised": _("opened it without a report"),
        "assigned": _("took it"),
        "unassigned": _("handed it back"),
        "noted": _("noted:"),
        "answered": _("Who sent it in is told"),
        "unfounded": _("found reports manifestly unfounded"),
        "misuse_suspended": _("suspended who had sent in unfounded reports"),
        "recategorised": _("put a report under another heading"),
        "reopened": _("opened it again"),
        "decided": _("decided:"),
        "undone": _("took the decision back:"),
        "overturned": _("overturned the decision:"),
        "held": _("preserved it for the law"),
        "hold_opened": _("opened what is preserved:"),
        "hold_purged": _("What was preserved has been erased"),
        "police": _("made a pack for the police:"),
        "erased": _("What the case kept has been erased"),
        "appealed": _("appealed:"),
        "appeal_withdrawn": _("withdrew the appeal"),
        "appeal_asked": _("asked who appealed:"),
        "appeal_answered": _("added to the appeal:"),
        "appeal_viewed": _("said about the appeal:"),
        "appeal_decided": _("judged the appeal:"),
        "sent_to_jury": _("The appeal goes to a jury"),
        "back_from_jury": _("The jury came to no verdict: the moderators judge"),
        "review_drawn": _("The lot drew it for a second look"),
        "review_lapsed": _("Nobody took the second look in time"),
        "reviewed": _("would have decided:"),
        "lapsed": _("Whoever took it did not decide: it is free again"),
        "looked": _("looked at the sealed pictures:"),
        "expired": _("The time of the decision was up"),
        "released": _("No moderator had read the post in time: it was published"),
        **jury_words.happened(_),
    }


def _happened(request: Request, entry: Entry) -> str:
    _ = words(request)
    said = happenings(_)[entry.kind]
    if entry.kind in ("noted", "appealed", "appeal_asked", "appeal_answered", "appeal_viewed"):
        return f"{said} {entry.data['words']}"
    if entry.kind in ("hold_opened", "police"):
        return f"{said} {entry.data['why']}"
    if entry.kind.startswith("jury_"):
        return jury_words.entry(request, str(said), entry.data)
    if entry.kind in ("undone", "overturned", "appeal_decided", "looked"):
        return f"{said} {entry.data['reason']}"
    if entry.kind in ("decided", "reviewed"):
        action = ACTIONS[entry.data["action"]]
        return f"{said} {_(action.label)}"
    return str(said)


def _person(people: dict[int, AccountView], account_id: int) -> present.Account | None:
    found = people.get(account_id)
    return present.account(found) if found else None
