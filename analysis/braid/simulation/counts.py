"""Every way in which n answers to one item can give a printed mean, SD and top count."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, pairwise
from math import ceil, floor, log

from braid.simulation.printed import interval

SEARCHED = 20_000
"""How many count vectors are looked at before the smoothest is taken."""


def count_vectors(
    n: int, levels: Sequence[int], *, mean: str | None, sd: str | None, top: int | None
) -> Iterator[tuple[int, ...]]:
    """All count vectors (one count per level, ascending) of n answers that round to the printed figures.

    The search is exhaustive: integer sums Σx inside the mean's interval, and for each the integer sums of
    squares inside the SD's, SD² = (Σx² - (Σx)²/n)/(n - 1). An empty iterator proves a contradiction.
    """
    low, high = levels[0], levels[-1]
    lowest, highest = interval(mean) if mean else (Fraction(low), Fraction(high))
    for total in range(ceil(lowest * n), floor(highest * n) + 1):
        squares_low, squares_high = 0, n * max(low * low, high * high)
        if sd:
            s_low, s_high = (max(bound, Fraction(0)) ** 2 * (n - 1) for bound in interval(sd))
            squares_low = ceil(s_low + Fraction(total * total, n))
            squares_high = floor(s_high + Fraction(total * total, n))
        free, rest, left = tuple(levels), n, total
        if top is not None:
            if top > n:
                return
            free, rest, left = free[:-1], n - top, total - top * high
            squares_low, squares_high = squares_low - top * high * high, squares_high - top * high * high
        for vector in _fill(free, rest, left, squares_low, squares_high):
            yield vector if top is None else (*vector, top)


def _fill(levels: tuple[int, ...], n: int, total: int, low: int, high: int) -> Iterator[tuple[int, ...]]:
    """Counts of n answers on these levels with Σx = total and Σx² in [low, high]."""
    first, last = levels[0], levels[-1]
    if n < 0 or not first * n <= total <= last * n:
        return
    # Σx² is least where all answers are equal and greatest where they stand on the two ends.
    if n and (total * total > high * n or (first + last) * total - first * last * n < low):
        return
    if len(levels) == 1:
        if low <= first * first * n <= high:
            yield (n,)
        return
    if len(levels) == 2:
        upper, remainder = divmod(total - first * n, last - first)
        if remainder == 0 and low <= first * first * (n - upper) + last * last * upper <= high:
            yield (n - upper, upper)
        return
    for count in range(n + 1):
        squares = first * first * count
        for rest in _fill(levels[1:], n - count, total - first * count, low - squares, high - squares):
            yield (count, *rest)


def smoothest(vectors: Iterator[tuple[int, ...]]) -> tuple[int, ...] | None:
    """The vector with the fewest turns and the smoothest course of log counts: how real answers look."""
    return min(islice(vectors, SEARCHED), key=_roughness, default=None)


def _roughness(vector: tuple[int, ...]) -> tuple[int, float]:
    logs = [log(count + 0.5) for count in vector]
    steps = [b - a for a, b in pairwise(logs)]
    turns = sum(a < 0 < b for a, b in pairwise(steps))
    return turns, sum((b - a) ** 2 for a, b in pairwise(steps))
