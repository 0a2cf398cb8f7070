"""Arms of a comparison: is the last wave different between them, given where each person began?"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from braid.language import N_, tr
from braid.statistics.counting import Integers, Pairs, pairs_by
from braid.statistics.multiplicity import adjust
from braid.statistics.samples import Floats, as_floats, check_confidence, finite, memberships, varies

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
    y = μ + β (x - x̄) + α_arm + e, β from the squares and products within the arms; adjusted mean of an arm: μ +
    α_arm, at the mean of x over all people. The F of the arms compares the residual sums of squares with and without
    them (Vickers & Altman 2001). Arms with fewer than two people are described and not tested. Raises ValueError on a
    repeated person.
    """
    check_confidence(confidence)
    for series in (before, after, arm):
        if not series.index.is_unique:
            raise ValueError("the index must name each person once")
    before, after = before.align(after, join="inner")
    x_all, y_all = as_floats(before), as_floats(after)
    places = memberships(arm if arm.index.equals(before.index) else arm.reindex(before.index), levels)
    samples = pairs_by(x_all, y_all, places, len(levels))
    described = tuple(_describe(level, people) for level, people in zip(levels, samples, strict=True))
    tested = [row.arm for row in described if row.n >= 2]
    groups = [_Regression(people.before, people.after, people.counts) for people in samples if people.size >= 2]
    n, k = sum(group.n for group in groups), len(groups)

    def without(note: str) -> ArmComparison:
        return ArmComparison(described, (), n, None, None, None, None, None, None, confidence, note=note)

    if k < 2:
        return without(N_("fewer than two arms with at least two people"))
    x, y, counts = (np.concatenate([getattr(group, name) for group in groups]) for name in ("x", "y", "counts"))
    if n - k - 1 < 1 or not varies(y):
        return without(
            N_("no variation at the last wave") if n - k - 1 >= 1 else N_("too few people for an adjustment")
        )
    whole = _Regression(x, y, counts)
    if whole.inclined and not any(group.inclined for group in groups):
        return without(N_("within each arm everybody began alike, so that start and arm cannot be told apart"))
    slopes = whole.inclined
    sxx = sum(group.sxx for group in groups)
    slope, df = (sum(group.sxy for group in groups) / sxx, n - k - 1) if slopes else (0.0, n - k)
    rss = sum(group.rss(slope) for group in groups)
    if rss <= 1e-12 * whole.rss(0.0):
        return without(N_("all points lie on lines, so there is no error to test against"))
    f = (whole.rss(whole.slope) - rss) / (k - 1) / (rss / df)
    quantile = float(stats.t.ppf((1 + confidence) / 2, df))
    within = sxx / (n - k)
    found = []
    reference = groups[0]
    for level, group in zip(tested[1:], groups[1:], strict=True):
        apart = group.centre_x - reference.centre_x
        difference = group.centre_y - reference.centre_y - slope * apart
        error = math.sqrt(rss / df * (1 / group.n + 1 / reference.n + (apart**2 / sxx if slopes else 0.0)))
        t = difference / error
        p = 2 * float(stats.t.sf(abs(t), df))
        d = difference / math.sqrt(within) if slopes else None
        found.append((level, difference, difference - quantile * error, difference + quantile * error, t, p, d))
    holm = adjust([row[5] for row in found], "holm")
    differences = tuple(
        ArmDifference(level, tested[0], difference, low, high, t, float(df), p, float(holm[i]), d)
        for i, (level, difference, low, high, t, p, d) in enumerate(found)
    )
    adjusted = {
        level: group.centre_y - slope * (group.centre_x - whole.centre_x)
        for level, group in zip(tested, groups, strict=True)
    }
    arms = tuple(
        Arm(row.arm, row.n, row.mean_before, row.sd_before, row.mean_after, row.sd_after, adjusted.get(row.arm))
        for row in described
    )
    left = [str(row.arm) for row in described if row.n < 2]
    return ArmComparison(
        arms=arms,
        differences=differences,
        n=n,
        slope=slope if slopes else None,
        f=finite(f),
        df=float(k - 1),
        df_error=float(df),
        p=finite(stats.f.sf(f, k - 1, df)),
        slopes_p=_slopes_p(groups, rss, df) if slopes else None,
        confidence=confidence,
        note=tr("too few people to test: {arms}", arms=", ".join(left)) if left else "",
    )


def _describe(level: Hashable, people: Pairs) -> Arm:
    first, last = people.first, people.last
    return Arm(level, people.size, first.mean, first.sd, last.mean, last.sd)


class _Regression:
    """The last wave y on the first wave x, within one arm or over all: n people, centres, Sxx and Sxy.

    counts: how many people have each pair of x and y.
    """

    def __init__(self, x: Floats, y: Floats, counts: Integers) -> None:
        self.x, self.y, self.counts, self.n = x, y, counts, int(counts.sum())
        self.centre_x, self.centre_y = float(counts @ x) / self.n, float(counts @ y) / self.n
        self.dx, self.dy = x - self.centre_x, y - self.centre_y
        self.inclined = varies(x)
        self.sxx, self.sxy = float(counts @ self.dx**2), float(counts @ (self.dx * self.dy))

    @property
    def slope(self) -> float:
        """0 where the first wave does not vary."""
        return self.sxy / self.sxx if self.inclined else 0.0

    def rss(self, slope: float) -> float:
        """The sum of squared residuals from a line of this slope through the centre."""
        return float(self.counts @ (self.dy - slope * self.dx) ** 2)


def _slopes_p(groups: list[_Regression], rss: float, df: int) -> float | None:
    """p of the interaction of first wave and arm: does a slope of its own for each arm leave less unexplained?"""
    more = sum(group.inclined for group in groups) - 1
    if more < 1 or df - more < 1:
        return None
    rss_more = sum(group.rss(group.slope) for group in groups)
    if rss_more <= 0:
        return None
    return finite(stats.f.sf((rss - rss_more) / more / (rss_more / (df - more)), more, df - more))
