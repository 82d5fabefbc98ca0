"""Pages of appeals and second looks."""

from types import SimpleNamespace as Some
from typing import Any

from tests.support import samples as s
from tests.support.pages.shared import form, page
from tests.support.pages.staff import decision, one_case, staff

_WORDS = (
    "I quoted the town's own minutes, page 4. Nobody was threatened: “burn down” is what the mayor himself had said."
)
_ASKED = Some(kind="asked", words="Which page of the minutes?", at=s.ago(hours=3))
_ANSWERED = Some(kind="answered", words="Page 4, the last paragraph.", at=s.ago(hours=2))
_VIEWED = Some(kind="viewed", words="I hadn't seen the minutes.", at=s.ago(hours=1))


def _mine(id: int, state: str, **more: Any) -> Some:
    plain: dict[str, Any] = {
        "won": False, "open": False, "with_jury": False, "by_jury": False, "lost": False, "reason": "", "said": [],
        "may_ask_jury": False, "of_author": True, "decision": "Remove the posts", "about": s.me,
    }  # fmt: skip
    made = {"id": id, "url": f"/appeals/1/{id}", "words": _WORDS, "state": state}
    return Some(**{**plain, **made, "lodged_at": s.ago(hours=5), "due_at": s.ago(hours=-43), **more})


def _waiting(**more: Any) -> Some:
    plain: dict[str, Any] = {
        "url": "/moderation/cases/1/appeals/2", "about": s.dan, "by": s.dan, "of_author": True, "after": False,
        "words": _WORDS, "state": "Being looked into", "open": True, "with_jury": False, "decided": False, "reason": "",
        "lodged_at": s.ago(hours=5), "due_at": s.ago(hours=-43), "overdue": False,
    }  # fmt: skip
    return Some(**{**plain, **more})


_hearing: dict[str, Any] = {
    **{name: one_case[name] for name in ("case", "kept", "rules", "actions", "values", "errors")},
    "decision": decision,
    "appeal": _waiting(),
    "said": [_ASKED, _ANSWERED, _VIEWED],
    "may_judge": True,
    "may_concede": False,
    "mine": False,
    "nobody": False,
}
appeals = {
    "appeals": page(
        "appeals.html",
        appeals=[
            _mine(1, "Being looked into", open=True, said=[_ASKED]),
            _mine(
                2, "The decision stands", lost=True, may_ask_jury=True, reason="It was said of people, not of a bench."
            ),
            _mine(3, "Before a jury", with_jury=True),
            _mine(
                4,
                "The decision was overturned",
                won=True,
                by_jury=True,
                reason="Four of six: a quotation is no threat.",
            ),
            _mine(5, "Withdrawn", of_author=False, about=s.dan, decision="No measure"),
        ],
        values={},
        errors={},
    ),
    "appeals-empty": page("appeals.html", appeals=[], values={}, errors={}),
    "appeal": page(
        "appeal.html",
        letter=Some(id=1, said="The moderators removed posts of yours.", reason="It threatens people."),
        hours=48,
        at="",
        **form,
    ),
    "appeal-by-link": page(
        "appeal.html",
        None,
        letter=Some(id=1, said="The moderators suspended your account.", reason="It threatens people."),
        at="/statement/x",
        hours=48,
        **form,
    ),
    "moderation/appeals": page(
        "moderation/appeals.html",
        staff,
        to_judge=[
            _waiting(overdue=True, due_at=s.ago(hours=2)),
            _waiting(of_author=False, by=s.bob, after=True),
            _waiting(with_jury=True, open=False),
        ],
        own=[_waiting()],
    ),
    "moderation/appeals-empty": page("moderation/appeals.html", staff, to_judge=[], own=[]),
    "moderation/appeal": page("moderation/appeal.html", staff, **_hearing),
    "moderation/appeal-own": page(
        "moderation/appeal.html", staff, **{**_hearing, "may_judge": False, "may_concede": True, "mine": True}
    ),
    "moderation/appeal-nobody": page(
        "moderation/appeal.html", staff, **{**_hearing, "may_judge": False, "mine": True, "nobody": True}
    ),
    "moderation/appeal-judged": page(
        "moderation/appeal.html",
        staff,
        **{
            **_hearing,
            "may_judge": False,
            "appeal": _waiting(open=False, decided=True, state="The decision was overturned", reason="A quotation."),
        },
    ),
    "moderation/reviews": page(
        "moderation/reviews.html",
        staff,
        due=s.cases[:1],
        differing=[
            Some(
                url="/moderation/cases/1",
                about=s.dan,
                first="Suspend the account",
                first_by=s.carol,
                second="No measure",
                second_by=s.bob,
                reason="I see a joke among friends.",
                at=s.ago(days=1),
                stands=stands,
            )
            for stands in (True, False)
        ],
    ),
    "moderation/reviews-empty": page("moderation/reviews.html", staff, due=[], differing=[]),
    "moderation/review": page("moderation/review.html", staff, **one_case),
}
