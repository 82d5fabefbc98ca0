"""Pages of notices from outside."""

from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s
from tests.support.pages.shared import done, end, page

_COUNTS = {"acted": 12, "dismissed": 3, "unfounded": 4}
_SECRET = "01a20b063d1ae0ed42b4227583735f29d07470"


def _notice(source: str = "host", **more: Any) -> Some:
    return Some(
        **{
            "id": 117668661687935213,
            "url": "/moderation/notices/117668661687935213",
            "public_url": f"https://talk.example/notice/{_SECRET}",
            "path": f"/notice/{_SECRET}",
            "source": source,
            "sender": "email:abuse@host.example",
            "name": "Cloudy Hosting, abuse desk",
            "email": "abuse@host.example",
            "category": "illegal",
            "law": "Criminal code, § 111",
            "explanation": "These posts call for violence. Please answer within 24 hours.",
            "reference": "",
            "issued_on": None,
            "count": 4,
            "unanswered": 2,
            "received_at": s.ago(hours=20),
            "due_at": s.ago(hours=-4),
            "closed_at": None,
            "told_at": None,
            "overdue": False,
        }
        | more
    )


def _item(line: int, **more: Any) -> Some:
    return Some(
        **{
            "line": line,
            "url": f"https://talk.example/@dan/11766866168793{line}213",
            "comment": "",
            "state": "received",
            "problem": "",
            "remarks": [],
            "acct": "dan",
            "case_url": "/moderation/cases/1",
            "decided_by": None,
            "decision_id": None,
            "answer": "",
            "reason": "",
            "answered_at": None,
            "open": False,
        }
        | more
    )


_items = [
    _item(1, remarks=["edited", "boost"], comment="called a threat"),
    _item(2, state="looking", remarks=["deleted"]),
    _item(
        3,
        state="decided",
        decided_by="moderator",
        decision_id=5,
        answer="Thank you for your report. What you reported of @dan has been removed.",
        reason="It calls for violence against people on a bench.",
        answered_at=s.ago(hours=3),
    ),
    _item(
        4,
        url="https://elsewhere.example/posts/1",
        state="answered",
        problem="elsewhere",
        answer="This address belongs to another network. We have no power over what is published there.",
        answered_at=s.ago(hours=20),
        case_url=None,
        acct=None,
        open=True,
    ),
]
_values: dict[str, Any] = {"urls": "https://talk.example/@dan/117668661687935213", "category": ""}
_wrong = {"name": "Please say who you are.", "good_faith": "A notice needs your word that you send it in good faith."}
_listed = Some(
    kind="csv", lines=[Some(url=item.url, comment=item.comment) for item in _items], name="", email="", comment=""
)
_found = [Some(problem=item.problem, remarks=item.remarks, post_id=1, account_id=1) for item in _items]
_sender = Some(sender="email:abuse@host.example", record=_COUNTS, suspended_until=None)
_form: dict[str, Any] = {"values": {}, "errors": {}}
_keys: dict[str, Any] = {
    "notifiers": [
        Some(
            id=1,
            kind="flagger",
            name="Watchdogs of the Baobab",
            email="w@dogs.example",
            areas=["threat", "child"],
            revoked=False,
            record=Some(**_COUNTS),
            created_at=s.ago(days=30),
        ),
        Some(
            id=2,
            kind="authority",
            name="Office of Old Orders",
            email="",
            areas=[],
            revoked=True,
            record=Some(acted=0, dismissed=0, unfounded=0),
            created_at=s.ago(days=90),
        ),
    ],
    "watched": [
        Some(
            sender="email:x@y.example",
            name="angry@mail.example",
            proposed="warn",
            warned_at=None,
            suspended_until=None,
            record=Some(acted=0, dismissed=1, unfounded=4),
            measures=[],
        ),
        Some(
            sender="member:1",
            name="@dan",
            proposed=None,
            warned_at=s.ago(days=9),
            suspended_until=s.ago(days=-20),
            record=Some(acted=1, dismissed=1, unfounded=8),
            measures=[
                Some(kind="warned", moderator_id=1, reason="Weather is no crime.", until=None, at=s.ago(days=9)),
                Some(kind="suspended", moderator_id=1, reason="Still no crime.", until=None, at=s.ago(days=1)),
            ],
        ),
    ],
    "areas": ["illegal", "threat", "intimate", "child", "rule", "spam"],
    "values": {"areas": []},
    "errors": {},
    "key": "",
}
staff = s.moderator


def _appeal(state: str, **more: Any) -> Some:
    shown = {"open": "Being looked into", "upheld": "The decision stands"}
    base = {
        "id": 7 if state == "open" else 8,
        "url": "/notice/5e/appeal/7",
        "lines": [3],
        "words": "You read the first sentence only.",
        "state": shown[state],
        "won": False,
        "open": False,
        "with_jury": False,
        "by_jury": False,
        "reason": "",
        "said": [Some(kind="asked", words="Which sentence do you mean?", at=s.ago(hours=2))] if state == "open" else [],
        "lodged_at": s.ago(hours=3),
        "due_at": s.ago(hours=-20),
        "may_ask_jury": False,
    }
    return Some(**base | more)


notices = {
    "notice/form": page("notice/form.html", None, rules=s.rules, values=_values, errors={}),
    "notice/form-wrong": page("notice/form.html", None, rules=s.rules, values=_values, errors=_wrong),
    "notice/form-member": page("notice/form.html", rules=s.rules, values=_values, errors={}),
    "notice/order": page("notice/order.html", None, values={}, errors={"key": "This key opens nothing."}),
    "notice/status": page(
        "notice/status.html",
        None,
        notice=_notice(),
        items=_items,
        may_appeal=True,
        lines=[1, 4],
        appeals=[],
        values={},
        errors={},
        flashes=[done("We received your notice. Keep the address of this page: here you will read what was decided.")],
    ),
    "notice/status-closed": page(
        "notice/status.html",
        None,
        notice=_notice(closed_at=s.ago(hours=1), email=""),
        items=_items[2:],
        may_appeal=False,
        lines=[],
        appeals=[
            _appeal("open", open=True),
            _appeal("upheld", reason="It still calls for a beating.", may_ask_jury=True),
        ],
        values={},
        errors={},
    ),
    "moderation/notices": page(
        "moderation/notices.html",
        staff,
        notices=[
            _notice("order", name="Office of Old Orders", reference="TCO-17", overdue=True, due_at=s.ago(minutes=9)),
            _notice(),
            _notice("notice", name="", email="", count=1, unanswered=1),
        ],
        source="",
        tab="open",
        **end,
    ),
    "moderation/notices-answered": page(
        "moderation/notices.html",
        staff,
        notices=[_notice(closed_at=s.ago(hours=1))],
        source="host",
        tab="answered",
        **end,
    ),
    "moderation/notices-none": page("moderation/notices.html", staff, notices=[], source="", tab="open", **end),
    "moderation/notice-new": page("moderation/notice_new.html", staff, listed=None, preview=[], **_form),
    "moderation/notice-preview": page(
        "moderation/notice_new.html",
        staff,
        listed=_listed,
        preview=list(zip(_listed.lines, _found, strict=True)),
        values={"list": "url,reason\n…", "source": "host"},
        errors={},
    ),
    "moderation/notice": page(
        "moderation/notice.html", staff, notice=_notice(), items=_items, sender=_sender, has_file=True, **_form
    ),
    "moderation/notifiers": page("moderation/notifiers.html", staff, **_keys),
    "moderation/notifiers-key": page(
        "moderation/notifiers.html",
        s.me,
        **{**_keys, "key": "palabre-notifier-AaILBj0a4O1CtCJ1g3NfKdB0cHbnVga4gQ", "watched": []},
    ),
}
