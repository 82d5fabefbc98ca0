"""Sample pages of other servers, block lists, and who is kept out."""

from ipaddress import ip_network
from types import SimpleNamespace as Some
from typing import Any

from palabre.features.accounts.barred import EmailDomain, IpBlock, Mailbox
from palabre.features.moderation.domains import TAKEN, Import, Measure, Outcome, Standing
from palabre.features.moderation.domains.lists import Draft, Exclusion, Subscription
from tests.support import samples as s
from tests.support.pages.shared import Page, end, form, older, page

_measures = [
    Standing(
        1, "spam.example", Measure("suspend", public_comment="Nothing but advertisements"), None, 3, s.ago(days=1)
    ),
    Standing(2, "loud.example", Measure("limit", reject_media=True), 7, None, s.ago(days=2)),
    Standing(3, "a-very-long-name-for-a-server.indeed.example", Measure("none", False, True), None, 3, s.ago(days=9)),
]
_events = [
    Some(who=s.carol, words="set: suspended", created_at=s.ago(days=1)),
    Some(who=None, words="set: limited", created_at=s.ago(days=3)),
]
_lists = [
    Subscription(
        7, "Good neighbours", "https://lists.example/blocks.csv", 10, "suspend", False, s.ago(hours=5), "", 2, 214, 3
    ),
    Subscription(
        8,
        "Old list",
        "https://gone.example/list.txt",
        0,
        "limit",
        True,
        None,
        "there is no server of that name",
        0,
        0,
        0,
    ),
]
_drafts = [
    Draft(7, "Good neighbours", f"{name}.example", severity, name == "ads", False, comment, s.ago(hours=5))
    for name, severity, comment in (("ads", "limit", ""), ("hate", "suspend", "Calls for violence, unanswered reports"))
]
_report = Import(
    [
        Outcome(1, "#domain,#severity", "", "comment"),
        Outcome(2, "spam.example,suspend", "spam.example", "added"),
        Outcome(3, "b*d.example,suspend", "", "obfuscated"),
    ]
)
_kept_out: dict[str, Any] = {
    "ips": [
        IpBlock(1, ip_network("192.0.2.0/24"), "no_access", "A flood of sign-ups", 3, s.ago(days=1), s.ago(days=-6))
    ],
    "providers": [(EmailDomain(1, "throwaway.example", s.ago(days=3), []), 12)],
    "mailboxes": [Mailbox(1, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")],
}
_staff = s.moderator
_drafts_count = {"drafts_count": 2}
domains: dict[str, Page] = {
    "moderation/domains": page(
        "moderation/domains.html", _staff, measures=_measures, query="", **_drafts_count, **form, **older
    ),
    "moderation/domains-empty": page(
        "moderation/domains.html", _staff, measures=[], query="", drafts_count=0, **form, **end
    ),
    "moderation/domains-wrong": page(
        "moderation/domains.html",
        _staff,
        measures=[],
        query="x",
        drafts_count=0,
        values={"domain": "b*d"},
        errors={"domain": "Letters are left out of this name."},
        **end,
    ),
    "moderation/domain": page(
        "moderation/domain.html",
        _staff,
        domain="loud.example",
        standing=_measures[1],
        events=_events,
        values={"severity": "limit", "reject_media": "1"},
        errors={},
    ),
    "moderation/domain-drafts": page(
        "moderation/domain_drafts.html", _staff, drafts=_drafts, onward=None, **_drafts_count
    ),
    "moderation/domain-drafts-none": page(
        "moderation/domain_drafts.html", _staff, drafts=[], drafts_count=0, onward=None
    ),
    "moderation/domain-lists": page(
        "moderation/domain_lists.html",
        _staff,
        lists=_lists,
        exclusions=[Exclusion("friends.example", "We know them", 3, s.ago(days=30))],
        **_drafts_count,
        **form,
    ),
    "moderation/domain-files": page(
        "moderation/domain_files.html", _staff, report=_report, taken=TAKEN, errors={}, **_drafts_count
    ),
    "moderation/blocks": page("moderation/blocks.html", _staff, **_kept_out, **form),
}
