"""What Palabre knows of a member beyond posts and lists, as readable JSON: what the law's right of access asks for.

Not in it: what others wrote about him in confidence (reports, moderators' notes), which is theirs.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import msgspec

from palabre.base import origin
from palabre.base.clock import iso
from palabre.base.db import Conn
from palabre.features import accounts, instance, moderation
from palabre.features.moderation import appeals, jury
from palabre.features.moderation.appeals import Appellant
from palabre.features.portability.exports import store
from palabre.features.portability.exports.lists import handles
from palabre.features.portability.exports.notes import post_uri
from palabre.settings import current

_MOST = 10_000
_Tell = Callable[[Conn, int], Awaitable[Any]]


def as_json(told: Any) -> bytes:
    """For people to read: one thing a line."""
    plain = msgspec.json.encode(told)
    return msgspec.json.format(origin.reveal(origin.seal(plain), current().origin, current().origin), indent=2) + b"\n"


async def account(conn: Conn, account_id: int) -> Any:
    """Address, settings, sign-up, sessions and applications with their internet addresses, days of use."""
    member = await accounts.member(conn, account_id)
    return {
        **await accounts.traces(conn, account_id),
        "standing": member.standing,
        "confirmed_at": member.confirmed_at,
        "approved_at": member.approved_at,
        "invited_with": member.invite_code,
        "terms_accepted": {"version": member.terms_version, "at": member.terms_accepted_at},
        "preferences": accounts.preferences_of(member.preferences),
        "profile_as_written": await _profile(conn, account_id),
        "invitations": [
            {name: getattr(one, name) for name in ("code", "uses", "created_at")}
            for one in await accounts.invites(conn, account_id)
        ],
        "days_of_use": await store.active_days(conn, account_id),
        "imports": [dict(row) for row in await store.imports(conn, account_id)],
    }


async def _profile(conn: Conn, account_id: int) -> Any:
    row = await store.profile(conn, account_id)
    return {name: value for name, value in dict(row or {}).items() if not name.endswith("_key")}


async def people(conn: Conn, account_id: int) -> Any:
    """Those who follow, requests that wait, and the notes made for oneself."""
    followers, requested = await store.followers(conn, account_id), await store.requested(conn, account_id)
    notes = await store.private_notes(conn, account_id)
    names = await handles(conn, [*followers, *requested, *(row["other_id"] for row in notes)])
    return {
        "followers": _named(followers, names),
        "asked_to_follow": _named(requested, names),
        "private_notes": {names[row["other_id"]]: row["comment"] for row in notes if row["other_id"] in names},
    }


def _named(account_ids: Iterable[int], names: dict[int, str]) -> list[str]:
    return [names[account_id] for account_id in account_ids if account_id in names]


async def posts_apart(conn: Conn, account_id: int) -> Any:
    """Pinned posts, earlier versions of edited ones, and the words of those that moderators removed."""
    view = (await accounts.look(conn, [account_id]))[account_id].public.username
    return {
        "pinned": [post_uri(view, post_id) for post_id in await store.pins(conn, account_id)],
        "earlier_versions": [
            {
                "post": post_uri(view, row["post_id"]),
                "written_at": iso(row["written_at"]),
                **_version(row["fragment"]),
            }
            for row in await store.revisions(conn, account_id, _MOST)
        ],
        "removed_by_moderators": [
            {
                "post": post_uri(view, row["id"]),
                "visibility": row["visibility"],
                "written_at": iso(row["created_at"]),
                "removed_at": iso(row["withheld_at"]),
                "spoiler": row["spoiler"],
                "text": row["text"],
            }
            for row in await store.withheld(conn, account_id, _MOST)
        ],
    }


def _version(fragment: bytes) -> dict[str, Any]:
    said = msgspec.json.decode(origin.unseal(fragment))
    return {"content": said.get("content", ""), "spoiler": said.get("spoiler_text", "")}


async def reports(conn: Conn, account_id: int) -> Any:
    """What one reported oneself."""
    found = await moderation.my_reports(conn, account_id, _MOST)
    names = await handles(conn, [one.account_id for one in found])
    return [
        {
            "reported_at": iso(one.created_at),
            "about": names.get(one.account_id, ""),
            "posts": [str(post_id) for post_id in one.post_ids],
            "category": one.category,
            "comment": one.comment,
            "decided_at": iso(one.decided_at) if one.decided_at else None,
        }
        for one in found
    ]


async def letters(conn: Conn, account_id: int) -> Any:
    """What the moderators wrote: every decision about oneself, with its reasons, and every answer to a report."""
    locale = (await accounts.member(conn, account_id)).locale
    contact = (await instance.about(conn)).contact_email
    return [
        {
            "written_at": iso(one.created_at),
            "read_at": iso(one.read_at) if one.read_at else None,
            "kind": one.kind,
            "measure": one.action,
            "taken_back": one.undoing,
            "text": moderation.as_text(moderation.sections(one, locale, contact)),
        }
        for one in await moderation.letters(conn, account_id, _MOST)
    ]


async def own_appeals(conn: Conn, account_id: int) -> Any:
    return [
        {
            "lodged_at": iso(one.appeal.lodged_at),
            "words": one.appeal.words,
            "state": one.appeal.state,
            "outcome": one.appeal.outcome,
            "reason": one.appeal.reason,
            "decided_at": iso(one.appeal.decided_at) if one.appeal.decided_at else None,
            "said": [{"at": iso(said.at), "kind": said.kind, "words": said.words} for said in one.said],
        }
        for one in await appeals.mine(conn, Appellant(account_id))
    ]


async def own_juries(conn: Conn, account_id: int) -> Any:
    """Where one was drawn to judge, and how one voted."""
    return [
        {
            "drawn_at": iso(one.drawn_at),
            "as": one.juror,
            "state": one.state,
            "answer": one.answer,
            "reason": one.reason,
        }
        for one in await jury.my_seats(conn, account_id)
    ]


#: File name in the folder `palabre/` -> what tells it.
FILES: dict[str, _Tell] = {
    "account.json": account,
    "people.json": people,
    "posts.json": posts_apart,
    "reports.json": reports,
    "letters.json": letters,
    "appeals.json": own_appeals,
    "juries.json": own_juries,
}
