"""What must not change a result, and what must turn its sign."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from braid.statistics.change import PairedChange, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.items import items_differ
from braid.statistics.multiplicity import adjust
from braid.statistics.regression import simple_regression
from braid.statistics.reliability import cronbach_alpha, omega_total
from braid.statistics.signed_rank import hodges_lehmann, signed_rank
from hypothesis import given, settings
from hypothesis import strategies as st

ITEMS = 15
few = settings(max_examples=8, deadline=None, derandomize=True)
sums = st.integers(ITEMS, 5 * ITEMS)
paired = st.lists(st.tuples(sums, sums), min_size=4, max_size=20)
SIGNED = ["difference", "t", "d_av", "g_av", "d_z", "rank_biserial", "hodges_lehmann"]
UNSIGNED = ["n", "df", "p", "wilcoxon_p", "n_same", "sd_difference", "r"]


def waves(rows: list[tuple[int, int]]) -> tuple[pd.Series[Any], pd.Series[Any]]:
    table = np.array(rows, dtype=float) / ITEMS
    index = [f"p{i}" for i in range(len(rows))]
    return pd.Series(table[:, 0], index=index), pd.Series(table[:, 1], index=index)


def agree(first: PairedChange, second: PairedChange, names: list[str], sign: int = 1) -> None:
    for name in names:
        a, b = getattr(first, name), getattr(second, name)
        assert (a is None) == (b is None), name
        if a is not None:
            assert b == pytest.approx(sign * a, rel=1e-7, abs=1e-9), name


@few
@given(paired, st.randoms(use_true_random=False))
def test_the_order_of_the_people_does_not_matter(rows: list[tuple[int, int]], random: Any) -> None:
    before, after = waves(rows)
    order = list(after.index)
    random.shuffle(order)
    agree(paired_change(before, after), paired_change(before, after[order]), SIGNED + UNSIGNED)


@few
@given(paired)
def test_swapping_the_waves_turns_the_signs(rows: list[tuple[int, int]]) -> None:
    before, after = waves(rows)
    forth, back = paired_change(before, after), paired_change(after, before)
    agree(forth, back, SIGNED, sign=-1)
    agree(forth, back, UNSIGNED)
    assert (forth.n_better, forth.n_worse) == (back.n_worse, back.n_better)
    if forth.low is not None:
        assert back.high == pytest.approx(-forth.low, abs=1e-9)


@few
@given(paired, st.sampled_from([-3.0, 0.1, 7.0, 100.0]))
def test_a_constant_on_both_waves_changes_nothing(rows: list[tuple[int, int]], constant: float) -> None:
    before, after = waves(rows)
    agree(paired_change(before, after), paired_change(before + constant, after + constant), SIGNED + UNSIGNED)


@few
@given(paired)
def test_better_follows_the_direction_of_the_scale(rows: list[tuple[int, int]]) -> None:
    before, after = waves(rows)
    up, down = paired_change(before, after), paired_change(before, after, higher_is_better=False)
    assert (up.n_better, up.n_worse, up.n_same) == (down.n_worse, down.n_better, down.n_same)
    assert up.n_better + up.n_worse + up.n_same == up.n
    agree(up, down, SIGNED)


@few
@given(paired)
def test_a_sum_instead_of_a_mean_keeps_everything_without_unit(rows: list[tuple[int, int]]) -> None:
    before, after = waves(rows)
    in_means, in_sums = paired_change(before, after), paired_change(before * ITEMS, after * ITEMS)
    agree(in_means, in_sums, ["t", "p", "d_av", "d_z", "wilcoxon_w", "wilcoxon_p", "rank_biserial", "n_same"])


@few
@given(st.lists(st.integers(-8, 8), min_size=1, max_size=25))
def test_the_counted_shift_is_the_median_of_all_averages(steps: list[int]) -> None:
    d = np.array(steps, dtype=float) / ITEMS
    averages = np.sort(np.add.outer(d, d)[np.triu_indices(d.size)]) / 2
    ours = hodges_lehmann(d)
    assert ours.estimate == pytest.approx(float(np.median(averages)), abs=1e-12)
    assert ours.estimate is not None
    assert ours.low is None or (averages[0] - 1e-12 <= ours.low <= ours.estimate)


@few
@given(st.lists(st.integers(-8, 8), min_size=1, max_size=25))
def test_rank_sums_add_up(steps: list[int]) -> None:
    ours = signed_rank(np.array(steps, dtype=float), 8.0)
    if ours.n_nonzero:
        assert ours.w is not None
        assert ours.w_negative is not None
        assert ours.w + ours.w_negative == ours.n_nonzero * (ours.n_nonzero + 1) / 2
        assert ours.rank_biserial is not None
        assert -1 <= ours.rank_biserial <= 1


@few
@given(st.lists(st.integers(10, 50), min_size=9, max_size=24), st.sampled_from(["welch", "student"]))
def test_groups_in_the_other_order_turn_the_difference(values: list[int], test: Any) -> None:
    score, names = np.array(values) / 10, np.resize(["a", "b"], len(values))
    forth = compare_groups(score, names, test=test, levels=["a", "b"], margin=0.5)
    back = compare_groups(score[::-1], names[::-1], test=test, levels=["b", "a"], margin=0.5)
    if forth.p is None:
        assert back.p is None
        return
    for name in ("p", "equivalence_p", "df"):
        assert getattr(back, name) == pytest.approx(getattr(forth, name), rel=1e-9), name
    assert back.difference == pytest.approx(-forth.difference, abs=1e-12)  # type: ignore[operator]
    assert back.low == pytest.approx(-forth.high, abs=1e-9)  # type: ignore[operator]
    assert back.d_s == pytest.approx(-forth.d_s, abs=1e-9)  # type: ignore[operator]


@settings(few, max_examples=3)
@given(st.integers(0, 500))
def test_the_order_of_items_and_people_does_not_matter_to_a_scale(seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = pd.DataFrame(rng.normal(size=(20, 1)) + rng.normal(size=(20, 4)), columns=list("abcd"))
    turned = items.iloc[rng.permutation(20), rng.permutation(4)]
    alpha, turned_alpha = cronbach_alpha(items), cronbach_alpha(turned)
    for name in ("alpha", "low", "high"):
        assert getattr(turned_alpha, name) == pytest.approx(getattr(alpha, name))
    omega, turned_omega = omega_total(items).omega, omega_total(turned).omega
    assert (omega is None) == (turned_omega is None)
    assert omega is None or turned_omega == pytest.approx(omega, rel=1e-5)
    test, turned_test = items_differ(items), items_differ(turned)
    for name in ("f", "p", "epsilon", "kendall_w"):
        assert getattr(turned_test, name) == pytest.approx(getattr(test, name), rel=1e-8)


@few
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.integers(0, 12))
def test_adjusting_keeps_order_bounds_and_gaps(p: list[float], gap: int) -> None:
    whole = np.array(p)
    holed = np.insert(whole, min(gap, whole.size), np.nan)
    for method in ("holm", "bonferroni", "bh"):
        adjusted = adjust(whole, method)
        assert np.all((adjusted >= whole - 1e-12) & (adjusted <= 1))
        assert np.all(np.diff(adjusted[np.argsort(whole, kind="stable")]) >= -1e-12)
        with_gap = adjust(holed, method)
        assert np.isnan(with_gap).sum() == 1
        np.testing.assert_allclose(with_gap[~np.isnan(with_gap)], adjusted)
    assert np.all(adjust(whole, "bh") <= adjust(whole, "holm") + 1e-12)
    assert np.all(adjust(whole, "holm") <= adjust(whole, "bonferroni") + 1e-12)


@few
@given(st.integers(0, 500), st.sampled_from([2.0, -0.5, 10.0]))
def test_a_slope_follows_the_unit_of_its_predictor(seed: int, factor: float) -> None:
    rng = np.random.default_rng(seed)
    x, y = rng.normal(30, 5, 15), rng.normal(4, 0.5, 15)
    plain, scaled = simple_regression(x, y), simple_regression(factor * x + 3, y + 1)
    assert plain.slope is not None
    assert scaled.slope == pytest.approx(plain.slope / factor, rel=1e-8)
    assert scaled.p == pytest.approx(plain.p, rel=1e-8)
    assert scaled.r2 == pytest.approx(plain.r2, rel=1e-7)
