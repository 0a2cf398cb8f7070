"""A score over two waves with a random intercept, so that people seen in one wave count too."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize_scalar

from braid.statistics.samples import Floats, as_floats, check_confidence, finite, varies


@dataclass(frozen=True)
class Coefficient:
    """One fixed effect in the unit of the score, with Wald interval and two-sided p."""

    name: str
    estimate: float | None
    se: float | None
    low: float | None
    high: float | None
    z: float | None
    p: float | None


@dataclass(frozen=True, kw_only=True)
class MixedChange:
    """Score ~ time (x group) + (1 given person).

    n people, n_scores scores, n_both people with both. coefficients: "intercept", "time" (after - before in the
    first group), and for each further group "group:<level>" and "time x group:<level>".
    variance_person, variance_residual in the squared unit; icc their share between persons.
    """

    n: int
    n_scores: int
    n_both: int
    coefficients: tuple[Coefficient, ...] = ()
    variance_person: float | None = None
    variance_residual: float | None = None
    icc: float | None = None
    confidence: float
    method: str = "linear mixed model with a random intercept for persons, REML, Wald intervals"
    note: str = ""

    def coefficient(self, name: str) -> Coefficient | None:
        """The coefficient of that name, None where the model has none."""
        return next((row for row in self.coefficients if row.name == name), None)


def mixed_change(
    before: pd.Series[Any],
    after: pd.Series[Any],
    group: pd.Series[Any] | None = None,
    *,
    levels: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
) -> MixedChange:
    """Fit the random-intercept model over both waves (Laird & Ware 1982).

    y = Xβ + u_person + e; β = (Σ XᵢᵀVᵢ⁻¹Xᵢ)⁻¹ Σ XᵢᵀVᵢ⁻¹yᵢ with Vᵢ = I + (σ²_u/σ²_e) J, the variances by REML.

    before, after, group: Series with index = person, NaN as missing; people with one wave only stay in.
    levels: the first is the reference. Without three people in both waves, or without variation, the result has
    no coefficients and a note. Raises ValueError on a repeated person.
    """
    check_confidence(confidence)
    for series in (before, after, *([group] if group is not None else [])):
        if not series.index.is_unique:
            raise ValueError("the index must name each person once")
    left, right = before.align(after, join="outer")
    labels = pd.Series("", index=left.index) if group is None else group.reindex(left.index)
    order = [""] if group is None else list(levels or sorted(labels.dropna().unique().tolist(), key=str))
    known = labels.isin(order).to_numpy(dtype=bool)
    x, y = as_floats(left)[known], as_floats(right)[known]
    labels = labels[known]
    order = [level for level in order if bool((labels == level).any())]
    score = np.concatenate([x, y])
    there = ~np.isnan(score)
    person = np.tile(np.arange(x.size), 2)[there]
    time = np.repeat([0.0, 1.0], x.size)[there]
    names, columns = ["intercept", "time"], [np.ones(time.size), time]
    for level in order[1:]:
        member = np.tile((labels == level).to_numpy(dtype=float), 2)[there]
        names += [f"group:{level}", f"time x group:{level}"]
        columns += [member, member * time]
    counts: dict[str, Any] = {
        "n": int(np.unique(person).size),
        "n_scores": int(there.sum()),
        "n_both": int(np.count_nonzero(~np.isnan(x) & ~np.isnan(y))),
    }
    design = np.column_stack(columns)
    why = _not_estimable(x, y, score[there], design)
    if why:
        return MixedChange(**counts, confidence=confidence, note=why)
    return _fit(score[there], design, person, names, counts, confidence)


def _not_estimable(x: Floats, y: Floats, score: Floats, design: Floats) -> str:
    both = ~np.isnan(x) & ~np.isnan(y)
    if np.count_nonzero(both) < 3:
        return "fewer than three people have the score in both waves"
    if not varies((y - x)[both], float(np.abs(score).max())):
        return "no variation of the change between persons"
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return "a group has scores in one wave only"
    if score.size <= design.shape[1] + 1:
        return "too few scores for the number of groups"
    return ""


@dataclass(frozen=True)
class _Moments:
    """Cross-products of design and score over people with the same number of scores, and of their sums."""

    scores: int
    people: int
    inside: Floats
    sums: Floats


def _moments(score: Floats, design: Floats, person: Any) -> list[_Moments]:
    table = np.column_stack([design, score])
    _, who = np.unique(person, return_inverse=True)
    size = np.bincount(who)
    sums = np.zeros((size.size, table.shape[1]))
    np.add.at(sums, who, table)
    found = []
    for scores in np.unique(size):
        rows, people = table[size[who] == scores], sums[size == scores]
        found.append(_Moments(int(scores), len(people), rows.T @ rows, people.T @ people))
    return found


def _weighted(moments: list[_Moments], ratio: float) -> Floats:
    """Σ ZᵢᵀVᵢ⁻¹Zᵢ for Z = design and score, Vᵢ = I + ratio J, whose inverse is I - ratio/(1 + ratio m) J."""
    parts = [part.inside - ratio / (1 + ratio * part.scores) * part.sums for part in moments]
    return np.asarray(sum(parts), dtype=float)


def _deviance(log_ratio: float, moments: list[_Moments], free: int) -> float:
    """-2 log REML likelihood but for constants, effects and residual variance profiled out (Bates et al. 2015)."""
    ratio = math.exp(log_ratio)
    cross = _weighted(moments, ratio)
    fixed, moment = cross[:-1, :-1], cross[:-1, -1]
    residual = float(cross[-1, -1] - moment @ np.linalg.solve(fixed, moment))
    spread = sum(part.people * math.log1p(ratio * part.scores) for part in moments)
    # a residual of 0 (changes equal within each group) drives the ratio to the end of the search
    return spread + float(np.linalg.slogdet(fixed)[1]) + free * math.log(max(residual, 1e-300) / free)


def _fit(
    score: Floats, design: Floats, person: Any, names: list[str], counts: dict[str, Any], confidence: float
) -> MixedChange:
    # with one random intercept REML is a search over one number, the ratio of the two variances
    centre = float(score.mean())
    moments = _moments(score - centre, design, person)
    free = score.size - design.shape[1]
    grid = np.linspace(-14, 14, 57)
    best = float(grid[int(np.argmin([_deviance(float(point), moments, free) for point in grid]))])
    if best == grid[-1]:
        return MixedChange(**counts, confidence=confidence, note="no variation of the change within the groups")
    run = minimize_scalar(
        _deviance, bounds=(best - 0.5, best + 0.5), args=(moments, free), method="bounded", options={"xatol": 1e-10}
    )
    boundary = best == grid[0]
    ratio = 0.0 if boundary else math.exp(float(run.x))
    cross = _weighted(moments, ratio)
    inverse = np.linalg.inv(cross[:-1, :-1])
    effects = inverse @ cross[:-1, -1]
    within = float(cross[-1, -1] - cross[:-1, -1] @ effects) / free
    quantile = float(stats.norm.ppf((1 + confidence) / 2))
    rows = []
    for place, name in enumerate(names):
        estimate = float(effects[place]) + (centre if place == 0 else 0.0)
        error = math.sqrt(within * inverse[place, place])
        z = estimate / error
        low, high, p = estimate - quantile * error, estimate + quantile * error, 2 * stats.norm.sf(abs(z))
        rows.append(Coefficient(name, finite(estimate), finite(error), finite(low), finite(high), finite(z), finite(p)))
    return MixedChange(
        **counts,
        coefficients=tuple(rows),
        variance_person=finite(within * ratio),
        variance_residual=finite(within),
        icc=finite(ratio / (1 + ratio)),
        confidence=confidence,
        note="no variance between persons is left" if boundary else "",
    )
