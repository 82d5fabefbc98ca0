"""Bars tell the truth: work that is done looks done, work that failed doesn't, and where there was none, nothing is shown."""

import pytest

from palabre.entrypoints.cli.bars import Bars


def test_what_was_less_than_one_ends_full_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars() as shown:
        shown("verifying, MB", 0, 1)
        shown("media", 0, 0)
    assert capsys.readouterr().err.count("1/1") == 2


def test_what_failed_stays_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="broken"), Bars() as shown:
        shown("posts", 3, 9)
        raise ValueError("broken")
    assert "3/9" in capsys.readouterr().err


def test_without_work_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with Bars():
        pass
    assert capsys.readouterr().err.strip() == ""
