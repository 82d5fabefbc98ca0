"""Sample pages of what is preserved for the law."""

from types import SimpleNamespace as Some

from palabre.entrypoints.web.holds import KINDS
from tests.support import samples as s
from tests.support.pages.shared import Page, end, form, page

_hold = Some(
    id=1,
    url="/moderation/cases/1/hold",
    open_url="/moderation/cases/1/holds/1",
    police_url="/moderation/cases/1/police?hold=1",
    label="A life is in danger",
    reason="He says where and when he will wait for her.",
    authority="Police of Lyon",
    reference="2026/1142",
    sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    account=s.dan,
    by=s.carol,
    made_at=s.ago(minutes=3),
    until=s.ago(days=-365),
    purged_at=None,
)
_connections = {
    "email": "dan@example.org",
    "signed_up_at": "2026-03-01T10:00:00+00:00",
    "sign_up_ip": "192.0.2.44",
    "last_active_at": "2026-11-20T22:10:00+00:00",
    "sessions": [
        {
            "application": None,
            "ip": "192.0.2.44",
            "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0",
            "began_at": "2026-11-02T07:00:00+00:00",
            "last_used_at": "2026-11-20T22:10:00+00:00",
        }
    ],
}
_account = {"id": 4, "username": "dan", "domain": None, "display_name": "Dan"}
_kinds = [(kind, label, meaning) for kind, label, meaning in KINDS]
_case = {"case_url": "/moderation/cases/1"}

holds: dict[str, Page] = {
    "moderation/holds": page("moderation/holds.html", s.moderator, holds=[_hold], **end),
    "moderation/holds-none": page("moderation/holds.html", s.moderator, holds=[], **end),
    "moderation/hold-form": page(
        "moderation/hold_form.html", s.moderator, kinds=_kinds, holds=[_hold], may_open=True, **form, **_case
    ),
    "moderation/hold": page(
        "moderation/hold.html", s.moderator, hold=_hold, account=_account, connections=_connections, kept=[], **_case
    ),
    "moderation/police": page("moderation/police.html", s.moderator, hold_id=1, **form, **_case),
    "moderation/police-report": page(
        "moderation/police_report.html",
        s.moderator,
        made_at=s.ago(minutes=1),
        found=Some(
            to="Police of Lyon",
            hold=_hold,
            account=_account,
            connections=_connections,
            snapshots=[],
            reports=[Some(created_at=s.ago(hours=1), category="threat", comment="He means it.")],
        ),
    ),
}
