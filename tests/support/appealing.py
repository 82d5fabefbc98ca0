"""Appealing and judging, as the tests do it again and again."""

from typing import Any

from tests.support.people import Person

WORDS = "I quoted the town's own minutes."


async def appeals(who: Person, case: Any, expect: int = 200, words: str = WORDS, **more: Any) -> Any:
    """Against the latest decision of a case."""
    decision = case["decisions"][-1]["id"]
    body = {"case_id": case["id"], "decision_id": decision, "words": words, **more}
    return await who.post("/api/palabre/v1/appeals", expect, **body)


async def judges(who: Person, appeal: Any, outcome: str, expect: int = 200, **more: Any) -> Any:
    path = f"/api/palabre/v1/cases/{appeal['case_id']}/appeals/{appeal['id']}/judge"
    return await who.post(path, expect, outcome=outcome, **{"reason": "The minutes say so.", **more})
