"""How far jurors agree, as pure functions over ballots: the share of agreeing pairs, and Krippendorff's alpha.

K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), nominal data, any number of jurors, missing votes.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Panel = Mapping[str, int]  # answer -> how many gave it


def tally(answers: Iterable[str]) -> Panel:
    return Counter(answers)


def agreeing_pairs(panels: Sequence[Panel]) -> float | None:
    """Of all pairs of ballots on the same panel, how many say the same; None if there is no pair."""
    same = sum(count * (count - 1) for panel in panels for count in panel.values())
    pairs = sum(total * (total - 1) for panel in panels if (total := sum(panel.values())))
    return same / pairs if pairs else None


def alpha(panels: Sequence[Panel]) -> float | None:
    """1: perfect agreement; 0: as by chance; None where all ballots say the same, so that chance can't be told."""
    paired = [panel for panel in panels if sum(panel.values()) > 1]
    totals: Counter[str] = Counter()
    disagreeing = 0.0
    for panel in paired:
        totals.update(panel)
        size = sum(panel.values())
        disagreeing += sum(count * (size - count) for count in panel.values()) / (size - 1)
    all_votes = totals.total()
    expected = sum(count * (all_votes - count) for count in totals.values()) / (all_votes - 1) if all_votes > 1 else 0
    return 1 - disagreeing / expected if expected else None
