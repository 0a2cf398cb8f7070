"""Waves whose people cannot be paired: Welch between the waves, and nothing where nothing can be estimated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from braid.statistics.change import item_changes
from braid.statistics.independent_change import independent_change
from scipy import stats

RNG = np.random.default_rng(11)
BEFORE = pd.Series(RNG.normal(3.0, 0.6, 40))
AFTER = pd.Series(RNG.normal(3.5, 0.9, 31))


def test_the_difference_is_after_minus_before_with_welchs_test_and_interval() -> None:
    ours = independent_change(BEFORE, AFTER)
    theirs = stats.ttest_ind(AFTER, BEFORE, equal_var=False)
    interval = theirs.confidence_interval()
    assert (ours.n_before, ours.n_after, ours.n) == (40, 31, 71)
    assert ours.difference == pytest.approx(AFTER.mean() - BEFORE.mean(), rel=1e-12)
    assert (ours.t, ours.df, ours.p) == pytest.approx((theirs.statistic, theirs.df, theirs.pvalue), rel=1e-10)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), rel=1e-10)
    pooled = np.sqrt((39 * BEFORE.var() + 30 * AFTER.var()) / 69)
    assert ours.d_s == pytest.approx((AFTER.mean() - BEFORE.mean()) / pooled, rel=1e-12)


def test_equal_names_in_both_waves_pair_nobody() -> None:
    named = independent_change(BEFORE.head(31), AFTER)
    shuffled = independent_change(BEFORE.head(31).sample(frac=1, random_state=3), AFTER)
    assert named.t == pytest.approx(shuffled.t)
    assert named.df != 30


def test_waves_that_change_places_give_the_opposite_sign() -> None:
    there, back = independent_change(BEFORE, AFTER), independent_change(AFTER, BEFORE)
    assert there.difference is not None
    assert back.difference == pytest.approx(-there.difference)
    assert (back.low, back.high, back.d_s) == pytest.approx((-there.high, -there.low, -there.d_s))  # type: ignore[operator]


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ([], [1.0, 2.0], "nobody has the score in the first wave"),
        ([1.0, 2.0], [np.nan], "nobody has the score in the last wave"),
        ([1.0], [2.0, 3.0], "fewer than two people"),
        ([2.0, 2.0], [3.0, 3.0], "no variation"),
    ],
)
def test_what_cannot_be_estimated_says_why(before: list[float], after: list[float], note: str) -> None:
    ours = independent_change(np.array(before), np.array(after))
    assert note in ours.note
    assert (ours.t, ours.p, ours.low, ours.d_s) == (None, None, None, None)


def test_items_of_unpaired_waves_are_adjusted_together() -> None:
    first = pd.DataFrame({"a": BEFORE, "b": BEFORE[::-1].to_numpy()})
    last = pd.DataFrame({"a": AFTER, "b": AFTER + 0.2})
    rows = item_changes(first, last, paired=False)
    assert [row.change.n for row in rows] == [71, 71]
    assert rows[0].p_bonferroni == pytest.approx(min(1, 2 * (rows[0].change.p or 0)))
