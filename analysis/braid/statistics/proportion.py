"""Shares of people and their differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from scipy import special

from braid.language import N_
from braid.statistics.samples import Estimate, check_confidence

Method = Literal["wilson", "clopper-pearson"]


@dataclass(frozen=True)
class Proportion:
    """k of n people. share, low, high: 0 to 1, None where n is 0; percent is the share times 100."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    note: str = ""

    @property
    def percent(self) -> float | None:
        """The share in percent, computed as 100 k / n."""
        return 100 * self.k / self.n if self.n else None


def _check(k: int, n: int) -> None:
    if n < 0 or not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")


def proportion(k: int, n: int, method: Method = "wilson", confidence: float = 0.95) -> Proportion:
    """The share k / n with its interval.

    "wilson": (k + z²/2)/(n + z²) ± z√n/(n + z²) √(p̂q̂ + z²/4n) (Wilson 1927; Brown et al. 2001).
    "clopper-pearson": quantiles α/2 of Beta(k, n-k+1) and 1-α/2 of Beta(k+1, n-k) (Clopper & Pearson 1934).
    For 0 of 0 all is None. Raises ValueError unless 0 ≤ k ≤ n.
    """
    check_confidence(confidence)
    _check(k, n)
    name = {"wilson": "Wilson interval", "clopper-pearson": "Clopper-Pearson interval"}[method]
    if n == 0:
        return Proportion(k, n, None, None, None, confidence, name, "nobody")
    low, high = _wilson(k, n, confidence) if method == "wilson" else _clopper_pearson(k, n, confidence)
    return Proportion(k, n, k / n, low, high, confidence, name)


def _wilson(k: int, n: int, confidence: float) -> tuple[float, float]:
    z = float(special.ndtri((1 + confidence) / 2))
    p = k / n
    centre = (k + z * z / 2) / (n + z * z)
    half = z * math.sqrt(n) / (n + z * z) * math.sqrt(p * (1 - p) + z * z / (4 * n))
    # at the ends the formula is exactly 0 or 1, its floats are not
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def _clopper_pearson(k: int, n: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else float(special.betaincinv(k, n - k + 1, tail))
    high = 1.0 if k == n else float(special.betaincinv(k + 1, n - k, 1 - tail))
    return low, high


def difference_of_proportions(k1: int, n1: int, k2: int, n2: int, confidence: float = 0.95) -> Estimate:
    """k1/n1 - k2/n2 of two independent groups, with Newcombe's hybrid score interval.

    d - √((p₁-l₁)² + (u₂-p₂)²) to d + √((u₁-p₁)² + (p₂-l₂)²), l and u the Wilson limits (Newcombe 1998,
    method 10). None where a group is empty. Raises ValueError unless 0 ≤ k ≤ n.
    """
    check_confidence(confidence)
    _check(k1, n1)
    _check(k2, n2)
    method = "difference of proportions, Newcombe's hybrid score interval"
    if n1 == 0 or n2 == 0:
        return Estimate(None, None, None, n1 + n2, confidence, method, N_("a group is empty"))
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = _wilson(k1, n1, confidence), _wilson(k2, n2, confidence)
    low = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    high = p1 - p2 + math.hypot(u1 - p1, p2 - l2)
    return Estimate(p1 - p2, low, high, n1 + n2, confidence, method)


def rule_of_three(n: int) -> float | None:
    """Upper 95% limit of a share when nobody of n showed the event: 3/n, at most 1 (Hanley & Lippman-Hand 1983).

    None for n = 0.
    """
    return min(1.0, 3 / n) if n > 0 else None
