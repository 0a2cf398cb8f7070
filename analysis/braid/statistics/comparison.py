"""Independent groups: does a score differ between them, by how much, and is the difference small enough?"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from braid.statistics import pingouin_edge
from braid.statistics.effect_size import d_s, noncentral_f_eta2_interval
from braid.statistics.samples import (
    Floats,
    Values,
    align,
    as_floats,
    check_confidence,
    finite,
    mean,
    sd,
    varies,
)


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
    margin, equivalence_p, equivalent: two one-sided tests against ±margin in the unit of the score, two groups.
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
    were seen; then p of equivalence = max of the two one-sided p (Schuirmann 1987), equivalent: below alpha.

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
    described: list[Level] = []
    tested: list[Floats] = []
    for level in order:
        belongs = (labels == level).fillna(False).to_numpy(dtype=bool)
        there = values[belongs & ~np.isnan(values)]
        described.append(_describe_level(level, there, int(belongs.sum()) - int(there.size), confidence))
        if there.size >= 2:
            tested.append(there)
    base = _Base(tuple(described), values.size, margin, confidence)
    if len(tested) < 2:
        return base.result([], "", None, note="fewer than two groups with at least two people")
    if not any(varies(sample) for sample in tested):
        return base.result([], "", None, note="no variation within the groups")
    small = [str(row.level) for row in described if row.n < 2]
    note = f"too few people to test: {', '.join(small)}" if small else ""
    if len(tested) == 2:
        return _two(base, tested, test == "welch", alpha, note)
    return _several(base, tested, test == "welch", note)


def _describe_level(level: Hashable, values: Floats, missing: int, confidence: float) -> Level:
    centre, spread = mean(values), sd(values)
    low = high = None
    if centre is not None and spread:
        half = float(stats.t.ppf((1 + confidence) / 2, values.size - 1)) * spread / math.sqrt(values.size)
        low, high = centre - half, centre + half
    return Level(level, int(values.size), missing, centre, spread, low, high)


@dataclass(frozen=True)
class _Base:
    """What every result of one comparison shares."""

    levels: tuple[Level, ...]
    people: int
    margin: float | None
    confidence: float

    def result(
        self, tested: list[Floats], method: str, levene_p: float | None, *, note: str, **found: Any
    ) -> GroupComparison:
        """A comparison with everything that was not found left None."""
        n = sum(int(sample.size) for sample in tested)
        return GroupComparison(
            levels=self.levels,
            n=n,
            n_left_out=self.people - n,
            levene_p=levene_p,
            margin=self.margin,
            confidence=self.confidence,
            method=method,
            note=note,
            **found,
        )


def _two(base: _Base, tested: list[Floats], welch: bool, alpha: float, note: str) -> GroupComparison:
    x, y = tested
    run = pingouin_edge.independent_t(x, y, welch=welch, confidence=base.confidence)
    effect = d_s(x, y, base.confidence)
    equivalence = None
    if base.margin is not None:
        equivalence = finite(pingouin_edge.equivalence_p(x, y, margin=base.margin, welch=welch))
    kind = "Welch's t-test" if welch else "Student's t-test"
    return base.result(
        tested,
        f"{kind}; {effect.method}" + ("; two one-sided tests for equivalence" if base.margin is not None else ""),
        _levene(tested),
        note=note,
        statistic_name="t",
        statistic=finite(run.t),
        df=finite(run.df),
        p=finite(run.p),
        difference=float(x.mean() - y.mean()),
        low=finite(run.low),
        high=finite(run.high),
        d_s=effect.estimate,
        d_s_low=effect.low,
        d_s_high=effect.high,
        equivalence_p=equivalence,
        equivalent=None if equivalence is None else equivalence < alpha,
    )


def _several(base: _Base, tested: list[Floats], welch: bool, note: str) -> GroupComparison:
    ordinary = pingouin_edge.one_way_anova(tested, welch=False)
    eta2 = ordinary.f * ordinary.df / (ordinary.f * ordinary.df + ordinary.df_error)
    low, high = noncentral_f_eta2_interval(ordinary.f, ordinary.df, ordinary.df_error, base.confidence)
    method = "Welch's analysis of variance" if welch else "one-way analysis of variance"
    found: dict[str, Any] = {"eta2": finite(eta2), "eta2_low": low, "eta2_high": high, "statistic_name": "F"}
    if welch and not all(varies(sample) for sample in tested):
        note = "; ".join(filter(None, [note, "Welch's test needs variation in every group"]))
    else:
        run = pingouin_edge.one_way_anova(tested, welch=True) if welch else ordinary
        found |= {
            "statistic": finite(run.f),
            "df": finite(run.df),
            "df_error": finite(run.df_error),
            "p": finite(run.p),
        }
    return base.result(tested, f"{method}; η² with noncentral F interval", _levene(tested), note=note, **found)


def _levene(tested: list[Floats]) -> float | None:
    # the test is an ANOVA of the distances from the median; without variation among those it has none
    distances = [np.abs(sample - np.median(sample)) for sample in tested]
    if not any(
        varies(distance, float(np.abs(sample).max())) for distance, sample in zip(distances, tested, strict=True)
    ):
        return None
    return finite(pingouin_edge.levene_p(tested))
