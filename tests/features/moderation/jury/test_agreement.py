"""Figures of agreement, against values worked out by hand."""

import pytest

from palabre.features.moderation.jury.agreement import agreeing_pairs, alpha, tally


def test_pairs_that_agree() -> None:
    panels = [tally(["uphold"] * 4 + ["overturn"] * 2), tally(["uphold"] * 6)]
    assert agreeing_pairs(panels) == pytest.approx((12 + 2 + 30) / 60)
    assert agreeing_pairs([tally(["uphold"]), tally([])]) is None


def test_krippendorffs_alpha_of_his_own_example() -> None:
    """Two observers, ten units, binary data (Krippendorff 2011, example A): alpha = 0.095."""
    meg = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    owen = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    panels = [tally([str(a), str(b)]) for a, b in zip(meg, owen, strict=True)]
    assert alpha(panels) == pytest.approx(0.095, abs=0.001)


def test_perfect_agreement_and_none_to_tell_by_chance() -> None:
    assert alpha([tally(["uphold"] * 3), tally(["overturn"] * 3)]) == 1
    assert alpha([tally(["uphold"] * 3)]) is None
    assert alpha([]) is None
