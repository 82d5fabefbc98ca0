"""Sample pages about juries."""

from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s
from tests.support.pages.shared import end, form, older, page
from tests.support.pages.staff import one_case

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ANSWERS = [
    ("uphold", "Yes, it stands", "The rule is broken, and the measure is not too hard for it."),
    ("overturn", "No, it falls", "The rule is not broken, or the measure is too hard. Everything is given back."),
]
_WHY = "It is blunt, but it is about the bench and not about anybody."


def _seat(**more: Any) -> Some:
    return Some(
        **{
            "url": "/jury/panels/1/ballot",
            "panel_url": "/jury/panels/1",
            "recuse_url": "/jury/panels/1/recuse",
            "number": 3,
            "juror": "3f0c9a1b2d4e5f60",
            "question": "Does the moderators’ decision stand?",
            "state": "has not voted yet",
            "open": True,
            "closed": False,
            "drawn_at": s.ago(hours=3),
            "due_at": s.ago(hours=-21),
            "answer": "",
            "reason": None,
            "outcome": "",
        }
        | more
    )


def _panel(**more: Any) -> Some:
    return Some(
        **{
            "id": 117668900281857448,
            "url": "/jury/panels/1",
            "case_url": "/moderation/cases/1",
            "state": "closed",
            "question": "Does the moderators’ decision stand?",
            "commitment": _SHA,
            "committed_at": s.ago(days=3),
            "called_at": s.ago(days=1, hours=2),
            "drawn_at": s.ago(days=1, hours=2),
            "closes_at": s.ago(hours=-20),
            "closed_at": s.ago(hours=2),
            "seed": _SHA[::-1],
            "pool_size": 1204,
            "pool_digest": _SHA,
            "passed_over": 3,
            "seats": 6,
            "votes": 4,
            "cast": 6,
            "outcome": "The decision falls.",
            "tally": [("Yes, it stands", 2), ("No, it falls", 4)],
            "chairs": [
                Some(seat=seat, juror=_SHA[:16], replaces=replaces, state=state, answer=answer, reason=reason)
                for seat, replaces, state, answer, reason in (
                    (1, None, "voted", "No, it falls", _WHY),
                    (2, None, "did not vote in time", "", None),
                    (3, None, "voted", "Yes, it stands", "“All of you” means people."),
                    (7, 2, "voted", "No, it falls", "Nobody could take this for a plan."),
                )
            ],
        }
        | more
    )


_waiting = _panel(
    state="next", question=None, called_at=None, drawn_at=None, closed_at=None, seed=None, outcome="", chairs=[], cast=0
)
_sitting = _panel(state="open", seed=None, closed_at=None, outcome="", cast=4)
_figures = {
    "panels": 41,
    "upheld": 24,
    "overturned": 14,
    "none": 3,
    "hours": 19,
    "voted": 91,
    "agreement": 78,
    "alpha": "0.44",
}
_none = dict.fromkeys(("panels", "upheld", "overturned", "none"), 0) | dict.fromkeys(
    ("hours", "voted", "agreement", "alpha")
)
_record = Some(drawn=5, voted=4, silent=1, with_outcome=3, decided=4)
_mine: dict[str, Any] = {
    "juror": True,
    "joined_at": s.ago(days=90),
    "salt": _SHA[:32],
    "hindrance": "",
    "may_join": True,
    "record": _record,
    "rules": Some(seats=6, hours=24, monthly=4),
    "seats": [
        _seat(),
        _seat(open=False, closed=True, answer="No, it falls", outcome="The decision falls.", drawn_at=s.ago(days=9)),
        _seat(open=False, closed=True, state="stepped aside", outcome="The decision stands.", drawn_at=s.ago(days=40)),
    ],
}
_brief = Some(
    seats=6,
    votes=4,
    kept=one_case["kept"][:2],
    rules=s.rules[:1],
    words="I was angry about the bench, not at people. Everybody there knew what I meant.",
    measure="Remove the posts",
    reason="You wrote that somebody should burn down a bench with people on it. That breaks rule 1.",
    law="",
)
jury = {
    "jury/mine": page("jury/mine.html", **_mine),
    "jury/mine-new": page(
        "jury/mine.html",
        **_mine
        | {
            "juror": False,
            "seats": [],
            "hindrance": "You will be drawn once you have been here for 30 days.",
            "salt": "",
        },
    ),
    "jury/ballot": page("jury/ballot.html", seat=_seat(), brief=_brief, answers=_ANSWERS, **form),
    "jury/ballot-wrong": page(
        "jury/ballot.html",
        seat=_seat(question="Does this break the rule?"),
        brief=Some(**{**vars(_brief), "measure": "", "reason": "", "words": "Is this only teasing?"}),
        answers=_ANSWERS,
        values={"answer": "uphold", "reason": ""},
        errors={"reason": "Please say why: a sentence or two."},
    ),
    "jury/ballot-cast": page(
        "jury/ballot.html",
        seat=_seat(open=False, state="voted", answer="No, it falls", reason=_WHY),
        brief=None,
        answers=_ANSWERS,
        **form,
    ),
    "jury/panels": page(
        "jury/panels.html", None, panels=[_sitting, _panel()], ready=[_waiting], figures=_figures, **older
    ),
    "jury/panels-empty": page("jury/panels.html", panels=[], ready=[_waiting], figures=_none, **end),
    "jury/panel": page("jury/panel.html", None, panel=_panel(), pseudonym=None, data="/data"),
    "jury/panel-open": page("jury/panel.html", panel=_sitting, pseudonym="3f0c9a1b2d4e5f60", data="/data"),
    "jury/panel-next": page("jury/panel.html", panel=_waiting, pseudonym=None, data="/data"),
    "moderation/jury": page(
        "moderation/jury.html",
        s.moderator,
        panels=[_sitting, _panel()],
        figures=_figures,
        camps=[1530, 1204],
        alone=88,
        camps_at=s.ago(hours=4),
        jurors=[Some(account=one, record=_record) for one in s.everyone[:3]],
        **end,
    ),
    "moderation/jury-empty": page(
        "moderation/jury.html",
        s.moderator,
        panels=[],
        figures=_none,
        camps=[],
        alone=0,
        camps_at=None,
        jurors=[],
        **end,
    ),
    "moderation/ask-jury": page(
        "moderation/ask_jury.html",
        s.moderator,
        case_url="/case",
        may_ask=True,
        panels=[_panel()],
        rules=s.rules,
        **form,
    ),
}
