"""The answers to the items of a scale, and the moments of the people who answered every item."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from braid.statistics.samples import Floats, as_matrix, varies

BLOCK = 4_000
"""People who are worked on at a time: so few that a processor keeps them at hand, and no second copy fills memory."""
FAR_FROM_ZERO = 1e-6
"""A spread above this share of the answers is told from the covariances; below it people are looked at again."""


@dataclass(frozen=True)
class Moments:
    """Of n complete people: means, shape (k,), and covariances with n - 1, shape (k, k); NaN below two people."""

    n: int
    means: Floats
    covariance: Floats


@dataclass(frozen=True)
class Answers:
    """Answers of people to k items, NaN as missing; what several methods need of them is computed once.

    matrix: shape (n, k), not to be written to. earlier: answers of the same people to the same items that are taken
    off, so that the complete people are those without a gap in either.
    """

    items: tuple[Hashable, ...]
    matrix: Floats
    earlier: Floats | None = None

    def complete(self) -> Iterator[Floats]:
        """The people who answered every item, some thousand at a time: each shape (up to BLOCK, k), in their order."""
        for start in range(0, len(self.matrix), BLOCK):
            block = self.matrix[start : start + BLOCK]
            if self.earlier is not None:
                block = block - self.earlier[start : start + BLOCK]
            # one missing answer makes the sum of a person missing
            gaps = np.isnan(block.sum(axis=1))
            yield block.T.compress(~gaps, axis=1).T if gaps.any() else block

    @cached_property
    def whole(self) -> Floats:
        """The complete people in one matrix, shape (n, k)."""
        return np.concatenate([np.empty((0, len(self.items))), *self.complete()])

    @cached_property
    def moments(self) -> Moments:
        """The moments of the complete people.

        S = (Σ(x-c)(x-c)ᵀ - Σ(x-c) Σ(x-c)ᵀ / n) / (n - 1), c whole numbers next to the means, so that sums of whole
        answers are exact and no digits are lost.
        """
        k = len(self.items)
        centre: Floats | None = None
        # the last row and column hold the sums of x - c, and n
        products = np.zeros((k + 1, k + 1))
        for block in self.complete():
            if centre is None and len(block):
                centre = np.rint(block.mean(axis=0))
            if centre is not None:
                shifted = np.ones((k + 1, len(block)))
                np.subtract(block.T, centre[:, None], out=shifted[:k])
                products += shifted @ shifted.T
        n = int(products[k, k])
        if centre is None or n < 2:
            return Moments(n, np.full(k, np.nan), np.full((k, k), np.nan))
        sums = products[:k, k]
        return Moments(n, centre + sums / n, (products[:k, :k] - np.outer(sums, sums) / n) / (n - 1))

    def vary(self, weights: Floats) -> bool:
        """Whether the weighted sum of the items, weights of shape (k,), differs between complete people."""
        n, means, covariance = self.moments.n, self.moments.means, self.moments.covariance
        if n < 2:
            return False
        size = np.abs(weights) @ np.sqrt(means**2 + np.diag(covariance))
        if weights @ covariance @ weights > (FAR_FROM_ZERO * size) ** 2 * n:
            return True
        sums = self.whole @ weights
        return varies(sums)


def answers_of(items: pd.DataFrame | Answers) -> Answers:
    """The answers of a frame, persons x items; answers are handed through, with what they know already.

    Raises ValueError naming a column that stands there twice or holds anything but finite numbers.
    """
    return items if isinstance(items, Answers) else Answers(tuple(items.columns), as_matrix(items))
