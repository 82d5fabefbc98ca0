"""JSON of appeals and reviews, one function per entity. Ids are strings, as everywhere in this API."""

from typing import Any

import msgspec

from palabre.base.clock import iso
from palabre.entrypoints.client_api import case_entities, entities
from palabre.features.moderation.appeals import Appeal, Hearing, Mine, Said
from palabre.features.moderation.review import Due, Review


def appeal(view: Appeal, *, for_staff: bool) -> dict[str, Any]:
    """Who judged it is for the staff alone."""
    shown: dict[str, Any] = {
        "id": str(view.id),
        "case_id": str(view.case_id),
        "decision_id": str(view.decision_id),
        "side": view.side,
        "words": view.words,
        "state": view.state,
        "outcome": view.outcome,
        "by_jury": view.judge_id == 0,
        "reason": view.reason,
        "after": _id(view.after),
        "replaced_by": _id(view.replaced_by),
        "lodged_at": iso(view.lodged_at),
        "due_at": iso(view.due_at),
        "decided_at": iso(view.decided_at) if view.decided_at else None,
    }
    if for_staff:
        shown |= {
            "moderator_id": _id(view.moderator_id),
            "judge_id": _id(view.judge_id),
            "panel_id": _id(view.panel_id),
        }
        shown |= {"appellant_id": _id(view.appellant_id), "notice_id": _id(view.notice_id)}
    return shown


def mine(view: Mine) -> dict[str, Any]:
    return {
        **appeal(view.appeal, for_staff=False),
        "action": view.decision.action,
        "about": msgspec.Raw(entities.account(view.about)),
        "said": [_said(one) for one in view.said],
        "may_ask_jury": view.may_ask_jury,
    }


def hearing(view: Hearing) -> dict[str, Any]:
    return {
        **appeal(view.appeal, for_staff=True),
        "said": [_said(one) for one in view.said],
        "case": case_entities.case(view.case),
        "may_judge": view.may_judge,
        "may_concede": view.may_concede,
        "needs_another_moderator": view.nobody,
    }


def due(view: Due) -> dict[str, Any]:
    return {"case_id": str(view.case_id), "due_at": iso(view.due_at)}


def review(view: Review) -> dict[str, Any]:
    return {
        "case_id": str(view.case_id),
        "decision_id": str(view.decision_id),
        "moderator_id": _id(view.moderator_id),
        "reviewer_id": str(view.reviewer_id),
        "action": view.action,
        "reason": view.reason,
        "same_action": view.same_action,
        "same_direction": view.same_direction,
        "done_at": iso(view.done_at),
    }


def _said(view: Said) -> dict[str, Any]:
    return {"kind": view.kind.removeprefix("appeal_"), "words": view.words, "at": iso(view.at)}


def _id(value: int | None) -> str | None:
    return str(value) if value else None
