"""Which whole-number sums of all answers the printed figures of a grouping leave possible.

Answers are whole numbers and everybody answers every item, so a group's mean is a whole number over n·k.
Several groupings of the same people must agree on the sum of everybody and on its sum of squares about the
mean; where they leave none in common, they cannot all have been printed rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from braid.simulation.printed import interval
from braid.simulation.targets import Moments

Bounds = tuple[Fraction, Fraction]
SLACK = 1e-9
"""Relative slack of the comparisons in floating point: a p value is turned into t numerically."""
ROOM = 0.002
"""Relative width of the interval of squares beyond which more room is of no use to the search."""


def sums_of_mean(parts: int, mean: str) -> set[int]:
    """Whole numbers that give the printed mean when divided by `parts`."""
    low, high = interval(mean)
    return set(range(ceil(low * parts), floor(high * parts) + 1))


def mixed_sums(sizes: list[int], parts: int, means: list[Bounds]) -> set[int]:
    """Sums of everybody from the intervals of any number of group means. parts: answers averaged per person."""
    low = sum(ceil(bounds[0] * size * parts) for size, bounds in zip(sizes, means, strict=True))
    high = sum(floor(bounds[1] * size * parts) for size, bounds in zip(sizes, means, strict=True))
    return set(range(low, high + 1))


@dataclass(frozen=True)
class Grouping:
    """Two groups as printed: sizes, moments, and p of their comparison."""

    name: str
    sizes: tuple[int, int]
    moments: tuple[Moments, Moments]
    p: str | None
    test: str


@dataclass(frozen=True)
class Reach:
    """Pairs of group sums that a grouping leaves possible, and for each the interval in which Σ(x-M)² of
    everybody's scores then lies. Four arrays of one length.
    """

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    least: NDArray[np.float64]
    most: NDArray[np.float64]

    @property
    def sums(self) -> set[int]:
        """Sums of everybody."""
        return {int(value) for value in np.unique(self.one + self.other)}


def reach(grouping: Grouping, parts: int, limits: Bounds, whole_sd: str | None) -> Reach | None:
    """What the figures of two groups leave possible; None where neither mean was printed.

    Every pair of group sums within the rounding of the means is weighed. With gap d the squares between the
    groups are B = n₁n₂d²/N; those within lie in the interval of Σ(n-1)s², in that of (N-1)S² - B where the SD
    of everybody was printed, and in that which gives a |t| inside the printed p's interval,
    t = d / √(W/(N-2) · (1/n₁ + 1/n₂)). A pair with no W left is out. limits: lowest and highest score.
    """
    if not any(m.mean for m in grouping.moments):
        return None
    n1, n2 = grouping.sizes
    n = n1 + n2
    spans = [interval(m.mean) if m.mean else limits for m in grouping.moments]
    axes = [
        np.arange(ceil(span[0] * size * parts), floor(span[1] * size * parts) + 1)
        for span, size in zip(spans, grouping.sizes, strict=True)
    ]
    one, other = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    gap = np.abs(one / (n1 * parts) - other / (n2 * parts))
    between = n1 * n2 / n * gap**2
    ends = [_sd_ends(moments, limits) for moments in grouping.moments]
    least, most = (np.full(gap.shape, (n1 - 1) * ends[0][end] ** 2 + (n2 - 1) * ends[1][end] ** 2) for end in (0, 1))
    if whole_sd:
        low, high = (float(bound) for bound in interval(whole_sd))
        least = np.maximum(least, (n - 1) * max(low, 0.0) ** 2 - between)
        most = np.minimum(most, (n - 1) * high**2 - between)
    if grouping.p is not None and grouping.test == "student":
        t_low, t_high = (float(stats.t.isf(float(b) / 2, n - 2)) for b in reversed(interval(grouping.p)))
        unit = gap**2 / ((1 / n1 + 1 / n2) / (n - 2))
        least = np.maximum(least, unit / t_high**2 if t_high > 0 else np.inf)
        most = np.minimum(most, unit / t_low**2 if t_low > 0 else np.inf)
    fits = least <= most * (1 + SLACK)
    return Reach(one[fits], other[fits], (least + between)[fits], (most + between)[fits])


def _sd_ends(moments: Moments, limits: Bounds) -> tuple[float, float]:
    if moments.sd is None:
        return 0.0, float(limits[1] - limits[0])
    low, high = interval(moments.sd)
    return max(float(low), 0.0), float(high)


State = tuple[float, float, float, dict[str, tuple[int, int]]]
"""A partial agreement: least and greatest sum of squares, its oddness, and the group sums chosen so far."""


@dataclass(frozen=True)
class Agreement:
    """Sums on which every grouping agrees: of everybody, of the two groups by grouping, and the interval in
    which Σ(x-M)² of everybody's scores may lie.
    """

    total: int
    groups: dict[str, tuple[int, int]]
    squares: tuple[float, float]


def agree(reaches: dict[str, tuple[Grouping, Reach]], totals: set[int] | None, parts: int) -> Agreement | None:
    """The roomiest agreement of several groupings, or None where there is none: the search is exhaustive.

    totals: sums of everybody that are possible on other grounds.
    """
    common = set.intersection(*(r.sums for _, r in reaches.values()), *([totals] if totals is not None else []))
    best: tuple[float, float] | None = None
    found: Agreement | None = None
    for total in sorted(common):
        states: list[State] = [(0.0, np.inf, 0.0, {})]
        for name, (grouping, pairs) in reaches.items():
            rows = np.flatnonzero(pairs.one + pairs.other == total)
            grown = []
            for low, high, odd, chosen in states:
                for row in rows:
                    least, most = max(low, float(pairs.least[row])), min(high, float(pairs.most[row]))
                    if least <= most:
                        sums = (int(pairs.one[row]), int(pairs.other[row]))
                        far = odd + _oddness(grouping, sums, total, parts)
                        grown.append((least, most, far, {**chosen, name: sums}))
            states = _widest(grown)
        for low, high, odd, chosen in states:
            rank = _rank(low, high, odd)
            if best is None or rank > best:
                best, found = rank, Agreement(total, chosen, (low, high))
    return found


def _widest(states: list[State]) -> list[State]:
    """The states whose interval lies in no other's: nothing that could still agree is lost."""
    kept: list[State] = []
    for state in sorted(states, key=lambda state: (state[0], -state[1], state[2])):
        if not kept or state[1] > kept[-1][1]:
            kept.append(state)
    return kept


def _rank(low: float, high: float, odd: float) -> tuple[float, float]:
    """Room first, as far as it is needed, then the least surprise."""
    return min((high - low) / max(low, 1e-9), ROOM), -odd


def _oddness(grouping: Grouping, sums: tuple[int, int], total: int, parts: int) -> float:
    """How far groups whose mean was not printed (or left out) stand from everybody's mean."""
    whole = total / (sum(grouping.sizes) * parts)
    return sum(
        abs(value / (size * parts) - whole)
        for value, size, moments in zip(sums, grouping.sizes, grouping.moments, strict=True)
        if moments.mean is None
    )


def sum_span(sums: set[int], parts: int) -> str:
    """The means that a set of sums stands for, as `[4.0250, 4.0346]`."""
    return f"[{min(sums) / parts:.4f}, {max(sums) / parts:.4f}]"
