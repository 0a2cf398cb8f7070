"""Is a difference small enough not to matter? "No clear difference" alone does not say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from scipy import stats

from braid.statistics.change import PairedChange
from braid.statistics.counting import Counted, counted
from braid.statistics.independent_change import IndependentChange
from braid.statistics.samples import Values
from braid.statistics.t_test import difference_error


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests of a difference against a margin, in the unit of the score.

    p: the larger of the two one-sided p. equivalent: p < alpha, which is the same as the interval at 1 - 2 alpha
    lying inside of the margin. Both None where they cannot be estimated.
    """

    margin: float
    p: float | None
    alpha: float

    @property
    def equivalent(self) -> bool | None:
        return None if self.p is None else self.p < self.alpha


def two_one_sided(difference: float, error: float, df: float, margin: float) -> float:
    """p of equivalence, the larger of P(T > (Δ + m)/SE) and P(T < (Δ - m)/SE), T with df (Schuirmann 1987).

    difference Δ, its standard error and the margin m > 0 are in one unit. Raises ValueError unless margin and error
    are above 0.
    """
    if not (margin > 0 and error > 0):
        raise ValueError(f"margin and standard error lie above 0, got {margin} and {error}")
    above, below = (difference + margin) / error, (difference - margin) / error
    return float(max(stats.t.sf(above, df), stats.t.cdf(below, df)))


def equivalent_change(change: PairedChange | IndependentChange, margin: float, alpha: float = 0.05) -> Equivalence:
    """Whether a change is smaller than the margin either way: paired differences, or Welch between the waves.

    margin: the smallest change that matters, in the unit of the score, set before the data were seen. p is None where
    the change has no test (nobody, one person, no variation).
    """
    if change.difference is None or change.df is None:
        return Equivalence(margin, None, alpha)
    if isinstance(change, PairedChange):
        assert change.sd_difference is not None
        error = change.sd_difference / math.sqrt(change.n)
    else:
        assert change.sd_before is not None and change.sd_after is not None
        error = math.sqrt(change.sd_before**2 / change.n_before + change.sd_after**2 / change.n_after)
    return Equivalence(margin, two_one_sided(change.difference, error, change.df, margin), alpha)


def equivalent_groups(groups: Sequence[Values | Counted], margin: float, *, welch: bool) -> float | None:
    """p of every pair of independent groups being equivalent: the largest p of the pairs.

    groups: scores, none missing, two people or more in each. welch: unequal variances (Welch-Satterthwaite df), else
    the variance pooled over the two. Several groups are equivalent only where all pairs are, so that the largest p
    needs no adjustment (Berger 1982, intersection-union). None where a pair does not vary.
    """
    found = []
    for x, y in combinations([counted(group) for group in groups], 2):
        if not (x.varies() or y.varies()):
            return None
        assert x.mean is not None and y.mean is not None
        found.append(two_one_sided(x.mean - y.mean, *difference_error(x, y, welch=welch), margin))
    return max(found, default=None)
