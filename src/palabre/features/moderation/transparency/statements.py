"""Statements of reasons for the DSA Transparency Database (Article 24(5)), in the shape of its API, version 2.

What holds personal data is not let out but listed, for a human to reword.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from palabre.base import signing
from palabre.base.db import Conn
from palabre.features.moderation.cases import cited
from palabre.features.moderation.decision import Decision
from palabre.features.moderation.transparency import dsa, store
from palabre.features.moderation.transparency.scan import scan
from palabre.settings import current

BATCH = 100
#: Fields of free text: looked through for personal data, and open to rewording; with their longest.
TEXTS = {
    "decision_facts": 5_000,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2_000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2_000,
    "decision_visibility_other": 500,
}
_NOTICES = ("notice", "host", "store", "authority", "order")


class Refusal(msgspec.Struct, frozen=True):
    """A statement that is held back: why, and where in it. `case_id`, `decision_id`: for the staff to find it."""

    puid: str
    case_id: int
    decision_id: int
    field: str
    why: str
    where: str


class Export(msgspec.Struct, frozen=True):
    statements: list[dict[str, Any]]
    refused: list[Refusal]

    def batches(self) -> list[dict[str, Any]]:
        """As the API takes them, up to BATCH at a time."""
        found = [self.statements[at : at + BATCH] for at in range(0, len(self.statements), BATCH)]
        return [{"statements": one} for one in found]


async def export(
    conn: Conn, starts: date, ends: date, reworded: Mapping[str, Mapping[str, str]] | None = None
) -> Export:
    """The statements of all restrictions imposed in the period. `reworded`: puid -> fields in a human's other words."""
    start = datetime.combine(starts, time(), UTC)
    end = datetime.combine(ends, time(), UTC) + timedelta(days=1)
    rows = [row for row in await store.decisions_between(conn, start, end) if row["action"] in dsa.RESTRICTIONS]
    signer = await signing.signer(conn)
    made, refused = [], []
    for at in range(0, len(rows), BATCH):
        batch = [Decision.of(row) for row in rows[at : at + BATCH]]
        context = await _context(conn, batch)
        for decision in batch:
            puid = signer.pseudonym("statement", decision.case_id, decision.id)
            one = statement(decision, puid, *context(decision)) | dict((reworded or {}).get(puid, {}))
            found = check(one, await _names(conn, decision))
            refused += [Refusal(puid, decision.case_id, decision.id, *fault) for fault in found]
            made += [] if found else [one]
    return Export(made, refused)


def statement(
    decision: Decision,
    puid: str,
    categories: set[str],
    rules: str,
    content: list[str],
    language: str | None,
    written_on: date,
) -> dict[str, Any]:
    """One decision as the database wants it."""
    group, kind = dsa.RESTRICTIONS[decision.action]
    counted = dsa.meaning(dsa.gravest(categories))
    until = decision.expires_at.date().isoformat() if decision.expires_at else None
    automatic = decision.decided_by == "rule"
    made: dict[str, Any] = {
        "puid": puid,
        "territorial_scope": ["EEA"],
        "content_type": content,
        "content_date": written_on.isoformat(),
        "application_date": decision.decided_at.date().isoformat(),
        "category": counted.category,
        "category_specification": [counted.keyword],
        "decision_facts": decision.facts
        or "What is concerned was reported, looked at as it was, and found as explained.",
        "source_type": _source(decision),
        "automated_detection": "Yes" if decision.detected == "rule" else "No",
        "automated_decision": "AUTOMATED_DECISION_FULLY" if automatic else "AUTOMATED_DECISION_NOT_AUTOMATED",
    }
    if content == ["CONTENT_TYPE_OTHER"]:
        made["content_type_other"] = "An account as such"
    if language:
        made["content_language"] = language[:2].upper()
    if group == "visibility":
        name = {"removal": "CONTENT_REMOVED", "demoted": "CONTENT_DEMOTED", "labelled": "CONTENT_LABELLED"}
        made["decision_visibility"] = [f"DECISION_VISIBILITY_{name.get(kind, 'OTHER')}"]
        if kind == "other":
            made["decision_visibility_other"] = "Pictures are covered until somebody asks to see them"
        made["end_date_visibility_restriction"] = until
    elif group == "provision":
        made |= {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION", "end_date_service_restriction": until}
    else:
        made |= {"decision_account": "DECISION_ACCOUNT_SUSPENDED", "end_date_account_restriction": until}
        made["account_type"] = "ACCOUNT_TYPE_PRIVATE"
    if decision.law:
        made["decision_ground"] = "DECISION_GROUND_ILLEGAL_CONTENT"
        made |= {"illegal_content_legal_ground": decision.law, "illegal_content_explanation": decision.reason}
    else:
        made["decision_ground"] = "DECISION_GROUND_INCOMPATIBLE_CONTENT"
        made["decision_ground_reference_url"] = f"{current().link_origin}/rules"
        made |= {"incompatible_content_ground": rules, "incompatible_content_explanation": decision.reason}
        made["incompatible_content_illegal"] = "No"
    return {name: value for name, value in made.items() if value is not None}


def check(one: Mapping[str, Any], names: set[str]) -> list[tuple[str, str, str]]:
    """(field, what is wrong, where) of what keeps a statement from being published."""
    found = []
    for field, longest in TEXTS.items():
        text = str(one.get(field, ""))
        found += [
            (field, f"holds {bad.what}", f"at {bad.start}: {text[bad.start : bad.end]}") for bad in scan(text, names)
        ]
        if len(text) > longest:
            found.append((field, f"is longer than {longest:,} characters", f"{len(text):,} characters"))
    return found


def _source(decision: Decision) -> str:
    sources = set(decision.sources)
    if "flagger" in sources:
        return "SOURCE_TRUSTED_FLAGGER"
    if sources & set(_NOTICES):
        return "SOURCE_ARTICLE_16"
    return "SOURCE_TYPE_OTHER_NOTIFICATION" if sources & {"member", "flag"} else "SOURCE_VOLUNTARY"


async def _context(conn: Conn, batch: list[Decision]) -> Any:
    """For a decision: its categories, the rules it cites, and kind, language and day of what it is about."""
    case_ids = list({one.case_id for one in batch})
    categories: dict[int, set[str]] = defaultdict(set)
    for row in await store.about_cases(conn, case_ids):
        categories[row["case_id"]].add(row["category"])
    texts = {rule.id: rule.text for rule in await cited(conn, {rule for one in batch for rule in one.rule_ids})}
    kept: dict[tuple[int, int], dict[str, Any]] = {
        (row["case_id"], row["post_id"]): msgspec.json.decode(row["content"])
        for row in await store.snapshots(conn, case_ids)
    }

    def of(one: Decision) -> tuple[set[str], str, list[str], str | None, date]:
        about = [kept[(one.case_id, post_id)] for post_id in one.post_ids if (one.case_id, post_id) in kept]
        posts = [found["post"] for found in about if found.get("post")]
        kinds = {"CONTENT_TYPE_IMAGE" for found in about if found.get("files")}
        kinds |= {"CONTENT_TYPE_TEXT" for found in about if found.get("text")}
        days = [datetime.fromisoformat(post["created_at"]).date() for post in posts]
        language = next((post["public"].get("language") for post in posts), None)
        rules = "; ".join(texts[rule] for rule in one.rule_ids if rule in texts) or "The terms of use of this community"
        account = not posts
        content = ["CONTENT_TYPE_OTHER"] if account else sorted(kinds) or ["CONTENT_TYPE_TEXT"]
        return categories[one.case_id], rules[:500], content, language, min(days, default=one.decided_at.date())

    return of


async def _names(conn: Conn, decision: Decision) -> set[str]:
    rows = await store.names_of(conn, [decision.account_id])
    return {name for row in rows for name in (row["username"], row["display_name"]) if name}
