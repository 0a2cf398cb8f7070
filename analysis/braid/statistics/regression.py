"""A score on one number, such as age."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from braid.language import N_
from braid.statistics.samples import NOISE, Values, check_confidence, complete_pairs, varies


@dataclass(frozen=True, kw_only=True)
class Regression:
    """Slope of y per unit of x. slope, se, low, high, t, df, p belong to the test asked for; both are kept.

    intercept in the unit of y; r2 from 0 to 1. None where not estimable; `note` says why.
    """

    n: int
    slope: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    t: float | None = None
    df: float | None = None
    p: float | None = None
    intercept: float | None = None
    r2: float | None = None
    ordinary_low: float | None = None
    ordinary_high: float | None = None
    ordinary_p: float | None = None
    hc3_low: float | None = None
    hc3_high: float | None = None
    hc3_p: float | None = None
    confidence: float
    method: str
    note: str = ""


def simple_regression(
    x: Values, y: Values, *, test: Literal["hc3", "ordinary"] = "hc3", confidence: float = 0.95
) -> Regression:
    """Least-squares line y = intercept + slope x over complete pairs, shape (n,) each.

    slope = Sxy / Sxx. Ordinary variance s² / Sxx, s² = Σe²/(n-2). HC3, which does not assume equal spread:
    Σ(xᵢ-x̄)² eᵢ²/(1-hᵢ)² / Sxx² with leverage hᵢ = 1/n + (xᵢ-x̄)²/Sxx (MacKinnon & White 1985; Long & Ervin
    2000); both with t on n-2 degrees of freedom.
    Series are joined by index; raises ValueError on a repeated index entry. Below three pairs, or without
    variation in x, there is no slope; HC3 has none where a single person alone carries the slope.
    """
    check_confidence(confidence)
    a, b = complete_pairs(x, y)
    n = int(a.size)
    method = "linear regression, " + ("HC3 standard errors" if test == "hc3" else "ordinary standard errors")
    if n < 3:
        return Regression(n=n, confidence=confidence, method=method, note=N_("fewer than three people"))
    if not varies(a):
        return Regression(n=n, confidence=confidence, method=method, note=N_("no variation in the predictor"))
    centred = a - a.mean()
    sxx = float(centred @ centred)
    slope = float(centred @ (b - b.mean())) / sxx
    intercept = float(b.mean() - slope * a.mean())
    if not varies(b):
        return Regression(
            n=n,
            slope=0.0,
            intercept=float(b.mean()),
            confidence=confidence,
            method=method,
            note=N_("no variation in the outcome"),
        )
    residual = b - b.mean() - slope * centred
    r2 = 1 - float(residual @ residual) / float(np.sum((b - b.mean()) ** 2))
    if not varies(residual, float(np.abs(b).max()) * 10):
        return Regression(
            n=n,
            slope=slope,
            intercept=intercept,
            r2=1.0,
            confidence=confidence,
            method=method,
            note=N_("all points lie on one line, so there is no error to test against"),
        )
    ordinary = math.sqrt(float(residual @ residual) / (n - 2) / sxx)
    slack = 1 - 1 / n - centred**2 / sxx
    # a person with leverage 1 determines the line alone: the residual is 0 and HC3 divides 0 by 0
    lone = bool((slack < 1e-10).any())
    hc3 = None if lone else math.sqrt(float(np.sum((centred * residual / slack) ** 2))) / sxx
    if hc3 is not None and hc3 <= NOISE * ordinary:
        hc3 = None
    quantile = float(stats.t.ppf((1 + confidence) / 2, n - 2))
    found = {}
    for name, error in (("ordinary", ordinary), ("hc3", hc3)):
        if error is not None:
            t = slope / error
            p = 2 * float(stats.t.sf(abs(t), n - 2))
            found[name] = (error, slope - quantile * error, slope + quantile * error, t, p)
    nothing5 = (None, None, None, None, None)
    chosen = found.get(test, nothing5)
    plain, robust = found.get("ordinary", nothing5), found.get("hc3", nothing5)
    return Regression(
        n=n,
        slope=slope,
        se=chosen[0],
        low=chosen[1],
        high=chosen[2],
        t=chosen[3],
        df=float(n - 2),
        p=chosen[4],
        intercept=intercept,
        r2=r2,
        ordinary_low=plain[1],
        ordinary_high=plain[2],
        ordinary_p=plain[4],
        hc3_low=robust[1],
        hc3_high=robust[2],
        hc3_p=robust[4],
        confidence=confidence,
        method=method,
        note=N_("the slope hangs on too few people: no HC3 errors") if hc3 is None else "",
    )
