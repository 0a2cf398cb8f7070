"""Independent groups: does a score differ between them, by how much, and is the difference small enough?"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from braid.language import N_, tr
from braid.statistics.counting import Counted, counted_by
from braid.statistics.effect_size import d_s, noncentral_f_eta2_interval
from braid.statistics.equivalence import equivalent_groups
from braid.statistics.samples import (
    Floats,
    Values,
    align,
    as_floats,
    check_confidence,
    finite,
    memberships,
)
from braid.statistics.t_test import independent_t


@dataclass(frozen=True)
class Level:
    """One group: its people with a score (n), those without (missing), mean with t interval, SD."""

    level: Hashable
    n: int
    missing: int
    mean: float | None
    sd: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class GroupComparison:
    """A score compared over independent groups.

    levels: every group, in order. n: people in the test; n_left_out: people without score or group, of another
    group, or in a group too small to test.
    statistic_name "t" (two groups: statistic, df, p; difference = first - second with low, high; d_s) or "F"
    (three or more: statistic, df, df_error, p; eta2). levene_p: equal variances, centred on the medians.
    margin, equivalence_p, equivalent: two one-sided tests against ±margin in the unit of the score, of every pair.
    What cannot be estimated is None; `note` says why.
    """

    levels: tuple[Level, ...]
    n: int
    n_left_out: int
    statistic_name: str = ""
    statistic: float | None = None
    df: float | None = None
    df_error: float | None = None
    p: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    d_s: float | None = None
    d_s_low: float | None = None
    d_s_high: float | None = None
    eta2: float | None = None
    eta2_low: float | None = None
    eta2_high: float | None = None
    levene_p: float | None = None
    margin: float | None = None
    equivalence_p: float | None = None
    equivalent: bool | None = None
    confidence: float
    method: str
    note: str = ""


def compare_groups(
    score: Values,
    group: pd.Series[Any] | Sequence[Any] | np.ndarray[Any, Any],
    *,
    test: Literal["welch", "student"] = "welch",
    levels: Sequence[Hashable] | None = None,
    margin: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> GroupComparison:
    """Compare a score over the levels of a grouping variable.

    score: shape (n,), NaN as missing. group: one label a person; two Series are joined by index.
    levels: the groups in order (the difference is first - second); without them those that occur, sorted.
    test: "welch" does not assume equal variances, "student" does (ordinary ANOVA for three groups or more).
    margin: the largest difference that would still not matter, in the unit of the score, set before the data
    were seen; then p of equivalence is the larger of the two one-sided p (Schuirmann 1987), of three groups or more
    the largest over all pairs, and equivalent: below alpha.

    d_s = ΔM / s_pooled with noncentral t interval; η² = SS_between / SS_total with an interval from the
    noncentrality of the ordinary F (Steiger 2004); Levene's test after Brown & Forsythe (1974).
    Levels with fewer than two people are described and not tested. Fewer than two testable levels, or no
    variation, give None with a note. Raises ValueError on a repeated index entry or unequal lengths.
    """
    check_confidence(confidence)
    labels = group if isinstance(group, pd.Series) else pd.Series(list(group), dtype=object)
    if not isinstance(score, pd.Series):
        labels = labels.reset_index(drop=True)
        score = pd.Series(as_floats(score))
        if len(score) != len(labels):
            raise ValueError(f"{len(score)} scores and {len(labels)} group labels")
    elif not isinstance(group, pd.Series):
        if len(score) != len(labels):
            raise ValueError(f"{len(score)} scores and {len(labels)} group labels")
        labels.index = score.index
    scores, labels = align(score, labels)
    values = as_floats(scores)
    order = list(levels) if levels is not None else sorted(labels.dropna().unique().tolist(), key=str)
    places = memberships(labels, order)
    samples = counted_by(values, places, len(order))
    belonging = [int(np.count_nonzero(places == place)) for place in range(len(order))]
    return compare_samples(
        order, samples, belonging, values.size, test=test, margin=margin, alpha=alpha, confidence=confidence
    )


def compare_samples(
    levels: Sequence[Hashable],
    samples: Sequence[Counted],
    belonging: Sequence[int],
    people: int,
    *,
    test: Literal["welch", "student"] = "welch",
    margin: float | None = None,
    alpha: float = 0.05,
    confidence: float = 0.95,
) -> GroupComparison:
    """`compare_groups` of samples that are counted already.

    samples: the scores of each level; belonging: people of each level, with a score or without; people: all there are,
    of whatever level or none.
    """
    check_confidence(confidence)
    described = [
        _describe_level(level, there, members - there.size, confidence)
        for level, there, members in zip(levels, samples, belonging, strict=True)
    ]
    tested = [sample for sample in samples if sample.size >= 2]
    base = _Base(tuple(described), people, margin, alpha, test == "welch", confidence)
    if len(tested) < 2:
        return base.result([], "", None, note=N_("fewer than two groups with at least two people"))
    if not any(sample.varies() for sample in tested):
        return base.result([], "", None, note=N_("no variation within the groups"))
    small = [str(row.level) for row in described if row.n < 2]
    note = tr("too few people to test: {groups}", groups=", ".join(small)) if small else ""
    if len(tested) == 2:
        return _two(base, tested, note)
    return _several(base, tested, note)


def _describe_level(level: Hashable, values: Counted, missing: int, confidence: float) -> Level:
    centre, spread = values.mean, values.sd
    low = high = None
    if centre is not None and spread:
        half = float(stats.t.ppf((1 + confidence) / 2, values.size - 1)) * spread / math.sqrt(values.size)
        low, high = centre - half, centre + half
    return Level(level, values.size, missing, centre, spread, low, high)


@dataclass(frozen=True)
class _Base:
    """What every result of one comparison shares."""

    levels: tuple[Level, ...]
    people: int
    margin: float | None
    alpha: float
    welch: bool
    confidence: float

    def result(
        self, tested: list[Counted], method: str, levene_p: float | None, *, note: str, **found: Any
    ) -> GroupComparison:
        """A comparison with everything that was not found left None."""
        n = sum(sample.size for sample in tested)
        p = None
        if self.margin is not None and tested:
            p = equivalent_groups(tested, self.margin, welch=self.welch)
            method += "; two one-sided tests for equivalence" + (" of every pair" if len(tested) > 2 else "")
        return GroupComparison(
            levels=self.levels,
            n=n,
            n_left_out=self.people - n,
            levene_p=levene_p,
            margin=self.margin,
            equivalence_p=p,
            equivalent=None if p is None else p < self.alpha,
            confidence=self.confidence,
            method=method,
            note=note,
            **found,
        )


def _two(base: _Base, tested: list[Counted], note: str) -> GroupComparison:
    x, y = tested
    assert x.mean is not None and y.mean is not None
    run = independent_t(x, y, welch=base.welch, confidence=base.confidence)
    effect = d_s(x, y, base.confidence)
    kind = "Welch's t-test" if base.welch else "Student's t-test"
    return base.result(
        tested,
        f"{kind}; {effect.method}",
        _levene(tested),
        note=note,
        statistic_name="t",
        statistic=finite(run.t),
        df=finite(run.df),
        p=finite(run.p),
        difference=x.mean - y.mean,
        low=finite(run.low),
        high=finite(run.high),
        d_s=effect.estimate,
        d_s_low=effect.low,
        d_s_high=effect.high,
    )


def _several(base: _Base, tested: list[Counted], note: str) -> GroupComparison:
    ordinary = _one_way(tested, welch=False)
    eta2 = ordinary.f * ordinary.df / (ordinary.f * ordinary.df + ordinary.df_error)
    low, high = noncentral_f_eta2_interval(ordinary.f, ordinary.df, ordinary.df_error, base.confidence)
    method = "Welch's analysis of variance" if base.welch else "one-way analysis of variance"
    found: dict[str, Any] = {"eta2": finite(eta2), "eta2_low": low, "eta2_high": high, "statistic_name": "F"}
    if base.welch and not all(sample.varies() for sample in tested):
        note = "; ".join(filter(None, [note, tr("Welch's test needs variation in every group")]))
    else:
        run = _one_way(tested, welch=True) if base.welch else ordinary
        found |= {
            "statistic": finite(run.f),
            "df": finite(run.df),
            "df_error": finite(run.df_error),
            "p": finite(run.p),
        }
    return base.result(tested, f"{method}; η² with noncentral F interval", _levene(tested), note=note, **found)


def _levene(tested: list[Counted]) -> float | None:
    """p of the ordinary analysis of variance of the distances from the median; None where these do not vary."""
    distances = []
    for sample in tested:
        reached, half = np.cumsum(sample.counts), (sample.size + np.array([1, 2])) // 2
        median = sample.values[np.searchsorted(reached, half)].mean()
        distances.append(_nearest_first(np.abs(sample.values - median), sample.counts))
    if not any(each.varies(sample.largest) for each, sample in zip(distances, tested, strict=True)):
        return None
    return finite(_one_way(distances, welch=False).p)


@dataclass(frozen=True)
class _FTest:
    """F, its two degrees of freedom, and p."""

    f: float
    df: float
    df_error: float
    p: float


def _one_way(groups: list[Counted], *, welch: bool) -> _FTest:
    """One-way analysis of variance over independent groups from their sizes, means and variances.

    Ordinary: F = Σn(m - m̄)² / (k-1) over Σ(n-1)s² / (N-k). Welch (1951): weights w = n/s², m̃ = Σwm/Σw,
    Λ = Σ(1 - w/Σw)²/(n-1), F = Σw(m - m̃)² / (k-1) / (1 + 2(k-2)Λ/(k²-1)) on (k²-1)/(3Λ) degrees of freedom.
    """
    k, sizes = len(groups), np.array([group.size for group in groups])
    means, variances = (np.array([getattr(group, name) for group in groups]) for name in ("mean", "variance"))
    weights = sizes / variances if welch else sizes
    centre = weights @ means / weights.sum()
    between = float(weights @ (means - centre) ** 2) / (k - 1)
    if welch:
        unequal = float(np.sum((1 - weights / weights.sum()) ** 2 / (sizes - 1)))
        f, df_error = between / (1 + 2 * (k - 2) * unequal / (k**2 - 1)), (k**2 - 1) / (3 * unequal)
    else:
        df_error = float(sizes.sum() - k)
        f = between / (float((sizes - 1) @ variances) / df_error)
    return _FTest(f, float(k - 1), df_error, float(stats.f.sf(f, k - 1, df_error)))


def _nearest_first(distances: Floats, counts: npt.NDArray[np.int64]) -> Counted:
    order = np.argsort(distances)
    return Counted(distances[order], counts[order])
