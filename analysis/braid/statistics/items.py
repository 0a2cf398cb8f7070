"""Do the items of a scale differ at one wave, and do they change differently from one wave to the next?

"Items differ before but not after" does not follow from one test that is significant and one that is not
(Gelman & Stern 2006): it rests on the item x time interaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from braid.statistics import pingouin_edge
from braid.statistics.reliability import complete_rows
from braid.statistics.samples import Floats, as_matrix, finite, varies


@dataclass(frozen=True, kw_only=True)
class ItemTest:
    """Repeated-measures ANOVA over items with Greenhouse-Geisser correction, and Friedman's test.

    n complete persons, k items. df, df_error: uncorrected; epsilon multiplies both for p. p_uncorrected: without
    it. partial_eta2: SS / (SS + SS of its error); generalised_eta2: SS / (SS + all other sums of squares).
    kendall_w: 0 no, 1 full agreement on the order.
    """

    n: int
    k: int
    f: float | None = None
    df: float | None = None
    df_error: float | None = None
    epsilon: float | None = None
    p: float | None = None
    p_uncorrected: float | None = None
    partial_eta2: float | None = None
    generalised_eta2: float | None = None
    friedman_chi2: float | None = None
    friedman_df: float | None = None
    friedman_p: float | None = None
    kendall_w: float | None = None
    method: str
    note: str = ""


def items_differ(items: pd.DataFrame) -> ItemTest:
    """Do the items differ at one wave? items: persons x items, complete persons are used.

    F = MS_items / MS_error, ε by Greenhouse & Geisser (1959), generalised η² (Olejnik & Algina 2003);
    Friedman's χ² corrected for ties, W = χ² / (n (k-1)) (Kendall & Babington Smith 1939).
    None below two items or three complete persons, or where people do not differ in their pattern over items.
    """
    method = "repeated-measures ANOVA with Greenhouse-Geisser correction; Friedman's test with Kendall's W"
    return _test(complete_rows(items), method, friedman=True)


def items_change_differently(before: pd.DataFrame, after: pd.DataFrame) -> ItemTest:
    """The item x time interaction: do some items change more than others?

    before, after: persons x items, index = person, same items; people with all answers in both waves are
    used. With two waves the interaction is the one-way repeated-measures ANOVA of the differences after -
    before over items, its ε included (Maxwell & Delaney 2004, chapter 12).
    Friedman's fields and generalised_eta2 are None. Raises ValueError on a repeated person or on items that differ.
    """
    if list(before.columns) != list(after.columns):
        raise ValueError("the waves hold different items, or the same ones in another order")
    for frame in (before, after):
        if not frame.index.is_unique:
            raise ValueError("the index must name each person once")
    first, second = before.align(after, join="inner", axis=0)
    x, y = as_matrix(first), as_matrix(second)
    difference = y - x
    complete = difference[~np.isnan(difference).any(axis=1)]
    return _test(
        complete,
        "item x time interaction, repeated-measures ANOVA with Greenhouse-Geisser correction",
        friedman=False,
    )


def _test(matrix: Floats, method: str, *, friedman: bool) -> ItemTest:
    n, k = matrix.shape

    def nothing(why: str) -> ItemTest:
        return ItemTest(n=n, k=k, method=method, note=why)

    if k < 2:
        return nothing("fewer than two items")
    if n < 3:
        return nothing("fewer than three people answered every item")
    # what is left after persons and items: without it there is no error to test against
    residual = matrix - matrix.mean(axis=1, keepdims=True) - matrix.mean(axis=0) + matrix.mean()
    scale = float(np.abs(matrix).max())
    if not varies(residual.ravel(), scale * 10):
        return nothing("no variation: every person has the same pattern over the items")
    anova = pingouin_edge.repeated_measures(matrix)
    order = pingouin_edge.friedman(matrix) if friedman else None
    return ItemTest(
        n=n,
        k=k,
        f=finite(anova.f),
        df=finite(anova.df),
        df_error=finite(anova.df_error),
        epsilon=finite(anova.epsilon),
        p=finite(anova.p),
        p_uncorrected=finite(anova.p_uncorrected),
        partial_eta2=finite(anova.f * anova.df / (anova.f * anova.df + anova.df_error)),
        # of the differences it would leave out the sums of squares that only the two waves together have
        generalised_eta2=finite(anova.generalised_eta2) if friedman else None,
        friedman_chi2=finite(order.chi2) if order else None,
        friedman_df=finite(order.df) if order else None,
        friedman_p=finite(order.p) if order else None,
        kendall_w=finite(order.w) if order else None,
        method=method,
    )
