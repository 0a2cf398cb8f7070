"""Our answers against R 4.2.2 (versions of its packages in r/answers.json, calls in r/answers.R).

Closed forms agree to 1e-9, noncentral intervals, REML and factor models to 1e-5.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from braid.statistics.association import association
from braid.statistics.change import paired_change
from braid.statistics.comparison import compare_groups
from braid.statistics.effect_size import noncentral_f_eta2_interval, standardised_mean_difference
from braid.statistics.independent_change import independent_change
from braid.statistics.items import items_change_differently, items_differ
from braid.statistics.missing import little_test
from braid.statistics.mixed_model import mixed_change
from braid.statistics.multiplicity import adjust
from braid.statistics.proportion import difference_of_proportions, proportion
from braid.statistics.regression import simple_regression
from braid.statistics.reliability import cronbach_alpha, omega_total

from .agreement import CLOSED, SEARCHED, same

NONCENTRAL = {"d_z_low", "d_z_high"}
ITEMS = 6


def pairs(data: dict[str, Any], case: str) -> tuple[Any, Any]:
    before, after = data["before"], data["after"]
    if case == "change":
        return before.sum(axis=1) / ITEMS, after.sum(axis=1) / ITEMS
    if case == "change_25":
        return before[:25].sum(axis=1) / ITEMS, after[:25].sum(axis=1) / ITEMS
    if case == "change_item":
        return before[:, 1], after[:, 1]
    return data["small_before"], data["small_after"]


@pytest.mark.parametrize("case", ["change", "change_25", "change_item", "change_small", "change_small_90"])
def test_paired_change(case: str, from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    before, after = pairs(r_data, case)
    ours = paired_change(before, after, confidence=0.90 if case.endswith("90") else 0.95)
    theirs = dict(from_r[case])
    same([ours.hodges_lehmann, ours.hodges_lehmann_low, ours.hodges_lehmann_high], theirs.pop("shift"))
    for name, value in theirs.items():
        same(getattr(ours, name), value, SEARCHED if name in NONCENTRAL else CLOSED)


def test_hodges_lehmann_is_the_interval_of_wilcox_test(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours = paired_change(r_data["small_before"], r_data["small_after"])
    same(
        [ours.hodges_lehmann, ours.hodges_lehmann_low, ours.hodges_lehmann_high],
        from_r["wilcoxon_interval_small"],
    )


@pytest.mark.parametrize("test", ["welch", "student"])
def test_two_groups(test: Any, from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours = compare_groups(r_data["score"], r_data["gender"], test=test, margin=0.5)
    theirs = from_r["two_groups"]
    for name, value in (("statistic", "t"), ("df", "df"), ("p", "p"), ("low", "low"), ("high", "high")):
        same(getattr(ours, name), theirs[test][value])
    same(ours.equivalence_p, theirs[f"equivalence_{test}"])
    same(ours.levene_p, from_r["levene_two"])
    same(ours.d_s, theirs["d_s"])
    same([ours.d_s_low, ours.d_s_high], [theirs["d_s_low"], theirs["d_s_high"]], SEARCHED)


def test_four_groups(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    theirs = from_r["sites"]
    welch = compare_groups(r_data["score"], r_data["site"])
    same(
        [welch.statistic, welch.df, welch.df_error, welch.p],
        [theirs["welch"]["f"], *theirs["welch"]["df"], theirs["welch"]["p"]],
    )
    plain = compare_groups(r_data["score"], r_data["site"], test="student")
    same(
        [plain.statistic, plain.df, plain.df_error, plain.p],
        [theirs["ordinary"]["f"], *theirs["ordinary"]["df"], theirs["ordinary"]["p"]],
    )
    same(plain.levene_p, theirs["levene"])
    same([plain.eta2, plain.eta2_low, plain.eta2_high], theirs["eta2"], SEARCHED)
    same(noncentral_f_eta2_interval(9.3, 3, 56), from_r["eta2_large"][1:], SEARCHED)


def test_waves_without_pairs(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    first, last = (r_data["score"][np.array(r_data["gender"]) == name] for name in ("male", "female"))
    ours, theirs = independent_change(first, last), from_r["two_groups"]
    same([ours.t, ours.df, ours.p], [theirs["welch"][name] for name in ("t", "df", "p")])
    same([ours.low, ours.high], [theirs["welch"][name] for name in ("low", "high")])
    same(ours.d_s, theirs["d_s"])
    same([ours.d_s_low, ours.d_s_high], [theirs["d_s_low"], theirs["d_s_high"]], SEARCHED)


def test_standardised_mean_difference(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    female = np.array(r_data["gender"]) == "female"
    same(standardised_mean_difference(r_data["score"][female], r_data["score"][~female]).estimate, from_r["smd"])


def test_regression_with_hc3_and_ordinary_errors(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs = simple_regression(r_data["age"], r_data["score"]), from_r["regression"]
    for name in ("slope", "intercept", "r2", "se", "t", "p", "ordinary_p"):
        same(getattr(ours, name), theirs[name])
    same([ours.low, ours.high], theirs["hc3"])
    same([ours.ordinary_low, ours.ordinary_high], theirs["ordinary"])
    plain = simple_regression(r_data["age"], r_data["score"], test="ordinary")
    same([plain.p, plain.low, plain.high], [theirs["ordinary_p"], *theirs["ordinary"]])


@pytest.mark.parametrize("method", ["holm", "bonferroni", "bh"])
def test_adjusted_p(method: Any, from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    same(adjust(r_data["p_values"], method), from_r["adjusted"][method])


@pytest.mark.parametrize(("case", "k", "n"), [("some", 160, 204), ("none", 0, 19), ("all", 7, 7)])
def test_proportions(case: str, k: int, n: int, from_r: dict[str, Any]) -> None:
    wilson, exact = proportion(k, n), proportion(k, n, "clopper-pearson")
    same([wilson.low, wilson.high], from_r["proportion"][case]["wilson"])
    same([exact.low, exact.high], from_r["proportion"][case]["exact"])


def test_difference_of_proportions(from_r: dict[str, Any]) -> None:
    ours = difference_of_proportions(56, 70, 48, 80)
    same([ours.estimate, ours.low, ours.high], from_r["newcombe"])


@pytest.mark.parametrize("table", ["table_22", "table_34"])
def test_tables_of_counts(table: str, from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs = association(r_data[table]), from_r[table]
    same(
        [ours.chi2, ours.df, ours.p, ours.cramers_v, ours.smallest_expected],
        [theirs[key] for key in ("chi2", "df", "p", "v", "smallest")],
    )
    if "fisher" in theirs:
        same(ours.fisher_p, theirs["fisher"])
    else:
        assert ours.fisher_p is None


def test_alpha_and_item_rest_correlations(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs = cronbach_alpha(pd.DataFrame(r_data["before"])), from_r["alpha"]
    same(ours.alpha, theirs["alpha"])
    same([ours.low, ours.high], theirs["feldt"])
    same([item.rest_correlation for item in ours.items], theirs["r_drop"])
    same([item.alpha_without for item in ours.items], theirs["without"])


def test_omega(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs = omega_total(pd.DataFrame(r_data["before"])), from_r["omega"]
    same(ours.omega, theirs["omega"], SEARCHED)
    same(ours.loadings, theirs["loadings"], SEARCHED)
    same(ours.uniquenesses, theirs["uniquenesses"], SEARCHED)


def test_items_at_one_wave(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs, order = items_differ(pd.DataFrame(r_data["before"])), from_r["items"], from_r["friedman"]
    assert ours.df is not None
    assert ours.df_error is not None
    assert ours.epsilon is not None
    same(
        [ours.f, ours.df * ours.epsilon, ours.df_error * ours.epsilon], [theirs[key] for key in ("f", "df", "df_error")]
    )
    same([ours.p, ours.p_uncorrected, ours.generalised_eta2], [theirs[key] for key in ("p", "uncorrected", "ges")])
    same(
        [ours.friedman_chi2, ours.friedman_df, ours.friedman_p, ours.kendall_w],
        [order[key] for key in ("chi2", "df", "p", "w")],
    )


def test_item_by_time_interaction(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours = items_change_differently(pd.DataFrame(r_data["before"]), pd.DataFrame(r_data["after"]))
    theirs = from_r["item_time"]
    assert ours.df is not None
    assert ours.df_error is not None
    assert ours.epsilon is not None
    same(
        [ours.f, ours.df * ours.epsilon, ours.df_error * ours.epsilon, ours.p],
        [theirs[key] for key in ("f", "df", "df_error", "p")],
    )


def test_mixed_model(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    scores = r_data["wave_score"]
    half = len(scores) // 2
    ours = mixed_change(
        pd.Series(scores[:half]), pd.Series(scores[half:]), pd.Series(r_data["gender"]), levels=["female", "male"]
    )
    theirs = from_r["mixed"]
    rows = [ours.coefficient(name) for name in ("intercept", "time", "group:male", "time x group:male")]
    same([row.estimate for row in rows if row], theirs["fixed"], SEARCHED)
    same([row.se for row in rows if row], theirs["se"], SEARCHED)
    same([ours.variance_person, ours.variance_residual], [theirs["person"], theirs["residual"]], SEARCHED)


def test_little(from_r: dict[str, Any], r_data: dict[str, Any]) -> None:
    ours, theirs = little_test(pd.DataFrame(r_data["holes"])), from_r["little"]
    assert (ours.df, ours.patterns) == (theirs["df"], theirs["patterns"])
    same([ours.chi2, ours.p], [theirs["chi2"], theirs["p"]], SEARCHED)
