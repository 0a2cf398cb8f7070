"""t-tests of complete, aligned, varying data: pairing and refusal are decided by the callers.

They give what pingouin gives, without the Bayes factor, power and unsigned effect size that a report must not print.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from braid.statistics.counting import Counted


@dataclass(frozen=True)
class TTest:
    """t, degrees of freedom, two-sided p, and the interval of the mean difference."""

    t: float
    df: float
    p: float
    low: float
    high: float


def paired_t(differences: Counted, confidence: float) -> TTest:
    """Paired t-test of the differences of pairs: t = ΔM / (s_D / √n), df = n - 1."""
    assert differences.mean is not None and differences.variance is not None
    n = differences.size
    return _test(differences.mean, math.sqrt(differences.variance / n), float(n - 1), confidence)


def independent_t(x: Counted, y: Counted, *, welch: bool, confidence: float) -> TTest:
    """t-test of two groups, difference x - y: Welch (unequal variances) or Student (pooled)."""
    assert x.mean is not None and y.mean is not None
    return _test(x.mean - y.mean, *difference_error(x, y, welch=welch), confidence)


def difference_error(x: Counted, y: Counted, *, welch: bool) -> tuple[float, float]:
    """Standard error of the difference of two means, and its degrees of freedom (Welch & Satterthwaite, or pooled)."""
    assert x.variance is not None and y.variance is not None
    n, m, v, w = x.size, y.size, x.variance, y.variance
    if welch:
        a, b = v / n, w / m
        return math.sqrt(a + b), (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (m - 1))
    df = n + m - 2
    return math.sqrt(((n - 1) * v + (m - 1) * w) / df * (1 / n + 1 / m)), float(df)


def _test(difference: float, error: float, df: float, confidence: float) -> TTest:
    half = float(stdtrit(df, (1 + confidence) / 2)) * error
    t = difference / error
    return TTest(t, df, 2 * float(stdtr(df, -abs(t))), difference - half, difference + half)
