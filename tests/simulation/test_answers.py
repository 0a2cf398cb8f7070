from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from braid.errors import UserError
from braid.simulation import figures
from braid.simulation.items import item_totals, spread_sums
from braid.simulation.sums import Goal, Search, Totals
from scipy import stats


def test_rows_and_columns_get_exactly_their_sums() -> None:
    rng = np.random.default_rng(2)
    sums = rng.integers(12, 40, size=70)
    totals = item_totals(int(sums.sum()), 70, 8, 0.2, 1, 5, rng)
    answers = spread_sums(sums, totals, 1, 5, rng)
    assert (answers.sum(axis=1) == sums).all() and (answers.sum(axis=0) == totals).all()
    assert answers.min() >= 1 and answers.max() <= 5
    assert np.std(totals / 70, ddof=1) == pytest.approx(0.2, abs=0.02)


def test_item_totals_stay_reachable_near_the_end_of_the_scale() -> None:
    rng = np.random.default_rng(2)
    totals = item_totals(5 * 10 * 20 - 6, 20, 10, 0.5, 1, 5, rng)
    assert totals.sum() == 994 and totals.max() <= 100


def test_figures_that_cannot_be_met_are_named() -> None:
    search = Search(10)
    search.goals.append(Goal("mean", 4.0, 4.1, 0.05, lambda totals: search.mean(0, totals)))
    search.goals.append(Goal("sum", 60.0, 61.0, 0.5, lambda totals: totals.s1[:, 0]))
    with pytest.raises(UserError, match="mean"):
        search.solve(lambda: np.full(10, 4), 1, 5, np.random.default_rng(1))


def test_the_search_computes_what_scipy_computes() -> None:
    rng = np.random.default_rng(4)
    x = rng.integers(15, 76, size=40)
    age = rng.normal(size=40)
    member = np.arange(40) < 15
    search = Search(40, divisor=15)
    one, other = search.group(member), search.group(~member)
    covariate = search.covariate(age)
    totals = Totals(
        np.array([[x.sum(), x[member].sum(), x[~member].sum()]], dtype=float),
        np.array([[(x**2).sum(), (x[member] ** 2).sum(), (x[~member] ** 2).sum()]], dtype=float),
        np.array([[(x * (age - age.mean())).sum()]]),
    )
    score = x / 15
    student, welch = (stats.ttest_ind(score[member], score[~member], equal_var=equal) for equal in (True, False))
    assert search.root_f([one, other], totals)[0] == pytest.approx(abs(student.statistic))
    assert search.welch_p(one, other, totals)[0] == pytest.approx(welch.pvalue)
    assert search.correlation(covariate, totals)[0] == pytest.approx(stats.pearsonr(score, age).statistic)
    assert search.sd(1, totals)[0] == pytest.approx(score[member].std(ddof=1))


def test_the_items_anova_is_a_paired_t_test_for_two_items() -> None:
    rng = np.random.default_rng(5)
    answers = rng.integers(1, 6, size=(50, 2)).astype(float)
    assert figures.items_differ_p(answers) == pytest.approx(stats.ttest_rel(*answers.T).pvalue)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_items_anova_agrees_with_pingouin() -> None:
    rng = np.random.default_rng(6)
    answers = rng.normal(size=(30, 4)) * np.array([1, 2, 1, 3]) + np.array([0, 0.5, 0, 0.3])
    found = pg.rm_anova(pd.DataFrame(answers), correction=True)
    assert figures.items_differ_p(answers) == pytest.approx(float(found["p_GG_corr"].iloc[0]), rel=1e-6)
