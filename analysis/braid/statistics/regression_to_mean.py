"""Regression to the mean: how far people chosen for an extreme score move without any effect."""

from __future__ import annotations

from dataclasses import dataclass

from braid.statistics.change import PairedChange, paired_change
from braid.statistics.counting import Pairs, pairs
from braid.statistics.samples import Values


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


def extreme_quarter(before: Values | Pairs, after: Values | None = None, *, lowest: bool = True) -> ExtremeQuarter:
    """The lowest (or highest) quarter at the first wave: its change, and what regression to the mean explains of it.

    before, after: scores, shape (n,), NaN as missing; Series are paired by index; pairs stand for both. Expected:
    (1 - r)(μ - m), μ the mean of everybody and m of the quarter at the first wave, r the correlation of the waves
    (Barnett et al. 2005, where the waves vary alike). None below eight pairs, without variation, or where everybody
    ties with the edge.
    """
    people = pairs(before, after)
    n, r = people.size, people.r
    if n < 8 or r is None:
        note = "fewer than eight pairs" if n < 8 else "a wave has no variation"
        return ExtremeQuarter(0, n, None, r, None, note)
    edge = people.first.quantile(0.25 if lowest else 0.75)
    quarter = people.chosen(people.before <= edge if lowest else people.before >= edge)
    if quarter.size == n:
        return ExtremeQuarter(n, n, None, r, None, "everybody is in the extreme quarter")
    assert quarter.first.mean is not None and people.first.mean is not None
    expected = expected_regression(quarter.first.mean, people.first.mean, r)
    return ExtremeQuarter(quarter.size, n, paired_change(quarter), r, expected)


def expected_regression(mean_selected: float, mean_population: float, correlation: float) -> float:
    """The change that regression to the mean alone brings to people selected for their score, in its unit.

    (1 - r)(μ - mean of the selected), r the correlation between the waves (Barnett et al. 2005).
    """
    return (1 - correlation) * (mean_population - mean_selected)
