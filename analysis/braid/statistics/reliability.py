"""How well the items of a scale hang together."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize

from braid.statistics.answers import Answers, answers_of
from braid.statistics.samples import Floats, check_confidence, finite, varies

FAR_FROM_ZERO = 1e-6
"""Variances above this share of the total's are told from the covariances alone."""


@dataclass(frozen=True)
class ItemReliability:
    """One item: its correlation with the sum of the others, and alpha of the others without it."""

    item: Hashable
    rest_correlation: float | None
    alpha_without: float | None


@dataclass(frozen=True, kw_only=True)
class Alpha:
    """Cronbach's alpha with Feldt's interval; n complete persons, k items."""

    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    k: int
    items: tuple[ItemReliability, ...] = ()
    confidence: float
    method: str = "Cronbach's alpha, complete cases, Feldt's interval"
    note: str = ""


def cronbach_alpha(items: pd.DataFrame | Answers, confidence: float = 0.95) -> Alpha:
    """Cronbach's alpha over the people who answered every item.

    items: persons x items, reversed items already turned round. α = k/(k-1) (1 - Σs²ᵢ / s²_total).
    Interval: 1 - (1-α) F with F the 1-α/2 and α/2 quantiles on (n-1) and (n-1)(k-1) degrees of freedom (Feldt,
    Woodruff & Salih 1987). None below two items, below two complete persons, or where the total does not vary.
    """
    check_confidence(confidence)
    answers = answers_of(items)
    n, k = answers.moments.n, len(answers.items)

    def nothing(why: str) -> Alpha:
        return Alpha(n=n, k=k, confidence=confidence, note=why)

    if k < 2:
        return nothing("a scale needs at least two items")
    if n < 2:
        return nothing("fewer than two people answered every item")
    if not answers.vary(np.ones(k)):
        return nothing("no variation in the sum of the items")
    alpha = _alpha(answers.moments.covariance)
    wide, narrow = (1 + confidence) / 2, (1 - confidence) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    return Alpha(
        alpha=finite(alpha),
        low=finite(1 - (1 - alpha) * stats.f.ppf(wide, df1, df2)),
        high=finite(1 - (1 - alpha) * stats.f.ppf(narrow, df1, df2)),
        n=n,
        k=k,
        items=tuple(ItemReliability(name, *_without(answers, place)) for place, name in enumerate(answers.items)),
        confidence=confidence,
        note="negative: items run against each other; is one not reversed?" if alpha < 0 else "",
    )


def _alpha(covariance: Floats) -> float:
    """Alpha from the covariances of the items, shape (k, k)."""
    k = covariance.shape[0]
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _without(answers: Answers, place: int) -> tuple[float | None, float | None]:
    """The correlation of one item with the sum of the others, and alpha of the others."""
    covariance = answers.moments.covariance
    variance, with_total, of_total = covariance[place, place], covariance[place].sum(), covariance.sum()
    of_rest = of_total - 2 * with_total + variance
    others = np.delete(np.delete(covariance, place, axis=0), place, axis=1)
    if len(others) > 1 and min(variance, of_rest) > FAR_FROM_ZERO * of_total:
        # the covariances tell all; only next to no variation people have to be looked at again
        return finite((with_total - variance) / math.sqrt(variance * of_rest)), finite(_alpha(others))
    total, own = answers.whole.sum(axis=1), answers.whole[:, place]
    rest = total - own
    if not varies(rest, float(np.abs(total).max())):
        return None, None
    correlation = np.corrcoef(own, rest)[0, 1] if varies(own) else None
    return finite(correlation), finite(_alpha(others)) if len(others) > 1 else None


@dataclass(frozen=True, kw_only=True)
class Omega:
    """McDonald's omega total of one factor; n complete persons, k items.

    loadings: one for each item, in the unit of its answers, oriented so that their sum is positive.
    uniquenesses: residual variance of each item in its squared unit.
    """

    omega: float | None = None
    n: int
    k: int
    loadings: tuple[float, ...] = ()
    uniquenesses: tuple[float, ...] = ()
    method: str = "McDonald's omega total, one factor by maximum likelihood, complete cases"
    note: str = ""


# uniquenesses below this share of an item's variance are a Heywood case; the bound of R's factanal
HEYWOOD = 0.005


def omega_total(items: pd.DataFrame | Answers) -> Omega:
    """McDonald's omega over the people who answered every item: the share of the sum's variance that one
    factor explains.

    items: persons x items, reversed items already turned round. ω = (Σλ)² / ((Σλ)² + Σθ) (McDonald 1999), λ and
    θ the maximum-likelihood loadings and uniquenesses of one factor (Jöreskog 1967) in the items' own units.
    None below three items, without more persons than items, or where the correlations are singular.
    """
    answers = answers_of(items)
    n, k = answers.moments.n, len(answers.items)
    if k < 3:
        return Omega(n=n, k=k, note="one factor needs at least three items")
    if n <= k:
        return Omega(n=n, k=k, note="not more people than items")
    if not all(answers.vary(item) for item in np.eye(k)):
        return Omega(n=n, k=k, note="an item does not vary")
    covariance = answers.moments.covariance
    spread = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(spread, spread)
    if np.linalg.eigvalsh(correlations)[0] < 1e-8:
        return Omega(n=n, k=k, note="an item is a sum of others")
    shares = _uniquenesses(correlations)
    if shares is None:
        return Omega(n=n, k=k, note="the factor model did not converge")
    loadings = _loadings(correlations, shares) * spread
    residual = shares * spread**2
    common = float(loadings.sum()) ** 2
    return Omega(
        omega=finite(common / (common + float(residual.sum()))),
        n=n,
        k=k,
        loadings=tuple(loadings.tolist()),
        uniquenesses=tuple(residual.tolist()),
        note="an item has next to no variance of its own (Heywood case)" if shares.min() < HEYWOOD * 1.01 else "",
    )


def _uniquenesses(correlations: Floats) -> Floats | None:
    """The uniquenesses that minimise the one-factor discrepancy, the factor itself profiled out."""
    k = correlations.shape[0]

    def discrepancy(shares: Floats) -> tuple[float, Floats]:
        root = np.sqrt(shares)
        values = np.linalg.eigvalsh(correlations / np.outer(root, root))[:-1]
        loadings = _loadings(correlations, shares)
        gradient = (loadings**2 + shares - 1) / shares**2
        return float(np.sum(values - np.log(values) - 1)), gradient

    start = (1 - 0.5 / k) / np.diag(np.linalg.inv(correlations))
    run = minimize(
        discrepancy,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(HEYWOOD, 1.0)] * k,
        options={"ftol": 1e-16, "gtol": 1e-9, "maxiter": 5000},
    )
    shares = np.asarray(run.x, dtype=float)
    slope = discrepancy(shares)[1]
    inside = (shares > HEYWOOD) & (shares < 1)
    return shares if np.abs(slope[inside]).max(initial=0.0) < 1e-4 else None


def _loadings(correlations: Floats, shares: Floats) -> Floats:
    root = np.sqrt(shares)
    values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
    loadings = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return np.asarray(loadings if loadings.sum() >= 0 else -loadings, dtype=float)
