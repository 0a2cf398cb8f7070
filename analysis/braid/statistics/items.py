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
from braid.statistics.answers import FAR_FROM_ZERO, Answers, answers_of
from braid.statistics.samples import Floats, finite, varies

FEW_LEVELS = 12
"""Answers up to which ranks are counted level by level."""


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


def items_differ(items: pd.DataFrame | Answers) -> ItemTest:
    """Do the items differ at one wave? items: persons x items, complete persons are used.

    F = MS_items / MS_error, ε by Greenhouse & Geisser (1959), generalised η² (Olejnik & Algina 2003);
    Friedman's χ² corrected for ties, W = χ² / (n (k-1)) (Kendall & Babington Smith 1939).
    None below two items or three complete persons, or where people do not differ in their pattern over items.
    """
    method = "repeated-measures ANOVA with Greenhouse-Geisser correction; Friedman's test with Kendall's W"
    return _test(answers_of(items), method, friedman=True)


def items_change_differently(before: pd.DataFrame | Answers, after: pd.DataFrame | Answers) -> ItemTest:
    """The item x time interaction: do some items change more than others?

    before, after: persons x items, index = person, same items; people with all answers in both waves are
    used. With two waves the interaction is the one-way repeated-measures ANOVA of the differences after -
    before over items, its ε included (Maxwell & Delaney 2004, chapter 12).
    Friedman's fields and generalised_eta2 are None. Raises ValueError on a repeated person or on items that differ.
    """
    if isinstance(before, pd.DataFrame) and isinstance(after, pd.DataFrame):
        for frame in (before, after):
            if not frame.index.is_unique:
                raise ValueError("the index must name each person once")
        if not before.index.equals(after.index):
            before, after = before.align(after, join="inner", axis=0)
    first, last = answers_of(before), answers_of(after)
    if first.items != last.items:
        raise ValueError("the waves hold different items, or the same ones in another order")
    return _test(
        Answers(last.items, last.matrix, first.matrix),
        "item x time interaction, repeated-measures ANOVA with Greenhouse-Geisser correction",
        friedman=False,
    )


def _test(answers: Answers, method: str, *, friedman: bool) -> ItemTest:
    n, k = answers.moments.n, len(answers.items)

    def nothing(why: str) -> ItemTest:
        return ItemTest(n=n, k=k, method=method, note=why)

    if k < 2:
        return nothing(N_("fewer than two items"))
    if n < 3:
        return nothing(N_("fewer than three people answered every item"))
    anova = _repeated_measures(answers)
    if anova is None:
        return nothing(N_("no variation: every person has the same pattern over the items"))
    chi2 = _friedman(answers) if friedman else None
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


def _differently(matrix: Floats) -> bool:
    """Whether anything is left after persons and items: without it there is no error to test against."""
    residuals = matrix - matrix.mean(axis=1, keepdims=True) - matrix.mean(axis=0) + matrix.mean()
    return varies(residuals, 10 * float(np.abs(matrix).max()))


@dataclass(frozen=True)
class _Anova:
    """F of the items, Greenhouse and Geisser's ε, and the generalised η²."""

    f: float
    epsilon: float
    generalised_eta2: float


def _repeated_measures(answers: Answers) -> _Anova | None:
    """One-way repeated-measures ANOVA over the items of the complete people.

    All follows from the means m and the covariances S of the k items: SS = n Σ(m_j - m̄)², SS_error = (n - 1)
    (tr S - ΣS/k), and with S̃ = S centred by rows and columns ε = (tr S̃)² / ((k - 1) ΣS̃²) (Winer et al. 1991, chapter
    4). pingouin's rm_anova gives the same after it has made a row of every cell, which large cohorts have no room for.
    None where nothing is left after persons and items.
    """
    moments, k = answers.moments, len(answers.items)
    n, means, covariance = moments.n, moments.means, moments.covariance
    between = n * float(np.sum((means - means.mean()) ** 2))
    within = (n - 1) * float(np.trace(covariance))
    error = within - (n - 1) * float(covariance.sum()) / k
    # no answer squared is larger than the sum of all; only next to no variation people have to be looked at again
    squares = within + n * float(means @ means)
    if error <= k * n * FAR_FROM_ZERO**2 * squares and not _differently(answers.whole):
        return None
    centred = covariance - covariance.mean(axis=0) - covariance.mean(axis=1, keepdims=True) + covariance.mean()
    return _Anova(
        f=between / (error / (n - 1)),
        epsilon=float(np.trace(centred) ** 2 / ((k - 1) * np.sum(centred**2))),
        generalised_eta2=between / (between + within),
    )


def _friedman(answers: Answers) -> float | None:
    """Friedman's χ² over the items of the complete people, corrected for ties.

    χ² = 12 Σ (R_j - n (k+1)/2)² / (n k (k+1) c), R_j the rank sums, c = 1 - Σ(t³ - t) / (n (k³ - k)) (Conover 1999,
    section 5.8). Σ(t³ - t) follows from the squared ranks, which without ties would add up to n k (k+1) (2k+1) / 6.
    Ranks are made of some thousand persons at a time, so that memory holds the answers and little else.
    """
    n, k = answers.moments.n, len(answers.items)
    sums, squares = np.zeros(k), 0.0
    for block in answers.complete():
        more, more_squares = _rank_sums(block)
        sums += more
        squares += more_squares
    # ranks are whole or half numbers, so that these sums are exact
    ties = 12 * (n * k * (k + 1) * (2 * k + 1) / 6 - squares)
    correction = 1 - ties / (n * (k**3 - k))
    if correction <= 0:
        return None
    return finite(12 * float(np.sum((sums - n * (k + 1) / 2) ** 2)) / (n * k * (k + 1) * correction))


def _rank_sums(block: Floats) -> tuple[Floats, float]:
    """Ranks within each row, ties shared: their sum in each column, and the sum of all their squares.

    Of whole answers on a short scale ranks are counted instead of sorted: all answers of a person on one level have
    the same. Single precision holds these counts exactly.
    """
    n, k = block.shape
    low = block.min() if n else 0.0
    with np.errstate(invalid="ignore"):
        places = (block - low).astype(np.uint8)
    if not n or (places + low != block).any() or places.max() > FEW_LEVELS:
        ranks = np.asarray(stats.rankdata(block, axis=1), dtype=float).reshape(n, k)
        return ranks.sum(axis=0), float(np.sum(ranks**2))
    sums, squares, ones = np.zeros(k), 0.0, np.ones(k, dtype=np.float32)
    below = np.zeros(n, dtype=np.float32)
    for place in range(int(places.max()) + 1):
        here = (places == place).astype(np.float32)
        count = here @ ones
        rank = below + (count + 1) / 2
        sums += rank @ here
        squares += float(count @ rank**2)
        below += count
    return sums, squares
