"""The Wilcoxon signed-rank test and the Hodges-Lehmann shift, in memory that grows with n, not n².

Scores are means of items, so equal changes differ in their last binary digits (4.2 - 4.0 is not 0.4 - 0.2).
Ranking the raw floats makes false ranks out of true ties; here differences that agree up to rounding share
one rank.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import ndtr

from braid.language import N_
from braid.statistics.counting import Counted, counted
from braid.statistics.samples import NOISE, Floats, finite

EXACT_BELOW = 50
EXACT_INTERVAL_UP_TO = 200
LISTED_UP_TO = 200
"""Distinct differences up to which all their averages are listed; beyond, they are counted."""


@dataclass(frozen=True)
class SignedRank:
    """Result of the Wilcoxon signed-rank test on differences.

    w: sum of the ranks of the positive differences (R's V); w_negative: of the negative ones.
    rank_biserial: (w - w_negative) / (w + w_negative), -1 to 1.
    """

    n_nonzero: int
    w: float | None
    w_negative: float | None
    p: float | None
    rank_biserial: float | None
    method: str
    note: str = ""


def signed_rank(differences: Floats | Counted, scale: float) -> SignedRank:
    """Wilcoxon's signed-rank test that the differences lie symmetrically about 0, two-sided.

    differences: complete, shape (n,). Zeros are dropped (Wilcoxon 1945). Exact p where fewer than 50 are left
    without ties or zeros, else the normal approximation with the corrections for ties and for continuity:
    the convention of R up to 4.5. r_rb = (R⁺ - R⁻)/(R⁺ + R⁻) (Kerby 2014).
    All None where no difference is left.
    """
    sample = counted(differences)
    values, counts = sample.values, sample.counts
    size = np.abs(values)
    order = np.argsort(size, kind="stable")
    values, counts = values[order], counts[order]
    # sizes that are equal up to rounding share a step; step 0 is no change
    step = np.cumsum(np.diff(size[order], prepend=0.0) > NOISE * scale)
    tied = np.bincount(step, weights=counts, minlength=1).astype(float)
    zeros, tied = int(tied[0]), tied[1:]
    n = int(tied.sum())
    if n == 0:
        return SignedRank(0, None, None, None, None, N_("Wilcoxon signed-rank test"), "nobody changed")
    ranks = np.concatenate([[0.0], np.cumsum(tied) - (tied - 1) / 2])
    by_person = counts * ranks[step]
    positive, negative = float(by_person[values > 0].sum()), float(by_person[values < 0].sum())
    if n < EXACT_BELOW and not zeros and tied.size == n:
        whole = np.sign(values) * step
        p = float(stats.wilcoxon(whole, zero_method="wilcox", correction=False, method="exact").pvalue)
        method = N_("Wilcoxon signed-rank test, exact")
    else:
        p = _normal_p(positive, n, tied)
        method = N_(
            "Wilcoxon signed-rank test, normal approximation with tie and continuity correction, zero differences "
            "dropped"
        )
    return SignedRank(
        n_nonzero=n,
        w=positive,
        w_negative=negative,
        p=finite(min(p, 1.0)),
        rank_biserial=finite((positive - negative) / (positive + negative)),
        method=method,
    )


def _normal_p(w: float, n: int, tied: Floats) -> float:
    """z = (|W - n(n+1)/4| - 1/2) / √((n(n+1)(2n+1) - Σ(t³ - t)/2) / 24) (Hollander & Wolfe 1999, section 3.1)."""
    gap = abs(w - n * (n + 1) / 4)
    spread = math.sqrt((n * (n + 1) * (2 * n + 1) - float(np.sum(tied**3 - tied)) / 2) / 24)
    return 2 * float(ndtr(-max(gap - 0.5, 0.0) / spread))


@dataclass(frozen=True)
class Shift:
    """The Hodges-Lehmann shift, in the unit of the scores, with its distribution-free interval."""

    estimate: float | None
    low: float | None
    high: float | None
    method: str
    note: str = ""


def hodges_lehmann(differences: Floats | Counted, confidence: float = 0.95) -> Shift:
    """The median of the averages of all pairs of differences, (dᵢ + dⱼ)/2 with i ≤ j, zeros kept.

    Interval: the K-th smallest and K-th largest average, K from the null distribution of the signed-rank sum,
    exact to 200 differences and normal above (Hodges & Lehmann 1963; Hollander & Wolfe 1999, section 3.3).
    Averages of many distinct differences are counted, never listed: O(m log m) time and O(m) memory for m of them.
    The interval is None where no K reaches the confidence (below six pairs at 95%).
    """
    sample = counted(differences)
    n, values, counts = sample.size, sample.values, sample.counts
    if n == 0:
        return Shift(None, None, None, "Hodges-Lehmann shift", "no pairs")
    total = n * (n + 1) // 2
    average = _listed(values, counts) if values.size <= LISTED_UP_TO else partial(_kth_average, values, counts)
    estimate = (average((total + 1) // 2) + average(total // 2 + 1)) / 2
    tail = (1 - confidence) / 2
    if n <= EXACT_INTERVAL_UP_TO:
        k = _exact_place(n, tail)
        method = "Hodges-Lehmann shift, exact signed-rank interval"
    else:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        k = math.floor(n * (n + 1) / 4 + float(stats.norm.ppf(tail)) * spread)
        method = "Hodges-Lehmann shift, large-sample signed-rank interval"
    if k < 1:
        return Shift(estimate, None, None, method, "too few pairs for an interval of the shift")
    return Shift(estimate, average(k), average(total + 1 - k), method)


@cache
def _exact_place(n: int, tail: float) -> int:
    """How many signed-rank sums of n, from 0 on, have less than `tail` probability together.

    Each rank is in the sum with probability one half; only the lower half of the sums is needed.
    """
    share = np.zeros(n * (n + 1) // 4 + 1)
    share[0] = 1.0
    for rank in range(1, n + 1):
        reach = min(rank * (rank + 1) // 2 + 1, share.size)
        share[rank:reach] = (share[rank:reach] + share[: max(reach - rank, 0)]) / 2
        share[: min(rank, reach)] /= 2
    return int(np.searchsorted(np.cumsum(share), tail))


def _listed(values: Floats, counts: npt.NDArray[np.int64]) -> Callable[[int], float]:
    """The k-th smallest (dᵢ + dⱼ)/2, i ≤ j, from the list of averages of distinct differences."""
    first, second = np.triu_indices(values.size)
    times = np.where(first == second, counts[first] * (counts[first] + 1) // 2, counts[first] * counts[second])
    averages = (values[first] + values[second]) / 2
    order = np.argsort(averages, kind="stable")
    averages, reached = averages[order], np.cumsum(times[order])
    scale = float(np.max(np.abs(values)))
    return lambda k: _clean(float(averages[np.searchsorted(reached, k)]), scale)


def _clean(average: float, scale: float) -> float:
    """Without the digits below the noise of a sum, which would make 0.2 print as 0.19999999999999996."""
    digits = 13 - math.ceil(math.log10(scale)) if scale > 0 else 0
    return round(average, digits) + 0.0


def _kth_average(values: Floats, counts: npt.NDArray[np.int64], k: int) -> float:
    """The k-th smallest (dᵢ + dⱼ)/2, i ≤ j, by bisection on how many averages lie at or below a point."""
    cumulative = np.concatenate([[0], np.cumsum(counts)])
    scale = float(np.max(np.abs(values)))
    low, high = float(values[0]), float(values[-1])
    # a hair of room, so that an average equal to the point counts in spite of its rounding
    hair = 4e-16 * scale
    while high - low > 1e-15 * scale:
        point = (low + high) / 2
        partners = cumulative[np.searchsorted(values, 2 * point - values + 2 * hair, side="right")]
        ordered = int(np.dot(counts, partners))
        alone = int(cumulative[np.searchsorted(values, point + hair, side="right")])
        if (ordered + alone) // 2 >= k:
            high = point
        else:
            low = point
    return _clean(high, scale)
