"""What rules before publication cost a post: `python -m bench.screening`.

Fifty rules of every kind, against posts that meet none of them (the usual case), some, and the nastiest texts. This is the
matching alone; a rule that hits asks the database for its author besides.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench.text import NASTY, TYPICAL
from palabre.features.moderation.screening import Conditions, Content
from palabre.features.moderation.screening.match import Ready, Text, concerns, hits, needs, ready, seen
from palabre.features.posts.gate import Writing

_KINDS = (
    lambda n: Conditions(words=tuple(f"insult{n}x{i}" for i in range(100))),
    lambda n: Conditions(words=tuple(f"two words{n} {i}" for i in range(20)), match="any", links=9),
    lambda n: Conditions(patterns=(rf"\bfree\s+(money|coins){n}\b", rf"https?://\S+\.zip{n}", r"(?:\d[ -]?){16}")),
    lambda n: Conditions(domains=tuple(f"shop{n}x{i}.example" for i in range(200))),
    lambda n: Conditions(links=5, mentions=10, newcomers=True),
)
TEXTS = {
    "typical post": TYPICAL,
    "1,000 characters": (TYPICAL * 5)[:1_000],
    "clean, short": "Good morning, all of you!",
}


def fifty() -> list[Ready]:
    return [ready(n, 1, Content(f"Rule {n}", "words", "hold", _KINDS[n % len(_KINDS)](n))) for n in range(50)]


def screened(rules: list[Ready], source: str) -> int:
    """What the gate does with a post before it asks the database; how many rules hit."""
    writing = Writing(1, source, "public", "fr", (2, 3), 0, False, datetime.now(UTC))
    text, found = Text(writing), 0
    for rule in rules:
        if concerns(rule, writing):
            met = seen(rule, text)
            found += bool(not needs(rule.conditions, met) and hits(rule.conditions, met))
    return found


def milliseconds(work: Callable[[], object], times: int = 300) -> tuple[float, float]:
    """The median, and the worst of twenty."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def main() -> None:
    began = time.perf_counter()
    rules = fifty()
    print(f"making fifty rules ready, once per process: {(time.perf_counter() - began) * 1000:.1f} ms")
    for name, source in TEXTS.items():
        median, slow = milliseconds(lambda source=source: screened(rules, source))  # type: ignore[misc]
        print(f"{name:20} {median:.3f} ms, 95 % within {slow:.3f} ms, {screened(rules, source)} rules hit")
    worst = max(NASTY, key=lambda name: milliseconds(lambda: screened(rules, NASTY[name][:1_000]), 5)[0])
    print(
        f"nastiest ({worst!r}, 1,000 characters): {milliseconds(lambda: screened(rules, NASTY[worst][:1_000]), 30)[0]:.3f} ms"
    )


if __name__ == "__main__":
    main()
