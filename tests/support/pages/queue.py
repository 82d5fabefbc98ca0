"""Sample pages of the queue and of many cases decided at once."""

from types import SimpleNamespace as Some
from typing import Any

from palabre.entrypoints.edge.case_filters import FIELDS
from palabre.features.moderation import CATEGORIES, SOURCES, triage
from tests.support import samples as s
from tests.support.pages.shared import Page, end, older, page
from tests.support.pages.staff import one_case

_desk = Some(break_after=40, shortcuts=True, in_a_row=3, tired=False)
_counts = triage.Counts(deadline=2, threat=7, rest=1_000, mine=1, overdue=3, soon=2)
_nothing = dict.fromkeys(FIELDS, "")
_queue: dict[str, Any] = {
    "cases": s.cases,
    "tab": "waiting",
    "order": "priority",
    "counts": _counts,
    "most": triage.MOST_COUNTED,
    "filters": [Some(id=1, name="Spam, many alike", url="/moderation?category=spam&more_than=5")],
    "given": _nothing,
    "filtered": False,
    "lanes": triage.LANES,
    "sources": SOURCES,
    "categories": CATEGORIES,
    "desk": _desk,
    "errors": {},
    "values": {},
}
_empty = _queue | {"cases": [], "counts": triage.Counts(), "filters": []}
_tired = Some(break_after=40, shortcuts=True, in_a_row=43, tired=True)
_bulk: dict[str, Any] = {
    "cases": s.cases,
    "ticked": {29, 31},
    "others": 24,
    "others_ticked": True,
    "group_id": 29,
    "actions": one_case["actions"],
    "rules": s.rules,
    "values": {},
    "errors": {},
    "desk": _desk,
}
_progress: dict[str, Any] = {
    "id": 5,
    "reason": "The same advertisement, 900 times. That breaks rule 3.",
    "state": "running",
    "total": 900,
    "waiting": 560,
    "decided": 338,
    "undone": 0,
    "left_over": 2,
}
_left = [("/moderation/cases/29", "@weather", "This account belongs to the staff: only the owner may do this.")]


def _of_bulk(**more: Any) -> Page:
    bulk = Some(**{**_progress, **more})
    return page(
        "moderation/bulk_progress.html",
        s.moderator,
        bulk=bulk,
        action="Remove the posts",
        left=_left,
        values={},
        errors={},
    )


queue: dict[str, Page] = {
    "moderation/queue": page("moderation/queue.html", s.moderator, **_queue, **older),
    "moderation/queue-filtered": page(
        "moderation/queue.html",
        s.moderator,
        **_queue | {"given": _nothing | {"category": "spam", "severity": "1"}, "filtered": True, "desk": _tired},
        **end,
    ),
    "moderation/queue-empty": page("moderation/queue.html", s.moderator, **_empty, **end),
    "moderation/queue-decided": page("moderation/queue.html", s.moderator, **_empty | {"tab": "decided"}, **end),
    "moderation/desk": page(
        "moderation/desk.html", s.moderator, values={"break_after": "40", "shortcuts": True}, errors={}, desk=_desk
    ),
    "moderation/group": page("moderation/bulk.html", s.moderator, **_bulk),
    "moderation/bulk": page("moderation/bulk.html", s.moderator, **_bulk | {"group_id": None, "others": 0}),
    "moderation/bulk-none": page("moderation/bulk.html", s.moderator, **_bulk | {"cases": []}),
    "moderation/bulk-going": _of_bulk(),
    "moderation/bulk-done": _of_bulk(state="done", waiting=0, decided=898),
}
