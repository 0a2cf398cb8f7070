"""One test for each trap of pingouin that our functions pass by; each states the wrong way beside ours."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
from braid.statistics import t_test
from braid.statistics.association import association
from braid.statistics.change import PairedChange, paired_change
from braid.statistics.comparison import GroupComparison, compare_groups
from braid.statistics.counting import pairs
from braid.statistics.effect_size import bonett_interval
from braid.statistics.items import items_differ
from braid.statistics.multiplicity import adjust
from braid.statistics.regression import simple_regression
from braid.statistics.reliability import cronbach_alpha
from scipy import stats

RNG = np.random.default_rng(2025)
ITEMS = 15
LIKERT = (RNG.integers(1, 6, (25, ITEMS)), RNG.integers(1, 6, (25, ITEMS)))
SUMS = (LIKERT[0].sum(axis=1), LIKERT[1].sum(axis=1) + RNG.integers(-2, 9, 25))


def test_ranks_of_item_means_are_the_ranks_of_integer_sums() -> None:
    from_means = paired_change(SUMS[0] / ITEMS, SUMS[1] / ITEMS)
    from_sums = paired_change(SUMS[0], SUMS[1])
    assert from_means.wilcoxon_p == from_sums.wilcoxon_p
    assert from_means.wilcoxon_w == from_sums.wilcoxon_w
    assert from_means.rank_biserial == from_sums.rank_biserial
    raw_ranks = stats.rankdata(np.abs(SUMS[1] / ITEMS - SUMS[0] / ITEMS))
    true_ranks = stats.rankdata(np.abs(SUMS[1] - SUMS[0]))
    assert not np.array_equal(raw_ranks, true_ranks), "the data no longer show the trap"


def test_prorated_means_of_differing_denominators_tie_too() -> None:
    # 52/13 - 39/13 and 60/15 - 45/15 are both 1, 4.2 - 3.2 is not exactly
    before = np.array([3.2, 3.0, 39 / 13, 2.4, 3.3, 2.9])
    after = before + np.array([1.0, 1.0, 1.0, -1.0, 2.0, 2.0])
    whole = paired_change([0.0] * 6, [1.0, 1.0, 1.0, -1.0, 2.0, 2.0])
    ours = paired_change(before, after)
    assert (ours.wilcoxon_w, ours.wilcoxon_p) == (whole.wilcoxon_w, whole.wilcoxon_p)


def test_the_interval_of_d_av_knows_the_correlation() -> None:
    before = RNG.normal(size=30)
    noise = RNG.normal(size=30)
    width = []
    for share in (0.1, 0.9):
        after = 0.5 + share * before + math.sqrt(1 - share**2) * noise
        ours = paired_change(before, after)
        assert ours.d_av_low is not None
        assert ours.d_av_high is not None
        assert ours.d_av is not None
        ignorant = pingouin.compute_esci(stat=ours.d_av, nx=30, ny=30, paired=True, decimals=6)
        width.append((ours.d_av_high - ours.d_av_low) / (ignorant[1] - ignorant[0]))
    assert width[1] < 0.7 * width[0]


def test_bonett_covers_at_the_nominal_level_where_the_other_interval_does_not() -> None:
    rng = np.random.default_rng(8)
    n, r, true_d, runs = 30, 0.8, 0.5, 600
    inside = 0
    for _ in range(runs):
        base = rng.normal(size=(n, 2))
        before, after = base[:, 0], true_d + r * base[:, 0] + math.sqrt(1 - r * r) * base[:, 1]
        low, high = bonett_interval(pairs(before, after))
        assert low is not None
        assert high is not None
        inside += low <= true_d <= high
    assert inside / runs == pytest.approx(0.95, abs=0.03)


def test_d_av_and_d_z_stand_apart() -> None:
    ours = paired_change([1.0, 2.0, 3.0, 4.0, 5.0], [2.0, 3.5, 4.0, 5.5, 6.0])
    assert ours.d_av == pytest.approx(1.2 / math.sqrt((2.5 + 2.575) / 2))
    assert ours.d_z == pytest.approx(1.2 / np.std([1, 1.5, 1, 1.5, 1], ddof=1))
    assert "d_av" in ours.method
    assert "d_z" in ours.method


def test_g_av_is_corrected_for_n_minus_one_degrees_of_freedom() -> None:
    before, after = RNG.normal(size=12), RNG.normal(0.6, 1, size=12)
    ours = paired_change(before, after)
    assert ours.d_av is not None
    assert ours.g_av == pytest.approx(ours.d_av * math.sqrt(10 / 11))
    assert ours.g_av != pytest.approx(pingouin.compute_effsize(after, before, paired=True, eftype="hedges"))


def test_deterioration_keeps_its_sign() -> None:
    ours = paired_change([4.0, 4.5, 3.5, 4.2, 4.8], [3.0, 4.0, 3.4, 3.1, 4.0])
    for name in ("difference", "t", "d_av", "g_av", "d_z", "rank_biserial", "hodges_lehmann"):
        assert getattr(ours, name) < 0, name
    assert (ours.n_better, ours.n_worse) == (0, 5)
    group = compare_groups([1.0, 2.0, 3.0, 4.0, 5.0, 6.5], ["a"] * 3 + ["b"] * 3)
    assert group.d_s is not None
    assert group.d_s < 0


def test_no_result_carries_observed_power_or_a_bayes_factor() -> None:
    for kind in (t_test.TTest, GroupComparison, PairedChange):
        assert not {"power", "bf10", "bf"} & {name.lower() for name in kind.__annotations__}


@pytest.mark.parametrize("confidence", [0.90, 0.95, 0.99])
def test_intervals_come_unrounded_and_the_options_are_put_back(confidence: float) -> None:
    before, after = RNG.normal(size=20), RNG.normal(0.3, 1, size=20)
    options = dict(pingouin.options)
    ours = paired_change(before, after, confidence=confidence)
    assert dict(pingouin.options) == options
    delta = after - before
    half = stats.t.ppf((1 + confidence) / 2, 19) * delta.std(ddof=1) / math.sqrt(20)
    assert ours.low == pytest.approx(delta.mean() - half, rel=1e-12)
    assert ours.high == pytest.approx(delta.mean() + half, rel=1e-12)
    items = pd.DataFrame(RNG.normal(size=(30, 4)) + RNG.normal(size=(30, 1)))
    low = cronbach_alpha(items).low
    assert low is not None
    assert low != round(low, 3)


def test_a_shuffled_frame_gives_the_same_t() -> None:
    before = pd.Series(RNG.normal(size=40), index=[f"p{i}" for i in range(40)])
    after = before + RNG.normal(0.5, 0.5, 40)
    shuffled = after.sample(frac=1, random_state=3)
    ours = paired_change(before, shuffled)
    assert ours.t == pytest.approx(paired_change(before, after).t, rel=1e-12)
    wrong = pingouin.ttest(shuffled.to_numpy(), before.to_numpy(), paired=True)["T"].iloc[0]
    assert ours.t != pytest.approx(wrong)


def test_people_in_one_wave_only_are_no_pair() -> None:
    before = pd.Series([3.0, 4.0, 5.0, 2.0], index=list("abcd"))
    after = pd.Series([4.0, 4.5, 5.5, 1.0], index=list("bcde"))
    ours = paired_change(before, after)
    assert (ours.n, ours.n_before, ours.n_after) == (3, 4, 4)
    assert ours.difference == pytest.approx((0 - 0.5 + 3.5) / 3)


def test_unequal_lengths_and_repeated_people_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_change([1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_change(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0]))
    twice = pd.Series([1.0, 2.0, 3.0], index=["a", "a", "b"])
    with pytest.raises(ValueError, match="once"):
        paired_change(twice, pd.Series([1.0, 2.0], index=["a", "b"]))


def test_cramers_v_is_not_the_corrected_one() -> None:
    table = np.array([[12, 5], [9, 17]])
    frame = pd.DataFrame([(r, c) for r in (0, 1) for c in (0, 1) for _ in range(table[r, c])], columns=["r", "c"])
    corrected = pingouin.chi2_independence(frame, "r", "c")[2]["cramer"].iloc[0]
    chi2 = stats.chi2_contingency(table, correction=False).statistic
    assert association(table).cramers_v == pytest.approx(math.sqrt(chi2 / table.sum()))
    assert association(table).cramers_v != pytest.approx(corrected)


def test_welch_is_welch_also_with_groups_of_one_size() -> None:
    x, y = RNG.normal(0, 1, 15), RNG.normal(0, 4, 15)
    ours = compare_groups(np.concatenate([x, y]), ["x"] * 15 + ["y"] * 15)
    assert ours.p == pytest.approx(stats.ttest_ind(x, y, equal_var=False).pvalue)
    assert ours.df is not None
    assert ours.df < 20
    assert "Welch" in ours.method


def test_tiny_p_do_not_underflow_and_sidak_is_refused() -> None:
    tiny = [1e-18, 1e-30, 0.5]
    assert np.all(adjust(tiny, "holm") > 0)
    with pytest.raises(ValueError, match="no adjustment"):
        adjust(tiny, "sidak")  # type: ignore[arg-type]


@pytest.mark.parametrize("step", [0.0, 1.0, 0.1])
def test_a_constant_difference_is_told_as_no_variation(step: float) -> None:
    before = np.array([3.1, 3.3, 4.7, 2.2, 3.9, 4.1])
    ours = paired_change(before, before + step)
    assert (ours.t, ours.p, ours.low, ours.d_z) == (None, None, None, None)
    assert "no variation" in ours.note
    assert ours.difference == pytest.approx(step, abs=1e-12)
    assert ours.n_same == (6 if step == 0 else 0)


def test_no_warning_of_pandas_reaches_a_notebook() -> None:
    items = pd.DataFrame(RNG.integers(1, 6, (20, 4)))
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert items_differ(items).p is not None
        assert compare_groups(RNG.normal(size=30), ["a", "b", "c"] * 10, test="student").p is not None
    assert [str(warning.message) for warning in seen] == []


def test_object_nullable_and_missing_values_are_taken() -> None:
    plain = paired_change([1.0, 2.0, 3.0, np.nan, 5.0], [2.0, 4.0, 3.0, 1.0, 6.0])
    for kind in ("object", "Float64", "Int64"):
        before = pd.Series([1, 2, 3, None, 5], dtype=kind)
        ours = paired_change(before, pd.Series([2, 4, 3, 1, 6], dtype=kind))
        assert ours.t == plain.t
    assert simple_regression([1.0, 2.0, np.nan, 4.0, 5.0], [1.0, 3.0, 9.0, 2.0, np.nan]).n == 3
