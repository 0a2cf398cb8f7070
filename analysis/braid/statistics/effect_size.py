"""Standardised differences, each under its own name, with intervals that suit the design.

d_s   independent groups, pooled SD                     d_av  paired, averaged SD of the two waves
d_z   paired, SD of the differences                     g     d with the correction for small samples
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln, nctdtr

from braid.language import N_
from braid.statistics.counting import Counted, Pairs, counted
from braid.statistics.samples import Estimate, Values, check_confidence, finite

Interval = tuple[float | None, float | None]


def hedges_correction(df: float) -> float | None:
    """Hedges' exact J = Γ(m/2) / (√(m/2) Γ((m-1)/2)), m = df; None for df < 2 (Hedges 1981)."""
    if df < 2:
        return None
    return math.exp(gammaln(df / 2) - gammaln((df - 1) / 2) - 0.5 * math.log(df / 2))


def noncentral_t_interval(t: float, df: float, confidence: float = 0.95) -> Interval:
    """Limits of the noncentrality parameter that has `t` at its tail probabilities (Steiger & Fouladi 1997).

    Solves F(t; df, δ) = 1 - α/2 and α/2 for δ. (None, None) where df < 1 or t is not finite.
    """
    check_confidence(confidence)
    if df < 1 or not math.isfinite(t):
        return None, None
    tail = (1 - confidence) / 2
    return (
        _noncentrality(lambda d: _below(t, df, d) - (1 - tail), t, df),
        _noncentrality(lambda d: _below(t, df, d) - tail, t, df),
    )


def _below(t: float, df: float, noncentrality: float) -> float:
    share = float(nctdtr(df, noncentrality, t))
    if math.isnan(share):
        # scipy gives up only where the tail is smaller than 1e-30
        return 0.0 if noncentrality > t else 1.0
    return share


def _noncentrality(gap: Callable[[float], float], t: float, df: float) -> float | None:
    # δ has a standard error near √(1 + t²/(2 df)); the bracket grows from there until it holds the root
    width = 4 * math.sqrt(1 + t * t / (2 * df))
    for _ in range(12):
        low, high = t - width, t + width
        at_low, at_high = gap(low), gap(high)
        if not (math.isfinite(at_low) and math.isfinite(at_high)):
            return None
        if at_low >= 0 >= at_high:
            return finite(brentq(gap, low, high, xtol=1e-12, rtol=1e-13))
        width *= 2
    return None


def noncentral_f_eta2_interval(f: float, df: float, df_error: float, confidence: float = 0.95) -> Interval:
    """Interval of η² = λ / (λ + df_error), λ the noncentrality limits of F (Steiger 2004). 0 where F is small."""
    check_confidence(confidence)
    if not (math.isfinite(f) and f >= 0 and df > 0 and df_error > 0):
        return None, None
    tail = (1 - confidence) / 2
    limits = []
    for level in (1 - tail, tail):
        if stats.f.cdf(f, df, df_error) <= level:
            limits.append(0.0)
            continue

        def gap(lam: float, level: float = level) -> float:
            return float(stats.ncf.cdf(f, df, df_error, lam)) - level

        high = max(1.0, 2 * f * df)
        while gap(high) > 0 and high < 1e9:
            high *= 2
        limits.append(float(brentq(gap, 0.0, high, xtol=1e-11, rtol=1e-13)))
    return limits[0] / (limits[0] + df_error), limits[1] / (limits[1] + df_error)


def d_s(x: Values | Counted, y: Values | Counted, confidence: float = 0.95) -> Estimate:
    """Cohen's d of two independent groups, d_s = (mean x - mean y) / s_pooled, signed.

    s_pooled² = ((n₁-1)s₁² + (n₂-1)s₂²) / (n₁+n₂-2); the interval takes the noncentral t limits times
    √(1/n₁ + 1/n₂) (Lakens 2013; Steiger & Fouladi 1997). None below two people in a group or without variation.
    """
    check_confidence(confidence)
    a, b = counted(x), counted(y)
    n = a.size + b.size
    method = "Cohen's d_s (pooled SD), noncentral t interval"
    if a.size < 2 or b.size < 2:
        return Estimate(None, None, None, n, confidence, method, N_("a group has fewer than two people"))
    if not (a.varies() or b.varies()):
        return Estimate(None, None, None, n, confidence, method, N_("no variation within the groups"))
    assert a.mean is not None and b.mean is not None and a.variance is not None and b.variance is not None
    df = n - 2
    pooled = math.sqrt(((a.size - 1) * a.variance + (b.size - 1) * b.variance) / df)
    estimate = (a.mean - b.mean) / pooled
    unit = math.sqrt(1 / a.size + 1 / b.size)
    low, high = noncentral_t_interval(estimate / unit, df, confidence)
    return Estimate(
        finite(estimate),
        None if low is None else low * unit,
        None if high is None else high * unit,
        n,
        confidence,
        method,
    )


def bonett_interval(paired: Pairs, confidence: float = 0.95) -> Interval:
    """Interval of d_av for pairs whose differences vary.

    Var(d) = d²(s₁⁴ + s₂⁴ + 2r²s₁²s₂²) / (8(n-1)s̄⁴) + s_D² / ((n-1)s̄²), d ± z√Var
    (Bonett 2008, doi 10.1037/1082-989X.13.2.99).
    (None, None) below three pairs.
    """
    n, first, last, cov = paired.size, paired.first, paired.last, paired.covariance
    if n < 3:
        return None, None
    assert cov is not None and first.variance is not None and last.variance is not None
    assert first.mean is not None and last.mean is not None
    v1, v2 = first.variance, last.variance
    average = (v1 + v2) / 2
    d = (last.mean - first.mean) / math.sqrt(average)
    # r s₁ s₂ is the covariance, so r itself (undefined where one wave does not vary) is not needed
    spread = v1**2 + v2**2 + 2 * cov**2
    variance = d**2 * spread / (8 * (n - 1) * average**2) + (v1 + v2 - 2 * cov) / ((n - 1) * average)
    half = float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt(variance)
    return d - half, d + half


def standardised_mean_difference(x: Values, y: Values, confidence: float = 0.95) -> Estimate:
    """How far two groups lie apart, (mean x - mean y) / √((s_x² + s_y²)/2) (Austin 2009), for attrition tables.

    Interval: d ± z √((n₁+n₂)/(n₁n₂) + d²/(2(n₁+n₂))) (Hedges & Olkin 1985). For a yes/no variable hand over
    0 and 1. None below two people in a group or where neither group varies.
    """
    check_confidence(confidence)
    a, b = counted(x), counted(y)
    n = a.size + b.size
    method = "standardised mean difference (average variance), large-sample interval"
    if a.size < 2 or b.size < 2:
        return Estimate(None, None, None, n, confidence, method, N_("a group has fewer than two people"))
    if not (a.varies() or b.varies()):
        return Estimate(None, None, None, n, confidence, method, N_("no variation within the groups"))
    assert a.mean is not None and b.mean is not None and a.variance is not None and b.variance is not None
    d = (a.mean - b.mean) / math.sqrt((a.variance + b.variance) / 2)
    error = math.sqrt(n / (a.size * b.size) + d * d / (2 * n))
    half = float(stats.norm.ppf((1 + confidence) / 2)) * error
    return Estimate(finite(d), finite(d - half), finite(d + half), n, confidence, method)
