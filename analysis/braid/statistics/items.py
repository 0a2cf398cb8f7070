"""Do the items of a scale differ at one wave, and do they change differently from one wave to the next?

"Items differ before but not after" does not follow from one test that is significant and one that is not
(Gelman & Stern 2006): it rests on the item x time interaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from braid.language import N_
from braid.statistics.reliability import complete_rows
from braid.statistics.samples import BLOCK, Floats, as_matrix, blocks, covariances, finite, varies, without_gaps

FEW_LEVELS = 12
"""Answers up to which ranks are counted level by level."""
FAR_FROM_ZERO = 1e-5
"""A spread above this share of the answers is told from the covariances alone."""


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
    if not before.index.equals(after.index):
        before, after = before.align(after, join="inner", axis=0)
    return _test(
        without_gaps(as_matrix(after) - as_matrix(before)),
        "item x time interaction, repeated-measures ANOVA with Greenhouse-Geisser correction",
        friedman=False,
    )


def _test(matrix: Floats, method: str, *, friedman: bool) -> ItemTest:
    n, k = matrix.shape

    def nothing(why: str) -> ItemTest:
        return ItemTest(n=n, k=k, method=method, note=why)

    if k < 2:
        return nothing(N_("fewer than two items"))
    if n < 3:
        return nothing(N_("fewer than three people answered every item"))
    anova = _repeated_measures(matrix)
    if anova is None:
        return nothing(N_("no variation: every person has the same pattern over the items"))
    chi2 = _friedman(matrix) if friedman else None
    return ItemTest(
        n=n,
        k=k,
        f=finite(anova.f),
        df=float(k - 1),
        df_error=float((k - 1) * (n - 1)),
        epsilon=finite(anova.epsilon),
        p=finite(stats.f.sf(anova.f, (k - 1) * anova.epsilon, (k - 1) * (n - 1) * anova.epsilon)),
        p_uncorrected=finite(stats.f.sf(anova.f, k - 1, (k - 1) * (n - 1))),
        partial_eta2=finite(anova.f / (anova.f + n - 1)),
        # of the differences it would leave out the sums of squares that only the two waves together have
        generalised_eta2=finite(anova.generalised_eta2) if friedman else None,
        friedman_chi2=chi2,
        friedman_df=None if chi2 is None else float(k - 1),
        friedman_p=None if chi2 is None else finite(stats.chi2.sf(chi2, k - 1)),
        kendall_w=None if chi2 is None else chi2 / (n * (k - 1)),
        method=method,
    )


def _differently(matrix: Floats, size: float) -> bool:
    """Whether anything is left after persons and items: without it there is no error to test against."""
    items, grand = matrix.mean(axis=0), matrix.mean()
    residuals = [block - block.mean(axis=1, keepdims=True) - items + grand for block in blocks(matrix)]
    ends = [end for residual in residuals for end in (residual.min(), residual.max())]
    return varies(np.array(ends), 10 * size)


@dataclass(frozen=True)
class _Anova:
    """F of the items, Greenhouse and Geisser's ε, and the generalised η²."""

    f: float
    epsilon: float
    generalised_eta2: float


def _repeated_measures(matrix: Floats) -> _Anova | None:
    """One-way repeated-measures ANOVA over the columns of a complete matrix, persons x items.

    All follows from the means m and the covariances S of the k items: SS = n Σ(m_j - m̄)², SS_error = (n - 1)
    (tr S - ΣS/k), and with S̃ = S centred by rows and columns ε = (tr S̃)² / ((k - 1) ΣS̃²) (Winer et al. 1991, chapter
    4). pingouin's rm_anova gives the same after it has made a row of every cell, which large cohorts have no room for.
    None where nothing is left after persons and items.
    """
    n, k = matrix.shape
    means, covariance = matrix.mean(axis=0), covariances(matrix)
    between = n * float(np.sum((means - means.mean()) ** 2))
    within = (n - 1) * float(np.trace(covariance))
    error = within - (n - 1) * float(covariance.sum()) / k
    size = max(-float(matrix.min()), float(matrix.max()))
    # only next to no variation people have to be looked at again
    if error <= n * k * (FAR_FROM_ZERO * size) ** 2 and not _differently(matrix, size):
        return None
    centred = covariance - covariance.mean(axis=0) - covariance.mean(axis=1, keepdims=True) + covariance.mean()
    return _Anova(
        f=between / (error / (n - 1)),
        epsilon=float(np.trace(centred) ** 2 / ((k - 1) * np.sum(centred**2))),
        generalised_eta2=between / (between + within),
    )


def _friedman(matrix: Floats) -> float | None:
    """Friedman's χ² over the columns of a complete matrix, persons x items, corrected for ties.

    χ² = 12 Σ (R_j - n (k+1)/2)² / (n k (k+1) c), R_j the rank sums, c = 1 - Σ(t³ - t) / (n (k³ - k)) (Conover 1999,
    section 5.8). Σ(t³ - t) follows from the squared ranks, which without ties would add up to n k (k+1) (2k+1) / 6.
    Ranks are made of some thousand persons at a time, so that memory holds the answers and little else.
    """
    n, k = matrix.shape
    sums, squares, levels = np.zeros(k), 0.0, np.unique(matrix[:BLOCK])
    for block in blocks(matrix):
        more, more_squares = _rank_sums(block, levels)
        sums += more
        squares += more_squares
    # ranks are whole or half numbers, so that these sums are exact
    ties = 12 * (n * k * (k + 1) * (2 * k + 1) / 6 - squares)
    correction = 1 - ties / (n * (k**3 - k))
    if correction <= 0:
        return None
    return finite(12 * float(np.sum((sums - n * (k + 1) / 2) ** 2)) / (n * k * (k + 1) * correction))


def _rank_sums(block: Floats, levels: Floats) -> tuple[Floats, float]:
    """Ranks within each row, ties shared: their sum in each column, and the sum of all their squares.

    Of answers on a scale of few levels ranks are counted instead of sorted: all answers of a person on one level have
    the same. levels: all there are, or most of them.
    """
    k = block.shape[1]
    sums, squares, below, ones = np.zeros(k), 0.0, np.zeros(len(block)), np.ones(k)
    for level in levels if levels.size <= FEW_LEVELS else ():
        here = (block == level).astype(float)
        count = here @ ones
        rank = below + (count + 1) / 2
        sums += rank @ here
        squares += float(count @ rank**2)
        below += count
    if (below == k).all():
        return sums, squares
    ranks = np.asarray(stats.rankdata(block, axis=1), dtype=float)
    return ranks.sum(axis=0), float(np.sum(ranks**2))
