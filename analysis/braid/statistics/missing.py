"""What was not answered: item by item, and whether the gaps look random."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from braid.statistics.samples import Floats, as_matrix, finite, varies

MOST_PATTERNS = 5000
"""Patterns of missing answers with which Little's test is still a matter of seconds."""


@dataclass(frozen=True)
class ItemMissing:
    """One item: people who answered (n) and who did not; percent of all, None where there is nobody."""

    item: Hashable
    n: int
    missing: int
    percent: float | None


def item_missing(items: pd.DataFrame) -> tuple[ItemMissing, ...]:
    """Missing answers of each item, in the order of the columns; items: persons x items, NaN as missing."""
    gaps = np.isnan(as_matrix(items))
    people = len(items)
    return tuple(
        ItemMissing(name, people - int(count), int(count), 100 * int(count) / people if people else None)
        for name, count in zip(items.columns, gaps.sum(axis=0), strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class LittleTest:
    """Little's test that answers are missing completely at random; n people with any answer."""

    n: int
    patterns: int
    chi2: float | None = None
    df: int | None = None
    p: float | None = None
    method: str = "Little's test of missing completely at random"
    note: str = ""


@dataclass(frozen=True)
class _Pattern:
    """People who left the same items out: which are there, how many people, their means and covariance."""

    there: np.ndarray[tuple[int], np.dtype[np.bool_]]
    n: int
    mean: Floats
    covariance: Floats


def little_test(items: pd.DataFrame, *, rounds: int = 5000, precision: float = 1e-10) -> LittleTest:
    """Little's test (Little 1988): do the people of different missing patterns have the same means?

    items: persons x items, NaN as missing. χ² = Σ n_j (ȳ_j - μ_j)ᵀ Σ_j⁻¹ (ȳ_j - μ_j) over the patterns j,
    df = Σ p_j - p; μ, Σ maximum-likelihood estimates (divisor n) under the normal model by EM (Dempster et al. 1977).
    rounds, precision: EM stops when no moment moves by more than precision SDs.
    None where nothing is missing, an item does not vary, EM does not settle, or there are thousands of patterns: the
    work grows with them and not with people. A large p does not show randomness; a small one speaks against it.
    """
    matrix = as_matrix(items)
    matrix = matrix[~np.isnan(matrix).all(axis=1)]
    n, k = matrix.shape
    if n == 0 or k == 0:
        return LittleTest(n=n, patterns=0, note="nobody answered")
    patterns = _patterns(matrix)

    def nothing(why: str) -> LittleTest:
        return LittleTest(n=n, patterns=len(patterns), note=why)

    if not np.isnan(matrix).any():
        return nothing("nothing is missing")
    if len(patterns) < 2:
        return nothing("everybody left the same items out")
    if len(patterns) > MOST_PATTERNS:
        return nothing(f"the answers are missing in {len(patterns)} patterns, too many to compare")
    if not all(varies(column[~np.isnan(column)]) for column in matrix.T):
        return nothing("an item does not vary")
    # in standard units one precision serves every item, and the test does not depend on units
    centre, spread = np.nanmean(matrix, axis=0), np.nanstd(matrix, axis=0)
    patterns = _patterns((matrix - centre) / spread)
    try:
        moments = _em(patterns, k, rounds, precision)
        if moments is None:
            return nothing("the estimates under the normal model did not settle")
        chi2 = sum(_distance(pattern, *moments) for pattern in patterns)
    except np.linalg.LinAlgError:
        return nothing("too few people for the number of items")
    df = sum(int(pattern.there.sum()) for pattern in patterns) - k
    return LittleTest(n=n, patterns=len(patterns), chi2=finite(chi2), df=df, p=finite(stats.chi2.sf(chi2, df)))


def _patterns(matrix: Floats) -> list[_Pattern]:
    there = ~np.isnan(matrix)
    # people of one pattern side by side: one sort, where a look at everybody for each pattern would take far longer
    kinds, which = np.unique(np.packbits(there, axis=1), axis=0, return_inverse=True)
    order = np.argsort(which.ravel(), kind="stable")
    found = []
    for people in np.split(order, np.cumsum(np.bincount(which.ravel(), minlength=len(kinds)))[:-1]):
        kind = there[people[0]]
        rows = matrix[people][:, kind]
        centre = rows.mean(axis=0)
        found.append(_Pattern(kind, len(rows), centre, (rows - centre).T @ (rows - centre) / len(rows)))
    return found


def _em(patterns: list[_Pattern], k: int, rounds: int, precision: float) -> tuple[Floats, Floats] | None:
    """Maximum-likelihood mean and covariance, from the moments of each pattern alone."""
    n = sum(pattern.n for pattern in patterns)
    mean, covariance = np.zeros(k), np.eye(k)
    for _ in range(rounds):
        total, squares = np.zeros(k), np.zeros((k, k))
        for pattern in patterns:
            o, m = pattern.there, ~pattern.there
            # regression of the missing on the answered items; identity on the answered ones
            weights = np.zeros((k, int(o.sum())))
            weights[o] = np.eye(int(o.sum()))
            weights[m] = np.linalg.solve(covariance[np.ix_(o, o)], covariance[np.ix_(o, m)]).T
            centre = mean + weights @ (pattern.mean - mean[o])
            total += pattern.n * centre
            squares += pattern.n * (np.outer(centre, centre) + weights @ pattern.covariance @ weights.T)
            unexplained = covariance[np.ix_(m, m)] - weights[m] @ covariance[np.ix_(o, m)]
            squares[np.ix_(m, m)] += pattern.n * unexplained
        new_mean = total / n
        new_covariance = squares / n - np.outer(new_mean, new_mean)
        moved = max(np.abs(new_mean - mean).max(), np.abs(new_covariance - covariance).max())
        mean, covariance = new_mean, new_covariance
        if moved < precision:
            return (mean, covariance) if np.linalg.eigvalsh(covariance)[0] > 1e-8 else None
    return None


def _distance(pattern: _Pattern, mean: Floats, covariance: Floats) -> float:
    o = pattern.there
    gap = pattern.mean - mean[o]
    return pattern.n * float(gap @ np.linalg.solve(covariance[np.ix_(o, o)], gap))
