"""How pages speak of juries."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from palabre.entrypoints.edge import Request
from palabre.entrypoints.web.pages import words
from palabre.features.moderation import jury


def question(request: Request, kind: str | None) -> str:
    _ = words(request)
    if kind == "borderline":
        return str(_("Does this break the rule?"))
    return str(_("Does the moderators’ decision stand?"))


def answers(request: Request, kind: str) -> list[tuple[str, str, str]]:
    """(value, words, what it means) of what a juror can answer."""
    _ = words(request)
    if kind == "borderline":
        return [
            ("uphold", _("Yes, it breaks the rule"), _("What follows from it, a moderator decides.")),
            ("overturn", _("No, it doesn’t"), _("However unpleasant it may be: the rule allows it.")),
        ]
    return [
        ("uphold", _("Yes, it stands"), _("The rule is broken, and the measure is not too hard for it.")),
        (
            "overturn",
            _("No, it falls"),
            _("The rule is not broken, or the measure is too hard. Everything is given back."),
        ),
    ]


def answer(request: Request, kind: str, value: str | None) -> str:
    return {name: label for name, label, _meaning in answers(request, kind)}.get(value or "", "")


def outcome(request: Request, view: "jury.PanelView | jury.Seat", why: str | None = None) -> str:
    """What came of it, or how far it is."""
    _ = words(request)
    if view.outcome == "none":
        reasons = {
            "unfilled": _("No verdict: too few jurors who had nothing to do with it. A moderator decides."),
            "split": _("No verdict: not enough jurors agreed. A moderator decides."),
            "silence": _("No verdict: too few jurors voted in time. A moderator decides."),
        }
        return str(reasons.get(why or "", _("No verdict. A moderator decides.")))
    if view.outcome:
        verdicts = {
            ("uphold", "uphold"): _("The decision stands."),
            ("uphold", "overturn"): _("The decision falls."),
            ("borderline", "uphold"): _("It breaks the rule."),
            ("borderline", "overturn"): _("It doesn’t break the rule."),
        }
        return str(verdicts[(view.question or "uphold", view.outcome)])
    return ""


def state(request: Request, name: str) -> str:
    """What became of a seat."""
    _ = words(request)
    return str(
        {
            "drawn": _("has not voted yet"),
            "voted": _("voted"),
            "silent": _("did not vote in time"),
            "recused": _("stepped aside"),
            "left": _("left"),
        }[name]
    )


def happened(_: Callable[[str], str]) -> dict[str, str]:
    """Kind of an entry in a case's log -> its words."""
    return {
        "jury_called": _("A jury was called"),
        "jury_pool": _("The jury is drawn from a list of %(size)s"),
        "jury_drawn": _("Juror %(seat)s was drawn"),
        "jury_voted": _("Juror %(seat)s voted"),
        "jury_recused": _("Juror %(seat)s stepped aside"),
        "jury_silent": _("Juror %(seat)s did not vote in time"),
        "jury_closed": _("The jury said:"),
    }


def entry(request: Request, said: str, data: dict[str, Any]) -> str:
    """An entry in a case's log; that of the end says what came of it."""
    _ = words(request)
    if data.get("question") == "borderline":
        return str(_("asked a jury"))
    if "outcome" not in data:
        return said % data
    answers = {"uphold": _("yes, it is so"), "overturn": _("no, it is not"), "none": _("no verdict")}
    votes = data["votes"]
    return f"{said} {answers[data['outcome']]} ({votes['uphold']} : {votes['overturn']})"


def panel(request: Request, view: jury.PanelView) -> SimpleNamespace:
    """A panel, as templates take it."""
    kind = view.question or "uphold"
    return SimpleNamespace(
        id=view.id,
        url=f"/jury/panels/{view.id}",
        case_url=f"/moderation/cases/{view.case_id}" if view.case_id else None,
        state=view.state,
        question=question(request, view.question) if view.question else None,
        commitment=view.commitment,
        committed_at=view.committed_at,
        called_at=view.called_at,
        drawn_at=view.drawn_at,
        closes_at=view.closes_at,
        closed_at=view.closed_at,
        seed=view.seed,
        pool_size=view.pool_size,
        pool_digest=view.pool_digest,
        passed_over=view.passed_over,
        seats=view.seats,
        votes=view.votes,
        cast=view.cast,
        outcome=outcome(request, view, view.why_none),
        tally=[(label, view.tally.get(value, 0)) for value, label, _meaning in answers(request, kind)],
        chairs=[
            SimpleNamespace(
                seat=one.seat,
                juror=one.juror,
                replaces=one.replaces,
                state=state(request, one.state) if view.state == "closed" else "",
                answer=answer(request, kind, one.answer),
                reason=one.reason,
            )
            for one in view.chairs
        ],
    )


def figures(view: jury.Figures) -> dict[str, Any]:
    """Shares as whole per cents, alpha to two places."""
    return {
        "panels": view.panels,
        "upheld": view.upheld,
        "overturned": view.overturned,
        "none": view.none,
        "hours": round(view.median_hours) if view.median_hours is not None else None,
        "voted": round(100 * view.ballots / view.asked) if view.asked else None,
        "agreement": round(100 * view.agreement) if view.agreement is not None else None,
        "alpha": f"{view.alpha:.2f}" if view.alpha is not None else None,
    }
