"""Whole-number person sums whose group means, SDs, test statistics and slopes fall where they were printed.

A solution is searched from a plausible start: at each step all changes of one person's sum are weighed at
once and the best is taken; where none helps, random changes and exchanges of two persons are weighed in the
same way. So the start is bent as little as the figures ask for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from braid.errors import UserError

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

INSIDE = 0.7, 0.97
"""Shares of a rounding interval's half-width within which a value counts as safely inside: first a wide berth,
then, where figures only just hold together, next to none."""
STEPS = (-6, -3, -2, -1, 1, 2, 3, 6)
PAIRS = 2000
"""How many random changes of two persons are weighed at once."""
PATIENCE = 40
"""How many such batches in a row may bring nothing before an attempt is given up."""
ATTEMPTS = 8


@dataclass(frozen=True)
class Totals:
    """Sums over persons, one row per candidate change: s1 = Σx and s2 = Σx² per group, cross = Σcx per covariate."""

    s1: Real
    s2: Real
    cross: Real


@dataclass(frozen=True)
class Goal:
    """One figure that must lie in [low, high]; value computes it for each candidate from its totals.

    unit: what counts as one step off the interval, so that a narrow interval does not outweigh all others.
    """

    name: str
    low: float
    high: float
    unit: float
    value: Callable[[Totals], Real]


@dataclass
class Search:
    """Groups, covariates and goals over n persons. Group 0 is always everybody.

    divisor: what a person's sum is divided by to give the score (the number of items, or 1 for a sum score).
    """

    n: int
    divisor: float = 1.0
    members: list[NDArray[np.bool_]] = field(default_factory=list)
    covariates: list[Real] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members.append(np.ones(self.n, dtype=bool))

    def group(self, member: NDArray[np.bool_]) -> int:
        """Register a group; its number."""
        self.members.append(member)
        return len(self.members) - 1

    def covariate(self, values: Real) -> int:
        """Register a centred covariate; its number."""
        self.covariates.append(values - values.mean())
        return len(self.covariates) - 1

    def mean(self, group: int, totals: Totals) -> Real:
        return np.asarray(totals.s1[:, group] / (self._size(group) * self.divisor))

    def variance(self, group: int, totals: Totals) -> Real:
        """Variance (n - 1) of the score in a group."""
        size = self._size(group)
        squares = totals.s2[:, group] - totals.s1[:, group] ** 2 / size
        return np.asarray(np.maximum(squares, 0.0) / ((size - 1) * self.divisor**2))

    def sd(self, group: int, totals: Totals) -> Real:
        return np.sqrt(self.variance(group, totals))

    def root_f(self, groups: list[int], totals: Totals) -> Real:
        """Square root of the one-way F with pooled variance; for two groups Student's |t|."""
        n = sum(self._size(g) for g in groups)
        grand = sum(totals.s1[:, g] for g in groups)
        between = sum(totals.s1[:, g] ** 2 / self._size(g) for g in groups) - grand**2 / n
        within = sum(totals.s2[:, g] - totals.s1[:, g] ** 2 / self._size(g) for g in groups)
        f = between / (len(groups) - 1) / np.maximum(within / (n - len(groups)), 1e-12)
        return np.sqrt(np.maximum(f, 0.0))

    def welch_p(self, one: int, other: int, totals: Totals) -> Real:
        """p of Welch's test: t = d/√(a + b), df = (a + b)²/(a²/(n₁-1) + b²/(n₂-1)), a and b being s²/n."""
        n1, n2 = self._size(one), self._size(other)
        a = np.maximum(self.variance(one, totals) / n1, 1e-12)
        b = np.maximum(self.variance(other, totals) / n2, 1e-12)
        t = np.abs(self.mean(one, totals) - self.mean(other, totals)) / np.sqrt(a + b)
        df = (a + b) ** 2 / (a**2 / (n1 - 1) + b**2 / (n2 - 1))
        return np.asarray(2 * stats.t.sf(t, df))

    def correlation(self, covariate: int, totals: Totals) -> Real:
        """Pearson's r of the score with a covariate."""
        own = np.sqrt(self.variance(0, totals) * (self.n - 1)) * self.divisor
        other = np.sqrt((self.covariates[covariate] ** 2).sum())
        return np.asarray(totals.cross[:, covariate] / np.maximum(own * other, 1e-12))

    def _size(self, group: int) -> int:
        return int(self.members[group].sum())

    def loss(self, totals: Totals, inside: float, *, narrow: bool = False) -> Real:
        """Sum over goals of the squared distance from the safe middle of its interval, in the goal's units.

        narrow: in half-widths of its interval instead, so that the narrowest weighs most.
        """
        loss = np.zeros(totals.s1.shape[0])
        for goal in self.goals:
            middle, half = (goal.low + goal.high) / 2, (goal.high - goal.low) / 2
            outside = np.abs(goal.value(totals) - middle) - inside * half
            loss += (np.maximum(outside, 0.0) / (half if narrow else goal.unit)) ** 2
        return loss

    def solve(self, start: Callable[[], Whole], low: int, high: int, rng: np.random.Generator) -> Whole:
        """Sums within [low, high] that meet every goal. start: draws a plausible beginning (called anew for
        each attempt). Raises UserError naming the goals that the last attempt missed.
        """
        missed: list[str] = []
        for _ in range(ATTEMPTS):
            x = np.clip(start(), low, high).astype(np.int64)
            for inside, narrow in ((INSIDE[0], False), (INSIDE[1], False), (INSIDE[1], True)):
                x, totals = self._descend(x, partial(self.loss, inside=inside, narrow=narrow), low, high, rng)
                missed = [g.name for g in self.goals if not g.low <= float(g.value(totals)[0]) <= g.high]
                if not missed:
                    return x
        raise UserError(
            "no simulated cohort reproduces these figures together",
            found=", ".join(missed),
            todo="leave one of them out of targets.yml and say why under left_out",
        )

    def _descend(
        self, x: Whole, weigh: Callable[[Totals], Real], low: int, high: int, rng: np.random.Generator
    ) -> tuple[Whole, Totals]:
        members = np.array(self.members, dtype=float)
        covariates = np.array(self.covariates).reshape(len(self.covariates), self.n)
        totals = _totals(x.astype(float), members, covariates)
        loss, idle = float(weigh(totals)[0]), 0
        persons = np.repeat(np.arange(self.n), len(STEPS))[:, None]
        changes = np.tile(np.array(STEPS), self.n)[:, None]
        while loss > 0.0 and idle < PATIENCE:
            who, by = persons, changes
            if idle:
                who = rng.integers(0, self.n, size=(PAIRS, 2))
                by = rng.choice(np.array(STEPS), size=(PAIRS, 2))
                by[who[:, 0] == who[:, 1], 1] = 0
                # Half of them exchange two persons' sums: within the same groups that moves a slope alone.
                half = PAIRS // 2
                by[:half, 0] = x[who[:half, 1]] - x[who[:half, 0]]
                by[:half, 1] = -by[:half, 0]
            old = x[who]
            new = old + by
            after = Totals(
                totals.s1 + sum(members[:, who[:, k]].T * by[:, k, None] for k in range(who.shape[1])),
                totals.s2 + sum(members[:, who[:, k]].T * (new**2 - old**2)[:, k, None] for k in range(who.shape[1])),
                totals.cross + sum(covariates[:, who[:, k]].T * by[:, k, None] for k in range(who.shape[1])),
            )
            losses = np.where(((new >= low) & (new <= high)).all(axis=1), weigh(after), np.inf)
            best = int(np.argmin(losses))
            if losses[best] >= loss:
                idle += 1
                continue
            idle, loss = 0, float(losses[best])
            x = x.copy()
            np.add.at(x, who[best], by[best])
            totals = Totals(after.s1[[best]], after.s2[[best]], after.cross[[best]])
        return x, totals


def _totals(x: Real, members: Real, covariates: Real) -> Totals:
    return Totals((members @ x)[None, :], (members @ x**2)[None, :], (covariates @ x)[None, :])
