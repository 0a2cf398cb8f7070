"""The Wilcoxon signed-rank test and the Hodges-Lehmann shift, in memory that grows with n, not n².

Scores are means of items, so equal changes differ in their last binary digits (4.2 - 4.0 is not 0.4 - 0.2).
Ranking the raw floats makes false ranks out of true ties; here differences that agree up to rounding share
one whole number before they are ranked.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from braid.statistics.samples import NOISE, Floats, finite

EXACT_BELOW = 50
EXACT_INTERVAL_UP_TO = 200


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


def whole_steps(differences: Floats, scale: float) -> npt.NDArray[np.int64]:
    """Signed whole numbers in the order of the differences' sizes; equal up to rounding means equal, 0 is 0.

    differences: shape (n,). scale: the largest absolute score they were computed from.
    """
    size = np.abs(differences)
    order = np.argsort(size, kind="stable")
    new = np.diff(size[order], prepend=0.0) > NOISE * scale
    steps = np.empty(size.size, dtype=np.int64)
    steps[order] = np.cumsum(new)
    return np.where(differences < 0, -steps, steps)


def signed_rank(differences: Floats, scale: float) -> SignedRank:
    """Wilcoxon's signed-rank test that the differences lie symmetrically about 0, two-sided.

    differences: complete, shape (n,). Zeros are dropped (Wilcoxon 1945). Exact p where fewer than 50 are left
    without ties or zeros, else the normal approximation with the corrections for ties and for continuity:
    the convention of R up to 4.5. r_rb = (R⁺ - R⁻)/(R⁺ + R⁻) (Kerby 2014).
    All None where no difference is left.
    """
    steps = whole_steps(differences, scale)
    nonzero = steps[steps != 0]
    n = int(nonzero.size)
    zeros = "zero differences dropped"
    if n == 0:
        return SignedRank(0, None, None, None, None, "Wilcoxon signed-rank test", "nobody changed")
    ranks = stats.rankdata(np.abs(nonzero))
    positive = float(ranks[nonzero > 0].sum())
    negative = float(ranks[nonzero < 0].sum())
    exact = n < EXACT_BELOW and n == steps.size and np.unique(np.abs(nonzero)).size == n
    whole = nonzero.astype(float)
    if exact:
        p = stats.wilcoxon(whole, zero_method="wilcox", correction=False, method="exact").pvalue
        method = "Wilcoxon signed-rank test, exact"
    else:
        p = stats.wilcoxon(whole, zero_method="wilcox", correction=True, method="asymptotic").pvalue  # type: ignore[call-overload]
        method = f"Wilcoxon signed-rank test, normal approximation with tie and continuity correction, {zeros}"
    return SignedRank(
        n_nonzero=n,
        w=positive,
        w_negative=negative,
        p=finite(min(float(p), 1.0)),
        rank_biserial=finite((positive - negative) / (positive + negative)),
        method=method,
    )


@dataclass(frozen=True)
class Shift:
    """The Hodges-Lehmann shift, in the unit of the scores, with its distribution-free interval."""

    estimate: float | None
    low: float | None
    high: float | None
    method: str
    note: str = ""


def hodges_lehmann(differences: Floats, confidence: float = 0.95) -> Shift:
    """The median of the averages of all pairs of differences, (dᵢ + dⱼ)/2 with i ≤ j, zeros kept.

    Interval: the K-th smallest and K-th largest average, K from the null distribution of the signed-rank sum,
    exact to 200 differences and normal above (Hodges & Lehmann 1963; Hollander & Wolfe 1999, section 3.3).
    Averages are counted, never listed: O(m log m) time and O(m) memory for m distinct differences.
    The interval is None where no K reaches the confidence (below six pairs at 95%).
    """
    n = int(differences.size)
    if n == 0:
        return Shift(None, None, None, "Hodges-Lehmann shift", "no pairs")
    values, counts = np.unique(differences, return_counts=True)
    total = n * (n + 1) // 2
    middle = [(total + 1) // 2, total // 2 + 1]
    estimate = sum(_kth_average(values, counts, k) for k in middle) / 2
    tail = (1 - confidence) / 2
    if n <= EXACT_INTERVAL_UP_TO:
        k = int(np.searchsorted(np.cumsum(_null_distribution(n)), tail))
        method = "Hodges-Lehmann shift, exact signed-rank interval"
    else:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        k = math.floor(n * (n + 1) / 4 + float(stats.norm.ppf(tail)) * spread)
        method = "Hodges-Lehmann shift, large-sample signed-rank interval"
    if k < 1:
        return Shift(estimate, None, None, method, "too few pairs for an interval of the shift")
    low = _kth_average(values, counts, k)
    high = _kth_average(values, counts, total + 1 - k)
    return Shift(estimate, low, high, method)


def _null_distribution(n: int) -> Floats:
    """Probabilities of the signed-rank sum 0..n(n+1)/2: each rank is in the sum with probability one half."""
    share = np.zeros(n * (n + 1) // 2 + 1)
    share[0] = 1.0
    for rank in range(1, n + 1):
        share[rank:] = (share[rank:] + share[:-rank]) / 2
        share[:rank] /= 2
    return share


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
    # digits below the noise of a sum would make 0.2 print as 0.19999999999999996
    digits = 13 - math.ceil(math.log10(scale)) if scale > 0 else 0
    return round(high, digits) + 0.0
