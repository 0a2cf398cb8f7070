"""Change item by item, change of single persons, and change by group."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from braid.statistics.association import cross_association
from braid.statistics.change import item_changes, paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.effect_size import hedges_correction, noncentral_t_interval
from braid.statistics.equity import change_by_group
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import little_test
from braid.statistics.regression_to_mean import expected_regression
from braid.statistics.reliable_change import classify_change, reliable_change
from braid.statistics.signed_rank import hodges_lehmann
from scipy import stats

RNG = np.random.default_rng(7)
PEOPLE = [f"p{i}" for i in range(40)]
BEFORE = pd.DataFrame(RNG.integers(1, 5, (40, 3)), index=PEOPLE, columns=["x", "y", "z"], dtype=float)
AFTER = (BEFORE + RNG.integers(0, 2, (40, 3))).sample(frac=1, random_state=1)


def test_the_published_effect_size_of_the_reference_study_is_d_av() -> None:
    # two waves of 204 people with the published means and SDs, whatever their correlation
    shape = RNG.normal(size=(204, 2))
    shape = np.linalg.solve(np.linalg.cholesky(np.cov(shape.T)), (shape - shape.mean(axis=0)).T).T
    ours = paired_change(4.03 + 0.54 * shape[:, 0], 4.58 + 0.47 * (0.6 * shape[:, 0] + 0.8 * shape[:, 1]))
    assert ours.d_av is not None
    assert ours.d_z is not None
    assert round(ours.d_av, 2) == 1.09
    assert round(ours.d_z, 2) != 1.09


def test_items_are_tested_at_their_share_of_alpha_and_adjusted_together() -> None:
    rows = item_changes(BEFORE, AFTER)
    assert [row.item for row in rows] == ["x", "y", "z"]
    for row in rows:
        assert row.change.alpha == pytest.approx(0.05 / 3)
        assert row.change.p is not None
        assert row.p_bonferroni == pytest.approx(min(1.0, 3 * row.change.p))
        assert row.change.p == paired_change(BEFORE[row.item], AFTER[row.item]).p
        assert row.p_bh is not None
        assert row.p_holm is not None
        assert row.p_bonferroni is not None
        assert row.p_bh <= row.p_holm <= row.p_bonferroni
    assert pytest.approx(0.00333, abs=1e-5) == 0.05 / 15


def test_an_item_without_variation_does_not_spoil_the_others() -> None:
    after = AFTER.assign(x=BEFORE["x"])
    rows = item_changes(BEFORE, after)
    assert rows[0].p_holm is None
    assert rows[1].p_bonferroni == pytest.approx(min(1.0, 2 * (rows[1].change.p or 0)))


def test_a_hundred_thousand_pairs_need_no_table_of_pairs() -> None:
    before = RNG.integers(15, 76, 100_000) / 15
    ours = paired_change(before, before + RNG.integers(-5, 12, 100_000) / 15)
    assert ours.hodges_lehmann == pytest.approx(3 / 15)
    assert ours.wilcoxon_p is not None
    assert ours.d_z_low is not None
    assert ours.d_z is not None
    assert ours.d_z_low < ours.d_z


def test_the_large_sample_interval_of_the_shift_continues_the_exact_one() -> None:
    d = RNG.normal(0.3, 1, 201)
    large, exact = hodges_lehmann(d), hodges_lehmann(d[:200])
    assert "large-sample" in large.method
    assert "exact" in exact.method
    for name in ("estimate", "low", "high"):
        assert getattr(large, name) == pytest.approx(getattr(exact, name), abs=0.03)


def test_noncentral_limits_put_t_at_their_tails() -> None:
    for t, df in ((0.0, 5), (2.3, 9), (-7.5, 40), (78.0, 4999), (-7.06, 1), (-40.0, 1)):
        low, high = noncentral_t_interval(t, df)
        assert low is not None
        assert high is not None
        assert float(stats.nct.cdf(t, df, low)) == pytest.approx(0.975, abs=1e-8)
        assert float(stats.nct.cdf(t, df, high)) == pytest.approx(0.025, abs=1e-8)


def test_hedges_correction_is_the_exact_one() -> None:
    m = 10
    by_hand = math.gamma(m / 2) / (math.sqrt(m / 2) * math.gamma((m - 1) / 2))
    assert hedges_correction(m) == pytest.approx(by_hand, rel=1e-12)
    assert hedges_correction(5000) == pytest.approx(1 - 3 / (4 * 5000 - 1), rel=1e-7)


STEPS = np.array([1.2, -1.2, 0.5, 1.0, 0.0, 1.3])


def test_reliable_change_counts_beyond_the_smallest_detectable_change() -> None:
    before = np.array([3.0, 3.0, 3.0, 3.0, 4.0, 2.0])
    ours = reliable_change(before, before + STEPS, 0.75, sd_before=0.7)
    assert ours.sem == pytest.approx(0.35)
    assert ours.threshold == pytest.approx(1.959964 * math.sqrt(2) * 0.35, rel=1e-6)
    assert ours.improved is not None
    assert ours.unchanged is not None
    assert ours.deteriorated is not None
    assert (ours.improved.k, ours.unchanged.k, ours.deteriorated.k) == (3, 2, 1)
    assert ours.deteriorated_at_most is None
    turned = reliable_change(before, before + STEPS, 0.75, sd_before=0.7, higher_is_better=False)
    assert turned.deteriorated is not None
    assert turned.deteriorated.k == 3


def test_no_deterioration_still_has_an_upper_limit() -> None:
    ours = reliable_change(np.arange(30.0), np.arange(30.0) + 1, 0.9)
    assert ours.deteriorated is not None
    assert ours.deteriorated.k == 0
    assert ours.deteriorated_at_most == pytest.approx(0.1)


@pytest.mark.parametrize("reliability", [None, 0.0, -0.2, 1.2])
def test_without_a_reliability_there_is_no_reliable_change(reliability: float | None) -> None:
    ours = reliable_change([1.0, 2.0, 3.0], [2.0, 3.0, 5.0], reliability)
    assert ours.improved is None
    assert "reliability" in ours.note


def test_classes_stand_by_person() -> None:
    before, after = pd.Series([3.0, 3.0, 3.0], index=list("abc")), pd.Series([2.0, 3.5, 5.0], index=list("bca"))
    assert classify_change(before, after, 0.8).to_dict() == {"a": "improved", "b": "deteriorated", "c": "unchanged"}


def test_a_change_of_exactly_the_threshold_does_not_count() -> None:
    before = pd.Series([0.1, 0.2])
    # 0.3 - 0.1 is a hair above 0.2, 0.1 - 0.3 a hair below -0.2
    assert classify_change(before, before + 0.2, 0.2).tolist() == ["unchanged", "unchanged"]
    assert classify_change(before + 0.2, before, 0.2).tolist() == ["unchanged", "unchanged"]


def test_regression_to_the_mean_is_the_unreliable_share_of_the_gap() -> None:
    assert expected_regression(3.0, 4.0, 0.7) == pytest.approx(0.3)


def test_group_by_time_is_the_difference_of_the_changes() -> None:
    group = pd.Series(["a", "b"] * 20, index=PEOPLE)
    ours = change_by_group(BEFORE["x"], AFTER["x"], group, threshold=0.5)
    first, second = (row.change.difference for row in ours.levels)
    assert first is not None
    assert second is not None
    assert ours.interaction.difference == pytest.approx(first - second)
    change = AFTER["x"].reindex(PEOPLE) - BEFORE["x"]
    by_hand = stats.ttest_ind(change[group == "a"], change[group == "b"], equal_var=False)
    assert ours.interaction.p == pytest.approx(by_hand.pvalue)
    assert all(row.deteriorated is not None and row.deteriorated.k == 0 for row in ours.levels)


def test_the_interaction_finds_items_that_change_differently() -> None:
    person = RNG.normal(size=(60, 1))
    before = pd.DataFrame(person + RNG.normal(size=(60, 4)) + [0.0, 0.8, 1.6, 2.4])
    alike = pd.DataFrame(person + RNG.normal(size=(60, 4)) + [1.0, 1.8, 2.6, 3.4])
    level = pd.DataFrame(person + RNG.normal(size=(60, 4)) + 3.0)
    for after, differs in ((alike, False), (level, True)):
        p = items_change_differently(before, after).p
        assert p is not None
        assert (p < 0.001) is differs
    assert (items_differ(before).p or 1) < 0.001
    with pytest.raises(ValueError, match="different items"):
        items_change_differently(before, level[[1, 0, 2, 3]])


def test_answers_missing_for_a_reason_are_noticed() -> None:
    trait = RNG.normal(size=300)
    items = pd.DataFrame({name: trait + RNG.normal(size=300) for name in "abc"})
    at_random = items.mask(RNG.random(items.shape) < 0.1)
    for_a_reason = items.assign(a=items["a"].mask(items["b"] > 0.5))
    assert (little_test(at_random).p or 0) > 0.01
    assert (little_test(for_a_reason).p or 1) < 0.001


def test_equivalence_is_the_ninety_percent_interval_inside_the_margin() -> None:
    x, y = RNG.normal(4, 0.5, 60), RNG.normal(4.05, 0.6, 70)
    score, names = np.concatenate([x, y]), ["x"] * 60 + ["y"] * 70
    inner = compare_groups(score, names, confidence=0.90)
    assert inner.low is not None
    assert inner.high is not None
    edge = max(abs(inner.low), abs(inner.high))
    assert compare_groups(score, names, margin=edge * 1.001).equivalent is True
    assert compare_groups(score, names, margin=edge * 0.999).equivalent is False
    assert compare_groups(score, names).equivalent is None


def test_scores_and_groups_are_joined_by_person() -> None:
    score = pd.Series([1.0, 2.0, 3.0, 4.0, 5.0, 7.0], index=list("abcdef"))
    group = pd.Series(["u", "u", "u", "v", "v", "v"], index=list("abcdef"))
    straight, mixed = compare_groups(score, group), compare_groups(score, group[::-1])
    assert straight.p == mixed.p
    assert compare_groups(score, group.drop("a")).n_left_out == 1
    assert cross_association(group, group[::-1]).cramers_v == pytest.approx(1)
