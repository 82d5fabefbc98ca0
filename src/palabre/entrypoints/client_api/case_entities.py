"""JSON of Palabre's own about cases, one function per entity. Ids are strings, as everywhere in this API."""

from typing import Any

import msgspec

from palabre.base.clock import iso
from palabre.base.i18n import translator
from palabre.entrypoints.client_api import entities
from palabre.features import moderation
from palabre.features.accounts import AccountView
from palabre.features.moderation import Case, Decision, Entry, Letter, Report, Snapshot, Statement, Summary
from palabre.features.moderation.triage import Bulk, Counts, Waiting
from palabre.features.posts import PostView


def summary(view: Summary) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "state": view.state,
        "account": _account(view.account),
        "categories": view.categories,
        "reports_count": view.reports,
        "excerpt": view.excerpt,
        "sources": view.sources,
        "severity": view.severity,
        "lane": view.lane,
        "due_at": iso(view.due_at) if view.due_at else None,
        "assigned_to": _account(view.assigned_to) if view.assigned_to else None,
        "opened_at": iso(view.opened_at),
        "decided_at": iso(view.decided_at) if view.decided_at else None,
    }


def waiting(view: Waiting) -> dict[str, Any]:
    return {
        **summary(view.case),
        "priority": view.priority,
        "group_id": str(view.group_id),
        "alike": view.alike,
    }


def counts(view: Counts) -> dict[str, Any]:
    due = view.next_due
    return msgspec.structs.asdict(view) | {"next_due": iso(due) if due else None}


def signals(found: list[dict[str, Any]], locale: str) -> list[dict[str, Any]]:
    say = translator(locale).gettext
    return [
        {**{name: one[name] for name in ("name", "version", "score")}, "words": say(one["words"]) % one["params"]}
        for one in found
    ]


def bulk(view: Bulk) -> dict[str, Any]:
    return msgspec.structs.asdict(view) | {
        "id": str(view.id),
        "moderator_id": str(view.moderator_id),
        "left": [{"case_id": str(case_id), "why": why} for case_id, why in view.left],
        "created_at": iso(view.created_at),
        "ended_at": iso(view.ended_at) if view.ended_at else None,
    }


def case(view: Case) -> dict[str, Any]:
    return {
        **summary(view.summary),
        "reports": [_report(one, view.people) for one in view.reports],
        "snapshots": [_snapshot(one) for one in view.snapshots],
        "log": [_entry(one) for one in view.events],
        "decisions": [_decision(one) for one in view.decisions],
        "past": [_decision(one) for one in view.past],
        "may_decide": view.may_decide,
        "strikes": [
            {
                "case_id": str(one.case_id),
                "decision_id": str(one.decision_id),
                "action": one.action,
                "decided_at": iso(one.decided_at),
                "ends_at": iso(one.ends_at),
            }
            for one in view.strikes
        ],
        "proposed": {"action": view.proposed.action, "hours": view.proposed.hours} if view.proposed else None,
        "blind": view.blind,
    }


def letter(view: Letter, locale: str) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "case_id": str(view.case_id),
        "decision_id": str(view.decision_id),
        "kind": view.kind,
        "action": view.action,
        "undoing": view.undoing,
        "words": translator(locale).gettext(view.words) % view.params,
        "reason": view.reason,
        "rules": [{"id": str(rule.id), "text": rule.text} for rule in view.rules],
        "about": _account(view.about),
        "posts": [{**_snapshot(one), "context": []} for one in view.kept],  # what others wrote is not theirs to be told
        "expires_at": iso(view.expires_at) if view.expires_at else None,
        "created_at": iso(view.created_at),
        "read_at": iso(view.read_at) if view.read_at else None,
    }


def whole_letter(view: Letter, locale: str, contact: str) -> dict[str, Any]:
    """With the statement of reasons, as fields and in words."""
    said = moderation.sections(view, locale, contact)
    return {
        **letter(view, locale),
        "statement": _statement(view.statement, locale) if view.statement else None,
        "appeal_until": iso(view.appeal_until),
        "sections": [msgspec.structs.asdict(one) for one in said],
        "text": moderation.as_text(said),
    }


def _statement(it: Statement, locale: str) -> dict[str, Any]:
    """Article 17(3) of the DSA, point by point."""
    return {
        "restriction": {
            "action": it.action,
            "words": translator(locale).gettext(it.measure),
            "post_ids": [str(post_id) for post_id in it.post_ids],
            "label": it.label,
            "territorial_scope": it.territory,
            "starts_at": iso(it.starts_at),
            "ends_at": iso(it.ends_at) if it.ends_at else None,
        },
        "facts": {
            "words": it.facts,
            "sources": it.sources,
            "content": [{**_snapshot(one), "context": []} for one in it.content],
        },
        "automation": {
            "detection": it.detected_automatically,
            "decision": it.decided_automatically,
            "decided_by": it.decided_by,
        },
        "ground": {"kind": it.ground, "law": it.law, "rules": it.rules, "explanation": it.reason},
        "redress": {
            "appeal_until": iso(it.appeal_until),
            "out_of_court": [msgspec.structs.asdict(one) for one in it.out_of_court],
            "court": True,
        },
    }


def _report(view: Report, people: dict[int, AccountView]) -> dict[str, Any]:
    reporter = people.get(view.reporter_id or 0)
    return {
        "id": str(view.id),
        "reporter": _account(reporter) if reporter else None,
        "post_ids": [str(post_id) for post_id in view.post_ids],
        "comment": view.comment,
        "category": view.category,
        "rule_ids": [str(rule_id) for rule_id in view.rule_ids],
        "source": view.source,
        "notice_id": str(view.notice_id) if view.notice_id else None,
        "due_at": iso(view.due_at) if view.due_at else None,
        "created_at": iso(view.created_at),
    }


def _snapshot(kept: Snapshot) -> dict[str, Any]:
    return {
        "id": str(kept.id),
        "text": kept.text,
        "post": _post(kept.post) if kept.post else None,
        "account": _account(kept.author),
        "context": [_post(parent) for parent in kept.context],
        "files": [{**one, "id": str(one["id"])} for one in kept.files],
        "earlier": [{"written_at": one["written_at"], **_said(one["public"])} for one in kept.earlier],
        "sha256": kept.sha256,
        "taken_at": iso(kept.taken_at),
    }


def _said(public: dict[str, Any]) -> dict[str, Any]:
    return {name: public[name] for name in ("content", "spoiler_text", "sensitive", "media_attachments")}


def _entry(entry: Entry) -> dict[str, Any]:
    actor = str(entry.actor_id) if entry.actor_id else None
    return {"seq": entry.seq, "at": iso(entry.at), "actor_id": actor, "kind": entry.kind, "data": entry.data}


def _decision(view: Decision) -> dict[str, Any]:
    return {
        "id": str(view.id),
        "case_id": str(view.case_id),
        "moderator_id": str(view.moderator_id),
        "action": view.action,
        "post_ids": [str(post_id) for post_id in view.post_ids],
        "rule_ids": [str(rule_id) for rule_id in view.rule_ids],
        "rules": view.rule_texts,
        "law": view.law,
        "ground": view.ground,
        "facts": view.facts,
        "reason": view.reason,
        "answer": view.answer,
        "label": view.label,
        "decided_by": view.decided_by,
        "detected": view.detected,
        "sources": view.sources,
        "policy_version": view.policy_version,
        "expires_at": iso(view.expires_at) if view.expires_at else None,
        "ended": view.ended,
        "decided_at": iso(view.decided_at),
        "undone_at": iso(view.undone_at) if view.undone_at else None,
        "undone_by": str(view.undone_by) if view.undone_by else None,
        "undone_reason": view.undone_reason,
        "on_appeal": str(view.on_appeal) if view.on_appeal else None,
        "overturned_on": str(view.overturned_on) if view.overturned_on else None,
    }


def _account(view: AccountView) -> msgspec.Raw:
    return msgspec.Raw(entities.account(view))


def _post(view: PostView) -> msgspec.Raw:
    return msgspec.Raw(entities.status(view, None))
