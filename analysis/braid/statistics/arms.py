"""Arms of a comparison: is the last wave different between them, given where each person began?"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from braid.statistics.multiplicity import adjust
from braid.statistics.samples import Floats, as_floats, check_confidence, finite, varies

METHOD = "analysis of covariance: last wave on first wave and arm, ordinary least squares, equal slopes"


@dataclass(frozen=True)
class Arm:
    """One arm: n with both waves, their means and SDs, and the mean of the last wave adjusted to the common start."""

    arm: Hashable
    n: int
    mean_before: float | None
    sd_before: float | None
    mean_after: float | None
    sd_after: float | None
    adjusted: float | None = None


@dataclass(frozen=True)
class ArmDifference:
    """An arm against the first one, adjusted for the first wave: arm - reference, in the unit of the score.

    low, high: t interval. d: the difference over the pooled SD of the first wave. p_holm: over all differences.
    """

    arm: Hashable
    reference: Hashable
    difference: float
    low: float
    high: float
    t: float
    df: float
    p: float
    p_holm: float
    d: float | None


@dataclass(frozen=True)
class ArmComparison:
    """Arms compared at the last wave, adjusted for the first.

    slope: change of the last wave for one unit of the first. f, df, df_error, p: all arms at once.
    slopes_p: whether the slope differs between arms (then one adjusted difference does not hold for everybody).
    What cannot be estimated is None; `note` says why.
    """

    arms: tuple[Arm, ...]
    differences: tuple[ArmDifference, ...]
    n: int
    slope: float | None
    f: float | None
    df: float | None
    df_error: float | None
    p: float | None
    slopes_p: float | None
    confidence: float
    method: str = METHOD
    note: str = ""


def compare_arms(
    before: pd.Series[Any],
    after: pd.Series[Any],
    arm: pd.Series[Any],
    levels: Sequence[Hashable],
    *,
    confidence: float = 0.95,
) -> ArmComparison:
    """Compare arms by analysis of covariance, the first of `levels` being the reference.

    before, after: scores, index = person; arm: the arm of each person. People with both scores and an arm are used.
    y = μ + β (x - x̄) + α_arm + e; adjusted mean of an arm: μ + α_arm, at the mean of x over all people. The F of the
    arms compares the residual sums of squares with and without them (Vickers & Altman 2001). Arms with fewer than two
    people are described and not tested. Raises ValueError on a repeated person.
    """
    check_confidence(confidence)
    for series in (before, after, arm):
        if not series.index.is_unique:
            raise ValueError("the index must name each person once")
    people = before.index.intersection(after.index)
    x_all, y_all = as_floats(before.loc[people]), as_floats(after.loc[people])
    member = arm.reindex(people).to_numpy(dtype=object)
    both = ~(np.isnan(x_all) | np.isnan(y_all))
    described = tuple(
        _describe(level, x_all[both & (member == level)], y_all[both & (member == level)]) for level in levels
    )
    tested = [row.arm for row in described if row.n >= 2]
    used = both & np.isin(member, np.array(tested, dtype=object))
    x, y, group = x_all[used], y_all[used], member[used]
    n, k = int(x.size), len(tested)

    def without(note: str) -> ArmComparison:
        return ArmComparison(described, (), n, None, None, None, None, None, None, confidence, note=note)

    if k < 2:
        return without("fewer than two arms with at least two people")
    if n - k - 1 < 1 or not varies(y):
        return without("no variation at the last wave" if n - k - 1 >= 1 else "too few people for an adjustment")
    dummies = np.column_stack([(group == level).astype(float) for level in tested[1:]])
    ones, centred = np.ones((n, 1)), (x - x.mean())[:, None]
    slopes = varies(x)
    full = np.hstack([ones, dummies, centred] if slopes else [ones, dummies])
    beta, rss, df = _fit(full, y)
    if rss <= 1e-12 * float(np.sum((y - y.mean()) ** 2)):
        return without("all points lie on lines, so there is no error to test against")
    _, rss_without, _ = _fit(np.hstack([ones, centred]) if slopes else ones, y)
    f = (rss_without - rss) / (k - 1) / (rss / df)
    inverse = np.linalg.inv(full.T @ full)
    quantile = float(stats.t.ppf((1 + confidence) / 2, df))
    spread = _pooled_sd([x[group == level] for level in tested])
    found = []
    for place, level in enumerate(tested[1:], start=1):
        error = math.sqrt(rss / df * inverse[place, place])
        difference = float(beta[place])
        t = difference / error
        p = 2 * float(stats.t.sf(abs(t), df))
        d = difference / spread if spread else None
        found.append((level, difference, difference - quantile * error, difference + quantile * error, t, p, d))
    holm = adjust([row[5] for row in found], "holm")
    differences = tuple(
        ArmDifference(level, tested[0], difference, low, high, t, float(df), p, float(holm[i]), d)
        for i, (level, difference, low, high, t, p, d) in enumerate(found)
    )
    adjusted = {level: float(beta[0] + (beta[place] if place else 0.0)) for place, level in enumerate(tested)}
    arms = tuple(
        Arm(row.arm, row.n, row.mean_before, row.sd_before, row.mean_after, row.sd_after, adjusted.get(row.arm))
        for row in described
    )
    left = [str(row.arm) for row in described if row.n < 2]
    return ArmComparison(
        arms=arms,
        differences=differences,
        n=n,
        slope=float(beta[-1]) if slopes else None,
        f=finite(f),
        df=float(k - 1),
        df_error=float(df),
        p=finite(stats.f.sf(f, k - 1, df)),
        slopes_p=_slopes_p(full, centred, dummies, y, rss, df) if slopes else None,
        confidence=confidence,
        note=f"too few people to test: {', '.join(left)}" if left else "",
    )


def _describe(level: Hashable, x: Floats, y: Floats) -> Arm:
    def moments(values: Floats) -> tuple[float | None, float | None]:
        centre = float(values.mean()) if values.size else None
        return centre, float(values.std(ddof=1)) if values.size > 1 else None

    return Arm(level, int(x.size), *moments(x), *moments(y))


def _fit(design: Floats, y: Floats) -> tuple[Floats, float, int]:
    """Least squares: coefficients, residual sum of squares, degrees of freedom left."""
    beta, *_ = np.linalg.lstsq(design, y, rcond=None)
    residual = y - design @ beta
    return as_floats(beta), float(residual @ residual), len(y) - int(design.shape[1])


def _slopes_p(full: Floats, centred: Floats, dummies: Floats, y: Floats, rss: float, df: int) -> float | None:
    """p of the interaction of first wave and arm."""
    more = dummies.shape[1]
    if df - more < 1:
        return None
    _, rss_more, df_more = _fit(np.hstack([full, dummies * centred]), y)
    if rss_more <= 0:
        return None
    return finite(stats.f.sf((rss - rss_more) / more / (rss_more / df_more), more, df_more))


def _pooled_sd(samples: list[Floats]) -> float | None:
    df = sum(sample.size - 1 for sample in samples)
    squares = sum(float(np.sum((sample - sample.mean()) ** 2)) for sample in samples)
    return math.sqrt(squares / df) if df and squares > 0 else None
