"""Regression to the mean: how far people chosen for an extreme score move without any effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from braid.statistics.change import PairedChange, paired_change
from braid.statistics.effect_size import pair_moments
from braid.statistics.samples import Values, complete_pairs, varies


@dataclass(frozen=True)
class ExtremeQuarter:
    """The quarter of people with the most extreme first scores, those who tie with its edge included.

    change: of these people. expected: the change that regression to the mean alone would bring them, in the unit of the
    score. r: the correlation of the waves over everybody. None where it cannot be estimated; `note` says why.
    """

    n: int
    of: int
    change: PairedChange | None
    r: float | None
    expected: float | None
    note: str = ""


def extreme_quarter(before: Values, after: Values, *, lowest: bool = True) -> ExtremeQuarter:
    """The lowest (or highest) quarter at the first wave: its change, and what regression to the mean explains of it.

    before, after: scores, shape (n,), NaN as missing; Series are paired by index. Expected: (1 - r)(μ - m), μ the mean
    of everybody and m of the quarter at the first wave, r the correlation of the waves (Barnett et al. 2005, where the
    waves vary alike). None below eight pairs, without variation, or where everybody ties with the edge.
    """
    x, y = complete_pairs(before, after)
    r = pair_moments(x, y).r if x.size > 1 and varies(x) and varies(y) else None
    if x.size < 8 or r is None:
        note = "fewer than eight pairs" if x.size < 8 else "a wave has no variation"
        return ExtremeQuarter(0, int(x.size), None, r, None, note)
    edge = np.quantile(x, 0.25 if lowest else 0.75)
    chosen = x <= edge if lowest else x >= edge
    n = int(chosen.sum())
    if n == x.size:
        return ExtremeQuarter(n, n, None, r, None, "everybody is in the extreme quarter")
    expected = expected_regression(float(x[chosen].mean()), float(x.mean()), r)
    return ExtremeQuarter(n, int(x.size), paired_change(x[chosen], y[chosen]), r, expected)


def expected_regression(mean_selected: float, mean_population: float, correlation: float) -> float:
    """The change that regression to the mean alone brings to people selected for their score, in its unit.

    (1 - r)(μ - mean of the selected), r the correlation between the waves (Barnett et al. 2005).
    """
    return (1 - correlation) * (mean_population - mean_selected)
