"""What was not answered: item by item, and whether the gaps look random."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from braid.language import N_, tr
from braid.statistics.answers import Answers, answers_of
from braid.statistics.samples import Floats, finite, varies

EXACT_BITS = 52
"""Items whose pattern fits into one number without loss."""
MOST_PATTERNS = 5000
"""Patterns of missing answers with which Little's test is still a matter of seconds."""


@dataclass(frozen=True)
class ItemMissing:
    """One item: people who answered (n) and who did not; percent of all, None where there is nobody."""

    item: Hashable
    n: int
    missing: int
    percent: float | None


def item_missing(items: pd.DataFrame | Answers) -> tuple[ItemMissing, ...]:
    """Missing answers of each item, in the order of the columns; items: persons x items, NaN as missing."""
    matrix = answers_of(items).matrix
    gaps, people = [np.count_nonzero(np.isnan(answers)) for answers in matrix.T], len(matrix)
    return tuple(
        ItemMissing(name, people - int(count), int(count), 100 * int(count) / people if people else None)
        for name, count in zip(answers_of(items).items, gaps, strict=True)
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

    def standardised(self, centre: Floats, spread: Floats) -> _Pattern:
        """The same in units of `spread` from `centre`, both of all items."""
        units = spread[self.there]
        mean = (self.mean - centre[self.there]) / units
        return _Pattern(self.there, self.n, mean, self.covariance / np.outer(units, units))


def little_test(items: pd.DataFrame | Answers, *, rounds: int = 5000, precision: float = 1e-10) -> LittleTest:
    """Little's test (Little 1988): do the people of different missing patterns have the same means?

    items: persons x items, NaN as missing. χ² = Σ n_j (ȳ_j - μ_j)ᵀ Σ_j⁻¹ (ȳ_j - μ_j) over the patterns j,
    df = Σ p_j - p; μ, Σ maximum-likelihood estimates (divisor n) under the normal model by EM (Dempster et al. 1977).
    rounds, precision: EM stops when no moment moves by more than precision SDs.
    None where nothing is missing, an item does not vary, EM does not settle, or there are thousands of patterns: the
    work grows with them and not with people. A large p does not show randomness; a small one speaks against it.
    """
    answers = answers_of(items)
    matrix, k = answers.matrix, len(answers.items)
    patterns = [pattern for pattern in _patterns(answers) if pattern.there.any()]
    n = sum(pattern.n for pattern in patterns)
    if not patterns:
        return LittleTest(n=n, patterns=0, note=N_("nobody answered"))

    def nothing(why: str) -> LittleTest:
        return LittleTest(n=n, patterns=len(patterns), note=why)

    if len(patterns) < 2:
        return nothing(N_("nothing is missing") if patterns[0].there.all() else N_("everybody left the same items out"))
    if len(patterns) > MOST_PATTERNS:
        return nothing(tr("the answers are missing in {n} patterns, too many to compare", n=str(len(patterns))))
    if not all(varies(np.array([np.fmin.reduce(answers), np.fmax.reduce(answers)])) for answers in matrix.T):
        return nothing(N_("an item does not vary"))
    # in standard units one precision serves every item, and the test does not depend on units
    centre, spread = _centre_and_spread(patterns, k)
    patterns = [pattern.standardised(centre, spread) for pattern in patterns]
    try:
        moments = _em(patterns, k, rounds, precision)
        if moments is None:
            return nothing(N_("the estimates under the normal model did not settle"))
        chi2 = sum(_distance(pattern, *moments) for pattern in patterns)
    except np.linalg.LinAlgError:
        return nothing(N_("too few people for the number of items"))
    df = sum(int(pattern.there.sum()) for pattern in patterns) - k
    return LittleTest(n=n, patterns=len(patterns), chi2=finite(chi2), df=df, p=finite(stats.chi2.sf(chi2, df)))


def _patterns(answers: Answers) -> list[_Pattern]:
    moments, matrix = answers.moments, answers.matrix
    if moments.n > 1:
        everything = np.ones(len(answers.items), dtype=bool)
        covariance = moments.covariance * (moments.n - 1) / moments.n
        found, rest = [_Pattern(everything, moments.n, moments.means, covariance)], matrix[np.isnan(matrix.sum(axis=1))]
    else:
        found, rest = [], matrix
    there = ~np.isnan(rest)
    # people of one pattern side by side: one sort, where a look at everybody for each pattern would take far longer
    which, kinds = pd.factorize(_kinds(there), sort=True)
    order = np.argsort(which, kind="stable")
    sizes = np.bincount(which, minlength=len(kinds))
    return found + [_pattern(rest[people]) for people in np.split(order, np.cumsum(sizes))[:-1]]


def _pattern(people: Floats) -> _Pattern:
    there = ~np.isnan(people[0])
    rows = people if there.all() else people[:, there]
    centred = rows - rows.mean(axis=0)
    return _Pattern(there, len(rows), rows.mean(axis=0), centred.T @ centred / len(rows))


def _centre_and_spread(patterns: list[_Pattern], k: int) -> tuple[Floats, Floats]:
    """Mean and SD (divisor n) of each item over the people who answered it."""
    n, total, squares = np.zeros(k), np.zeros(k), np.zeros(k)
    for pattern in patterns:
        n[pattern.there] += pattern.n
        total[pattern.there] += pattern.n * pattern.mean
    centre = total / n
    for pattern in patterns:
        gap = pattern.mean - centre[pattern.there]
        squares[pattern.there] += pattern.n * (np.diag(pattern.covariance) + gap**2)
    return centre, np.sqrt(squares / n)


def _kinds(there: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> npt.NDArray[Any]:
    """One number (or, of very many items, one string of bytes) for each person's missing pattern, shape (n,)."""
    k = there.shape[1]
    if k <= EXACT_BITS:
        return np.asarray(there.astype(float) @ 2.0 ** np.arange(k))
    bits = np.packbits(there, axis=1)
    return np.array([row.tobytes() for row in bits], dtype=object)


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
