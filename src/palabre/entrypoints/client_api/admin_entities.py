"""Mastodon's JSON of reports and of what its moderators' tools read, one function per entity."""

from collections.abc import Iterable

import msgspec

from palabre.base.clock import iso
from palabre.entrypoints.client_api import entities
from palabre.features.accounts import AccountView
from palabre.features.instance import Rule
from palabre.features.moderation import Report
from palabre.features.moderation.people import Person
from palabre.features.moderation.rules import public_category
from palabre.features.posts import PostView

#: Mastodon's permission bits: invite; dashboard, reports, audit log, hashtags and users; everything.
_PERMISSIONS = {"member": 0x10000, "moderator": 0x1051C, "owner": 0x1}
_NAMES = {"member": "", "moderator": "Moderator", "owner": "Owner"}
_ROLE_IDS = {"member": "-99", "moderator": "1", "owner": "3"}


def report(made: Report, target: AccountView) -> bytes:
    return _joined(
        {
            **_common(made),
            "status_ids": [str(post_id) for post_id in made.post_ids],
            "rule_ids": [str(rule_id) for rule_id in made.rule_ids],
        },
        target_account=entities.account(target),
    )


def admin_report(
    made: Report,
    people: dict[int, Person],
    statuses: Iterable[PostView],
    rules: Iterable[Rule],
    decided_by: int | None,
    viewer_id: int,
) -> bytes:
    """`statuses`: as they were when reported. What no member reported is shown as if the viewer had: clients need a name."""
    cited = [{"id": str(rule.id), "text": rule.text, "hint": rule.hint} for rule in rules]
    return _joined(
        {**_common(made), "updated_at": iso(made.decided_at or made.created_at), "rules": cited},
        account=admin_account(people[made.reporter_id or viewer_id]),
        target_account=admin_account(people[made.account_id]),
        assigned_account=_person(people, made.assigned_to),
        action_taken_by_account=_person(people, decided_by),
        statuses=entities.statuses(statuses, viewer_id),
    )


def admin_account(person: Person) -> bytes:
    view = person.account
    seen = person.last_active_at or person.created_at
    return _joined(
        {
            "id": str(view.id),
            "username": view.public.username,
            "domain": person.domain,
            "created_at": iso(person.created_at),
            "email": person.email,
            "ip": person.ip,
            "ips": [{"ip": person.ip, "used_at": iso(seen)}] if person.ip else [],
            "locale": person.locale,
            "invite_request": person.reason or None,
            "role": role(person.role),
            "confirmed": person.confirmed,
            "approved": person.approved,
            "disabled": view.standing == "frozen",
            "sensitized": False,
            "silenced": view.standing == "limited",
            "suspended": view.standing == "suspended",
        },
        account=entities.account(view),
    )


def role(name: str) -> dict[str, object]:
    return {
        "id": _ROLE_IDS[name],
        "name": _NAMES[name],
        "color": "",
        "permissions": str(_PERMISSIONS[name]),
        "highlighted": name != "member",
    }


def _common(made: Report) -> dict[str, object]:
    return {
        "id": str(made.id),
        "action_taken": made.decided_at is not None,
        "action_taken_at": iso(made.decided_at) if made.decided_at else None,
        "category": public_category(made.category),
        "comment": made.comment,
        "forwarded": made.forward,
        "created_at": iso(made.created_at),
    }


def _person(people: dict[int, Person], account_id: int | None) -> bytes:
    return admin_account(people[account_id]) if account_id in people else b"null"


def _joined(plain: dict[str, object], **ready: bytes) -> bytes:
    """One JSON object of values to encode and of members that are JSON already."""
    return msgspec.json.encode(plain)[:-1] + b"," + entities.splice(**ready)[1:]
