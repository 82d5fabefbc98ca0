"""The part of a pack that is about a notice: each line as it came, what it led to, and what was answered when."""

import hashlib
from datetime import date, datetime

import msgspec

from palabre.base import i18n
from palabre.base.db import Conn
from palabre.features.moderation import notices
from palabre.features.moderation.notices import Item
from palabre.settings import current


class LinePart(msgspec.Struct, frozen=True):
    """`meant`: the address here that the line was found to mean; empty: it leads to nothing here, and `problem` says why."""

    line: int
    url: str
    comment: str
    meant: str
    problem: str
    remarks: list[str]
    case: str | None
    state: str
    measure: str | None
    answer: str
    answered_at: datetime | None
    in_time: bool | None


class NoticePart(msgspec.Struct, frozen=True):
    """`file`, `sha256`: what it came as, where it came as a file."""

    id: str
    source: str
    name: str
    reference: str
    issued_on: date | None
    category: str
    law: str
    explanation: str
    received_at: datetime
    due_at: datetime
    closed_at: datetime | None
    told_at: datetime | None
    file: str
    sha256: str
    lines: list[LinePart]


async def notice_part(conn: Conn, notice_id: int, lang: str) -> NoticePart:
    """Raises NotFound."""
    found, file = await notices.whole(conn, notice_id), await notices.file(conn, notice_id)
    return NoticePart(
        id=str(found.id),
        source=found.source,
        name=found.name,
        reference=found.reference,
        issued_on=found.issued_on,
        category=found.category,
        law=found.law,
        explanation=found.explanation,
        received_at=found.received_at,
        due_at=found.due_at,
        closed_at=found.closed_at,
        told_at=found.told_at,
        file=file[0] if file else "",
        sha256=hashlib.sha256(file[1]).hexdigest() if file else "",
        lines=[_line(one, found.due_at, lang) for one in found.lines],
    )


def _line(one: Item, due_at: datetime, lang: str) -> LinePart:
    words = i18n.translator(lang).gettext(one.words) % one.params if one.words else ""
    return LinePart(
        line=one.line,
        url=one.url,
        comment=one.comment,
        meant=_meant(one),
        problem=one.problem,
        remarks=one.remarks,
        case=str(one.case_id) if one.case_id else None,
        state=one.state,
        measure=one.decision.action if one.decision and one.decision.stands else None,
        answer=" ".join(said for said in (words, one.reason) if said),
        answered_at=one.answered_at,
        in_time=one.answered_at <= due_at if one.answered_at else None,
    )


def _meant(one: Item) -> str:
    if one.account is None:
        return ""
    account = f"{current().link_origin}/@{one.account.public.acct}"
    return f"{account}/{one.post_id}" if one.post_id else account
