"""The then-test: what it is made of, and who counts."""

from __future__ import annotations

import pandas as pd
import pytest
from braid.statistics.change import paired_change
from braid.statistics.response_shift import response_shift

PEOPLE = ["a", "b", "c", "d", "e"]
BEFORE = pd.Series([3.0, 4, 3, 5, 2], PEOPLE)
THEN = pd.Series([2.0, 3, 3, 3, 1], PEOPLE)
AFTER = pd.Series([4.0, 4, 5, 5, 3], PEOPLE)


def test_the_shift_is_the_one_change_less_the_other() -> None:
    ours = response_shift(BEFORE, THEN, AFTER)
    assert (ours.conventional.difference, ours.against_then.difference) == pytest.approx((0.8, 1.8))
    assert ours.shift.difference == pytest.approx(1.0)
    assert ours.shift == paired_change(THEN, BEFORE)


def test_only_people_with_all_three_scores_count() -> None:
    ours = response_shift(BEFORE.drop("a"), THEN[::-1], AFTER.where(AFTER.index != "e"))
    assert (ours.n, ours.conventional.n, ours.against_then.n, ours.shift.n) == (3, 3, 3, 3)
    assert ours.shift.difference == pytest.approx(1.0)
    assert ours.conventional.difference == pytest.approx(2 / 3)


def test_nobody_with_all_three_has_no_shift_and_repeated_people_are_refused() -> None:
    nobody = response_shift(BEFORE, THEN.rename(index=str.upper), AFTER)
    assert (nobody.n, nobody.shift.difference) == (0, None)
    with pytest.raises(ValueError, match="once"):
        response_shift(BEFORE, pd.Series([1.0, 2.0], ["a", "a"]), AFTER)
