"""Samples as their distinct values and how many people have each: scores of a questionnaire have few values however
many people answer it, and moments, ranks and tests rest on nothing else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.statistics.samples import NOISE, Floats, Values, align, as_floats, finite, observed, varies

Integers: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.signedinteger[Any]]

SHORT_SCALE = 1000
"""Whole numbers that lie no farther apart are told apart by their place on the scale."""


@dataclass(frozen=True)
class Counted:
    """A sample as its distinct values, ascending, and how many people have each."""

    values: Floats
    counts: Integers

    @cached_property
    def size(self) -> int:
        return int(self.counts.sum())

    @cached_property
    def mean(self) -> float | None:
        """None for nobody."""
        return float(self.values @ self.counts) / self.size if self.size else None

    @cached_property
    def variance(self) -> float | None:
        """With n - 1; None below two values."""
        if self.mean is None or self.size < 2:
            return None
        return float((self.values - self.mean) ** 2 @ self.counts) / (self.size - 1)

    @property
    def sd(self) -> float | None:
        """Exactly 0 where nothing varies; None below two values."""
        if self.variance is None:
            return None
        return math.sqrt(self.variance) if self.varies() else 0.0

    @property
    def largest(self) -> float:
        """The size of the largest value, whatever its sign; 0 for nobody."""
        return max(-float(self.values[0]), float(self.values[-1])) if self.values.size else 0.0

    def quantile(self, share: float) -> float:
        """x[j] + g (x[j+1] - x[j]) with (n - 1) share = j + g (Hyndman & Fan 1996, type 7), of one person or more."""
        place = (self.size - 1) * share
        below = math.floor(place)
        reached = np.cumsum(self.counts)
        low, high = self.values[np.searchsorted(reached, [below, min(below + 1, self.size - 1)], "right")]
        return float(low + (place - below) * (high - low))

    def varies(self, scale: float | None = None) -> bool:
        """See `samples.varies`."""
        return self.size > 1 and varies(self.values[[0, -1]], scale)

    def without_noise(self, scale: float) -> Counted:
        """The same with everything below the rounding of numbers of size `scale` as 0."""
        low, high = np.searchsorted(self.values, -NOISE * scale), np.searchsorted(self.values, NOISE * scale, "right")
        if low == high:
            return self
        values, counts = (np.split(part, [low, high]) for part in (self.values, self.counts))
        return Counted(
            np.concatenate([values[0], [0.0], values[2]]), np.concatenate([counts[0], [counts[1].sum()], counts[2]])
        )


def counted(values: Values | Counted) -> Counted:
    """The distinct values that are there, and how often; NaN is missing."""
    return values if isinstance(values, Counted) else Counted(*np.unique(observed(values), return_counts=True))


def counted_by(values: Floats, places: npt.NDArray[Any], groups: int) -> list[Counted]:
    """The sample of each group. places: of each person's group, 0 to groups - 1, or -1; NaN in values is missing."""
    levels, codes = _levels(values)
    table = _table(places, codes, groups, levels.size + 1)
    return [_counted(levels, counts[:-1]) for counts in table]


@dataclass(frozen=True)
class Pairs:
    """The values of the same people at two waves: the distinct pairs of values, and how many people have each.

    before, after, counts: shape (m,), in the order of before, then after. n_before, n_after: people with a value at
    each wave.
    """

    before: Floats
    after: Floats
    counts: Integers
    n_before: int
    n_after: int

    @cached_property
    def size(self) -> int:
        """People with both values."""
        return int(self.counts.sum())

    @cached_property
    def first(self) -> Counted:
        """The first values of the pairs."""
        return self._sample(self.before)

    @cached_property
    def last(self) -> Counted:
        """The last values of the pairs."""
        return self._sample(self.after)

    @cached_property
    def scale(self) -> float:
        """The size of the largest value, which decides what is rounding."""
        return max(self.first.largest, self.last.largest)

    @cached_property
    def differences(self) -> Counted:
        """after - before; a change below the rounding of the values is no change."""
        return self._sample(self.after - self.before).without_noise(self.scale)

    @cached_property
    def covariance(self) -> float | None:
        """Between the waves, with n - 1; None below two pairs."""
        if self.first.mean is None or self.last.mean is None or self.size < 2:
            return None
        products = (self.before - self.first.mean) * (self.after - self.last.mean)
        return float(products @ self.counts) / (self.size - 1)

    @property
    def r(self) -> float | None:
        """Pearson's correlation; None below three pairs or where a wave does not vary."""
        if self.size < 3 or not (self.first.varies() and self.last.varies()):
            return None
        assert self.covariance is not None and self.first.variance is not None and self.last.variance is not None
        return finite(np.clip(self.covariance / math.sqrt(self.first.variance * self.last.variance), -1, 1))

    def chosen(self, kinds: npt.NDArray[np.bool_]) -> Pairs:
        """Those of the distinct pairs, shape (m,), and their people."""
        counts = self.counts[kinds]
        n = int(counts.sum())
        return Pairs(self.before[kinds], self.after[kinds], counts, n, n)

    def _sample(self, values: Floats) -> Counted:
        distinct, place = np.unique(values, return_inverse=True)
        # below 2⁵³ people the sums of these weights are exact
        return _counted(distinct, np.bincount(place, self.counts, distinct.size).astype(np.int64))


def pairs(before: Values | Pairs, after: Values | None = None) -> Pairs:
    """The pairs of two waves; see `samples.align` for who is a pair. NaN is missing; pairs are handed through.

    Raises ValueError on a repeated index entry or on unequal lengths.
    """
    if isinstance(before, Pairs):
        return before
    assert after is not None
    first, last = (as_floats(side) for side in align(before, after))
    return pairs_by(first, last)[0]


def pairs_by(before: Floats, after: Floats, places: npt.NDArray[Any] | None = None, groups: int = 1) -> list[Pairs]:
    """The pairs of each group, or of everybody. before, after, places: shape (n,), of the same people in one order; see
    `counted_by`."""
    (first, start), (last, end) = _levels(before), _levels(after)
    width = last.size + 1
    kinds, cells = np.multiply(start, width, dtype=np.int64) + end, (first.size + 1) * width
    if cells > SHORT_SCALE + 4 * before.size:
        # of many distinct values most pairs do not occur
        occurring, kinds = np.unique(kinds, return_inverse=True)
    else:
        occurring = np.arange(cells)
    rows, columns = np.divmod(occurring, width)
    known_before, known_after = rows < first.size, columns < last.size
    found = []
    for counts in _table(places, kinds, groups, occurring.size):
        there = known_before & known_after & (counts > 0)
        n_before, n_after = (int(counts[known].sum()) for known in (known_before, known_after))
        found.append(Pairs(first[rows[there]], last[columns[there]], counts[there], n_before, n_after))
    return found


def _levels(values: Floats) -> tuple[Floats, Codes]:
    """The distinct values, ascending, and the place of each person's value among them; their number where missing."""
    return _whole_levels(values) or _any_levels(values)


def _whole_levels(values: Floats) -> tuple[Floats, Codes] | None:
    """The same for whole steps on a short scale, where a value is its place; None for any others."""
    gaps = np.isnan(values)
    if gaps.all():
        return None
    low = float(np.fmin.reduce(values))
    width = float(np.fmax.reduce(values)) - low + 1
    # a look at a few people spares most other samples the look at all
    few = values[:SHORT_SCALE] - low
    if width > SHORT_SCALE or (np.rint(few) != few)[~gaps[:SHORT_SCALE]].any():
        return None
    steps = values - low
    steps[gaps] = width
    codes = steps.astype(np.int16)
    return (low + np.arange(width), codes) if (codes == steps).all() else None


def _any_levels(values: Floats) -> tuple[Floats, Codes]:
    codes, distinct = pd.factorize(values)
    order = np.argsort(distinct)
    # the last place is that of -1, a missing value
    place = np.empty(order.size + 1, dtype=np.int64)
    place[order], place[-1] = np.arange(order.size), order.size
    return np.asarray(distinct, dtype=float)[order], place[codes]


def _table(places: npt.NDArray[Any] | None, codes: Codes, groups: int, width: int) -> Integers:
    """How many people of each group have each code, shape (groups, width); without places all are one group."""
    if places is None:
        return np.bincount(codes, minlength=width)[None]
    # people of no group (-1) make the first row
    cells = (places.astype(np.int64) + 1) * width + codes
    return np.bincount(cells, minlength=(groups + 1) * width).reshape(groups + 1, width)[1:]


def _counted(values: Floats, counts: Integers) -> Counted:
    there = counts > 0
    return Counted(values[there], counts[there])
