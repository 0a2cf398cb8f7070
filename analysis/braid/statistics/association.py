"""Two categorical variables: who was lost, and whether that depends on a group."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from braid.statistics.samples import align, finite


@dataclass(frozen=True, kw_only=True)
class Association:
    """A table of counts, rows x columns, tested for independence.

    chi2, df, p: Pearson, without Yates's correction; cramers_v from the same chi2; smallest_expected: the
    smallest expected count (below 5 the chi-squared p is doubtful). fisher_p: two-sided exact p, for tables
    of two by two only.
    """

    n: int
    chi2: float | None = None
    df: int | None = None
    p: float | None = None
    cramers_v: float | None = None
    smallest_expected: float | None = None
    fisher_p: float | None = None
    method: str = "Pearson's chi-squared without continuity correction; Fisher's exact test for 2 x 2"
    note: str = ""


def association(table: npt.ArrayLike) -> Association:
    """Test whether rows and columns of a table of counts are independent.

    table: counts, shape (rows, columns); empty rows and columns are dropped. V = √(χ²/(n min(r-1, c-1)))
    (Cramér 1946). Fisher's p adds the tables at most as likely as the one seen (Fisher 1935).
    None where fewer than two rows or columns are left. Raises ValueError on counts that are none.
    """
    counts = np.asarray(table, dtype=float)
    if counts.size == 0:
        return Association(n=0, note="nobody to count")
    if counts.ndim != 2 or not np.isfinite(counts).all() or (counts < 0).any() or (counts % 1 != 0).any():
        raise ValueError("expected a table of whole counts, rows x columns")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    n = int(counts.sum())
    if min(counts.shape, default=0) < 2:
        return Association(n=n, note="fewer than two levels on one side")
    run = stats.chi2_contingency(counts, correction=False)
    fisher = stats.fisher_exact(counts.astype(int)).pvalue if counts.shape == (2, 2) else None
    smallest = float(run.expected_freq.min())
    return Association(
        n=n,
        chi2=finite(run.statistic),
        df=int(run.dof),
        p=finite(run.pvalue),
        cramers_v=finite(math.sqrt(run.statistic / (n * (min(counts.shape) - 1)))),
        smallest_expected=smallest,
        fisher_p=finite(fisher),
        note="an expected count is below 5" if smallest < 5 else "",
    )


def cross_association(first: pd.Series[Any], second: pd.Series[Any]) -> Association:
    """`association` of two categorical Series joined by index; people missing either are left out."""
    left, right = align(first, second)
    return association(pd.crosstab(left, right).to_numpy())
