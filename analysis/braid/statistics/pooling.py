"""The same quantity in several cohorts: what they say together, how far they differ, and whether beyond chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from braid.language import N_
from braid.statistics.multiplicity import adjust
from braid.statistics.samples import Floats, check_confidence

FEW = 3
"""Fewer cohorts than this give no prediction interval: nothing is left to estimate it from."""


@dataclass(frozen=True)
class Part:
    """What one cohort adds: its name, an estimate, its standard error, and the degrees of freedom of that error."""

    name: str
    estimate: float
    error: float
    df: float


def part_of(
    name: str,
    estimate: float | None,
    low: float | None,
    high: float | None,
    df: float | None,
    *,
    confidence: float = 0.95,
) -> Part | None:
    """An estimate with its t interval as a part: error = (high - low) / 2t; None where any of it is missing.

    A cohort whose interval has no width has no variation, hence no error by which it could be weighed.
    """
    if estimate is None or low is None or high is None or df is None or not high > low:
        return None
    half = float(stats.t.ppf((1 + confidence) / 2, df))
    return Part(name, estimate, (high - low) / (2 * half), df)


@dataclass(frozen=True)
class Pooled:
    """What several cohorts say together.

    k: cohorts. estimate, low, high, t, df, p: the mean over cohorts such as these (random effects).
    common, common_low, common_high: the mean of these very cohorts, weighted by their precision.
    tau2, tau2_low, tau2_high: variance of the true values between cohorts; tau is its root. q, q_df, q_p: Cochran's
    test of heterogeneity; i2: the share of the variation between estimates that is not chance.
    prediction_low, prediction_high: where the true value of a further cohort lies; None below three cohorts.
    What cannot be estimated is None; `note` says why.
    """

    k: int
    confidence: float
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    t: float | None = None
    df: float | None = None
    p: float | None = None
    common: float | None = None
    common_low: float | None = None
    common_high: float | None = None
    tau2: float | None = None
    tau2_low: float | None = None
    tau2_high: float | None = None
    q: float | None = None
    q_df: int | None = None
    q_p: float | None = None
    i2: float | None = None
    prediction_low: float | None = None
    prediction_high: float | None = None
    method: str = (
        "random effects, τ² by restricted maximum likelihood, Hartung-Knapp interval that is never narrower than "
        "the errors of the cohorts allow"
    )
    note: str = ""

    @property
    def tau(self) -> float | None:
        return None if self.tau2 is None else math.sqrt(self.tau2)


def pool(parts: Sequence[Part], *, confidence: float = 0.95) -> Pooled:
    """Pool the estimates of several cohorts.

    With v the squared errors and w = 1/(v + τ²): μ = Σwy/Σw. τ² maximises the restricted likelihood
    -½[Σ log(v + τ²) + log Σw + Σw(y - μ)²] (Viechtbauer 2005), its interval is where Q(τ²) = Σw(y - μ)² meets the
    quantiles of χ² with k - 1 degrees of freedom (Q-profile, Viechtbauer 2007). Interval and test of μ are those of
    Hartung & Knapp (2001): SE² = max(1, Q(τ²)/(k - 1)) / Σw, t with k - 1 degrees of freedom; the 1 keeps two cohorts
    that happen to agree from giving an interval of almost no width (Knapp & Hartung 2003; Röver et al. 2015).
    Q(0) is Cochran's Q; I² = max(0, (Q - k + 1)/Q) (Higgins & Thompson 2002). Prediction interval:
    μ ± t_{k-2} √(τ² + SE²) (Higgins et al. 2009). The order of the cohorts changes nothing.
    Fewer than two cohorts give None with a note. Raises ValueError where a name is repeated or an error is not
    positive.
    """
    check_confidence(confidence)
    _check(parts)
    k = len(parts)
    if k < 2:
        return Pooled(k, confidence, note=N_("fewer than two cohorts can be pooled"))
    y, v = _sorted(parts)
    w = 1 / v
    common, q = _mean_and_q(y, v, 0.0)
    z = float(stats.norm.ppf((1 + confidence) / 2)) / math.sqrt(float(w.sum()))
    tau2 = _restricted_likelihood(y, v)
    tau2_low, tau2_high = _q_profile(y, v, confidence)
    mu, generalised = _mean_and_q(y, v, tau2)
    error2 = max(1.0, generalised / (k - 1)) / float(np.sum(1 / (v + tau2)))
    error = math.sqrt(error2)
    t = mu / error
    half = float(stats.t.ppf((1 + confidence) / 2, k - 1)) * error
    reach = float(stats.t.ppf((1 + confidence) / 2, k - 2)) * math.sqrt(tau2 + error2) if k >= FEW else None
    return Pooled(
        k=k,
        confidence=confidence,
        estimate=mu,
        low=mu - half,
        high=mu + half,
        t=t,
        df=float(k - 1),
        p=2 * float(stats.t.sf(abs(t), k - 1)),
        common=common,
        common_low=common - z,
        common_high=common + z,
        tau2=tau2,
        tau2_low=tau2_low,
        tau2_high=tau2_high,
        q=q,
        q_df=k - 1,
        q_p=float(stats.chi2.sf(q, k - 1)),
        i2=max(0.0, (q - (k - 1)) / q) if q > 0 else 0.0,
        prediction_low=None if reach is None else mu - reach,
        prediction_high=None if reach is None else mu + reach,
    )


@dataclass(frozen=True)
class DifferenceFromFirst:
    """A cohort against the first one, in the unit of the estimate: later - first, with Welch's interval.

    p_holm: adjusted over all the cohorts set against the first.
    """

    name: str
    reference: str
    difference: float
    low: float
    high: float
    t: float
    df: float
    p: float
    p_holm: float


@dataclass(frozen=True)
class Heterogeneity:
    """Whether the cohorts differ by more than chance, and each later one from the first.

    statistic, df, df_error, p: Welch's F over all cohorts (of two: the square of Welch's t).
    What cannot be tested is None; `note` says why.
    """

    differences: tuple[DifferenceFromFirst, ...]
    statistic: float | None
    df: float | None
    df_error: float | None
    p: float | None
    confidence: float
    method: str = "Welch's test of the estimates and their errors"
    note: str = ""


def differences_between(parts: Sequence[Part], *, confidence: float = 0.95) -> Heterogeneity:
    """Test whether the true values differ between cohorts, and estimate each difference from the first.

    With w = 1/SE², ỹ = Σwy/Σw and A = Σ(1 - w/Σw)²/df:
    F = [Σw(y - ỹ)²/(k - 1)] / [1 + 2(k - 2)A/(k² - 1)], df₂ = (k² - 1)/3A (Welch 1951). Where the estimates are mean
    changes of people this is Welch's analysis of variance of the changes, the interaction of cohort and time.
    Difference of two: t interval with df = (SE₁² + SE₂²)²/(SE₁⁴/df₁ + SE₂⁴/df₂) (Welch 1947).
    Raises ValueError as `pool` does.
    """
    check_confidence(confidence)
    _check(parts)
    k = len(parts)
    if k < 2:
        note = N_("fewer than two cohorts can be compared")
        return Heterogeneity((), None, None, None, None, confidence, note=note)
    y, v = _sorted(parts)
    df = np.array([part.df for part in _in_order(parts)])
    _, q = _mean_and_q(y, v, 0.0)
    shares = (1 / v) / float(np.sum(1 / v))
    a = float(np.sum((1 - shares) ** 2 / df))
    f = q / (k - 1) / (1 + 2 * (k - 2) * a / (k * k - 1))
    df_error = (k * k - 1) / (3 * a)
    first = parts[0]
    found = [_welch(part, first, confidence) for part in parts[1:]]
    holm = adjust([row[-1] for row in found], "holm")
    rows = tuple(
        DifferenceFromFirst(part.name, first.name, *row, p_holm=float(holm[place]))
        for place, (part, row) in enumerate(zip(parts[1:], found, strict=True))
    )
    return Heterogeneity(rows, f, float(k - 1), df_error, float(stats.f.sf(f, k - 1, df_error)), confidence)


def _welch(later: Part, first: Part, confidence: float) -> tuple[float, float, float, float, float, float]:
    """Difference, bounds, t, df and p of two estimates."""
    one, other = first.error**2, later.error**2
    error = math.sqrt(one + other)
    df = (one + other) ** 2 / (one**2 / first.df + other**2 / later.df)
    difference = later.estimate - first.estimate
    half = float(stats.t.ppf((1 + confidence) / 2, df)) * error
    t = difference / error
    return difference, difference - half, difference + half, t, df, 2 * float(stats.t.sf(abs(t), df))


def _check(parts: Sequence[Part]) -> None:
    names = [part.name for part in parts]
    if len(set(names)) < len(names):
        raise ValueError("each cohort is named once")
    for part in parts:
        if not (math.isfinite(part.estimate) and 0 < part.error < math.inf and part.df > 0):
            raise ValueError(f"{part.name}: an estimate is finite, and its error and degrees of freedom are positive")


def _in_order(parts: Sequence[Part]) -> list[Part]:
    """One order for every sum, so that the order in which cohorts are named changes no last digit."""
    return sorted(parts, key=lambda part: (part.estimate, part.error, part.df))


def _sorted(parts: Sequence[Part]) -> tuple[Floats, Floats]:
    """Estimates and squared errors, shape (k,)."""
    ordered = _in_order(parts)
    return np.array([part.estimate for part in ordered]), np.array([part.error**2 for part in ordered])


def _mean_and_q(y: Floats, v: Floats, tau2: float) -> tuple[float, float]:
    """The weighted mean and the weighted squares around it."""
    w = 1 / (v + tau2)
    mean = float(np.sum(w * y) / np.sum(w))
    return mean, float(np.sum(w * (y - mean) ** 2))


def _restricted_likelihood(y: Floats, v: Floats) -> float:
    """The τ² with the highest restricted likelihood: the best of a grid, then the zero of the slope beside it."""
    width = float(np.ptp(y))
    if width == 0:
        return 0.0

    def lack(tau: float) -> float:
        _, q = _mean_and_q(y, v, tau**2)
        total = v + tau**2
        return 0.5 * (float(np.sum(np.log(total))) + math.log(float(np.sum(1 / total))) + q)

    def slope(tau2: float) -> float:
        w = 1 / (v + tau2)
        mean, _ = _mean_and_q(y, v, tau2)
        return float(np.sum(w**2 * (y - mean) ** 2) - np.sum(w) + np.sum(w**2) / np.sum(w))

    # The estimates' own spread bounds τ: beyond it the slope is negative.
    grid = np.linspace(0.0, width, 201)
    best = int(np.argmin([lack(tau) for tau in grid]))
    low, high = float(grid[max(best - 1, 0)]) ** 2, float(grid[min(best + 1, 200)]) ** 2
    if slope(low) <= 0:
        return 0.0 if best < 2 else low
    return float(optimize.brentq(slope, low, high, xtol=1e-300, rtol=1e-14)) if slope(high) < 0 else high


def _q_profile(y: Floats, v: Floats, confidence: float) -> tuple[float, float]:
    """The bounds of τ²: Q(τ²) falls with τ², so each quantile is met once or, below zero, not at all."""

    def bound(quantile: float) -> float:
        def gap(tau2: float) -> float:
            return _mean_and_q(y, v, tau2)[1] - quantile

        if gap(0.0) <= 0:
            return 0.0
        high = float(np.ptp(y)) ** 2 + float(v.max())
        while gap(high) > 0:
            high *= 4
        return float(optimize.brentq(gap, 0.0, high, xtol=1e-300, rtol=1e-14))

    k, tail = len(y), (1 - confidence) / 2
    return bound(float(stats.chi2.ppf(1 - tail, k - 1))), bound(float(stats.chi2.ppf(tail, k - 1)))
