"""The figures of a cohort, computed the ordinary way: for comparing with printed targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from braid.study import Scale

Values = NDArray[np.floating]


def score(scale: Scale, answers: pd.DataFrame) -> pd.Series[float]:
    """Mean or sum of a scale's items per person, reverse items turned; complete rows only, others missing."""
    items = answers[list(scale.items)].astype(float)
    turned = [item for item in scale.items if item in scale.reverse]
    items[turned] = scale.minimum + scale.maximum - items[turned]
    total = items.sum(axis=1, skipna=False)
    return total / len(scale.items) if scale.score == "mean" else total


def group_p(groups: Sequence[Values], test: str) -> float:
    """p of Student's or Welch's t for two groups, of the one-way F for more."""
    if len(groups) == 2:
        return float(stats.ttest_ind(groups[0], groups[1], equal_var=test == "student").pvalue)
    return float(stats.f_oneway(*groups).pvalue)


def slope_p(score: Values, number: Values) -> float:
    """p of the slope of an ordinary least squares regression."""
    return float(stats.linregress(number, score).pvalue)


def d_av(first: Values, last: Values) -> float:
    """Mean change divided by √((s₁² + s₂²)/2)."""
    average = np.sqrt((first.var(ddof=1) + last.var(ddof=1)) / 2)
    return float((last.mean() - first.mean()) / average)


def paired_p(first: Values, last: Values) -> float:
    """p of the paired t-test."""
    return float(stats.ttest_rel(last, first).pvalue)


def items_differ_p(answers: Values) -> float:
    """p of the one-way repeated-measures ANOVA over items with Greenhouse and Geisser's correction.

    answers: persons x items. F = MS_items / MS_residual; both degrees of freedom are multiplied by
    ε = tr(C)² / ((k-1) tr(C²)), C being the double-centred covariance matrix of the items.
    """
    n, k = answers.shape
    grand = answers.mean()
    items = n * ((answers.mean(axis=0) - grand) ** 2).sum()
    people = k * ((answers.mean(axis=1) - grand) ** 2).sum()
    residual = ((answers - grand) ** 2).sum() - items - people
    f = (items / (k - 1)) / (residual / ((k - 1) * (n - 1)))
    covariance = np.cov(answers, rowvar=False)
    centre = np.eye(k) - np.ones((k, k)) / k
    centred = centre @ covariance @ centre
    epsilon = np.trace(centred) ** 2 / ((k - 1) * (centred**2).sum())
    return float(stats.f.sf(f, (k - 1) * epsilon, (k - 1) * (n - 1) * epsilon))
