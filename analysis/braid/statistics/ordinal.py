"""An item as ordered categories instead of numbers: did the odds of a higher answer change?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import expit, logit

from braid.statistics.counting import Pairs, pairs
from braid.statistics.samples import Floats, Values, check_confidence

ROUNDS = 50
BEYOND = 12.0
"""A log odds ratio of this size means that the estimate runs away: one wave has no answer in common with the other."""


@dataclass(frozen=True)
class OrdinalChange:
    """How the odds of a higher answer changed. n: complete pairs.

    odds_ratio: after against before, above 1 where answers are higher after; low, high, z, p from errors that know
    which two answers are one person's. What cannot be estimated is None; `note` says why.
    """

    n: int
    odds_ratio: float | None
    low: float | None
    high: float | None
    z: float | None
    p: float | None
    confidence: float
    method: str = "proportional odds, robust errors by person"
    note: str = ""


def ordinal_change(before: Values | Pairs, after: Values | None = None, confidence: float = 0.95) -> OrdinalChange:
    """The change of an item in the proportional-odds model logit P(Y ≤ j) = θ_j - β time (McCullagh 1980).

    before, after: answers, shape (n,), NaN as missing; Series are paired by index; pairs that are counted already stand
    for both. Estimated by maximum likelihood over both waves; Var = A⁻¹ B A⁻¹, A the information, B the sum of the
    squared scores of persons (Liang & Zeger 1986, working independence). All follows from the table of answers before
    by after, whatever the number of people.
    None below three pairs, with one answer only, or where the odds ratio has no finite estimate.
    """
    check_confidence(confidence)
    paired = pairs(before, after)
    n = paired.size

    def without(note: str) -> OrdinalChange:
        return OrdinalChange(n, None, None, None, None, None, confidence, note=note)

    if n < 3:
        return without("fewer than three people answered both times")
    table = _crossed(paired)
    if len(table) < 2:
        return without("no variation: everybody gave the same answer")
    counts = np.stack([table.sum(axis=1), table.sum(axis=0)])
    found = _fit(counts)
    if found is None:
        return without("the odds ratio has no finite estimate")
    parameters, information = found
    scores = [_scores(parameters, time) for time in (0, 1)]
    both = scores[0][:, None, :] + scores[1][None, :, :]
    meat = np.einsum("ij,ijp,ijq->pq", table, both, both)
    bread = np.linalg.inv(information)
    error = math.sqrt(max(float((bread @ meat @ bread)[-1, -1]), 0.0))
    beta = float(parameters[-1])
    if not error:
        return without("no variation of the changes")
    half = float(stats.norm.ppf((1 + confidence) / 2)) * error
    low, high = math.exp(beta - half), math.exp(beta + half)
    z = beta / error
    return OrdinalChange(n, math.exp(beta), low, high, z, float(2 * stats.norm.sf(abs(z))), confidence)


def _crossed(paired: Pairs) -> Floats:
    """How many people gave each pair of answers: a row for each answer before, a column for each after, in order."""
    levels = np.union1d(paired.before, paired.after)
    table = np.zeros((levels.size, levels.size))
    table[np.searchsorted(levels, paired.before), np.searchsorted(levels, paired.after)] = paired.counts
    return table


def _edges(parameters: Floats, time: int) -> Floats:
    """P(Y ≤ j) at one wave with its ends 0 and 1, shape (k + 1,)."""
    return np.concatenate([[0.0], expit(parameters[:-1] - parameters[-1] * time), [1.0]])


def _scores(parameters: Floats, time: int) -> Floats:
    """Derivatives of log P(Y = j) by (θ, β), shape (k, k): a row for each answer."""
    edges = _edges(parameters, time)
    slope = edges * (1 - edges)
    share = np.diff(edges)
    k = share.size
    scores = np.zeros((k, k))
    for j in range(k):
        if j < k - 1:
            scores[j, j] += slope[j + 1] / share[j]
        if j > 0:
            scores[j, j - 1] -= slope[j] / share[j]
        scores[j, -1] = -time * (slope[j + 1] - slope[j]) / share[j]
    return scores


def _fit(counts: Floats) -> tuple[Floats, Floats] | None:
    """Maximum likelihood by Newton's method with the observed information; counts: shape (2 waves, k answers)."""
    together = np.cumsum(counts.sum(axis=0))[:-1] / counts.sum()
    parameters = np.append(logit(together), 0.0)
    likelihood = _likelihood(parameters, counts)
    for _ in range(ROUNDS):
        gradient, information = _derivatives(parameters, counts)
        step = np.linalg.solve(information, gradient)
        size = 1.0
        while True:
            new = parameters + size * step
            value = _likelihood(new, counts)
            if value >= likelihood - 1e-12 * abs(likelihood) or size < 1e-6:
                break
            size /= 2
        parameters, likelihood = new, value
        if abs(parameters[-1]) > BEYOND or not np.isfinite(likelihood):
            return None
        if float(np.max(np.abs(size * step))) < 1e-12:
            return parameters, _derivatives(parameters, counts)[1]
    return None


def _likelihood(parameters: Floats, counts: Floats) -> float:
    total = 0.0
    for time in (0, 1):
        share, answered = np.diff(_edges(parameters, time)), counts[time] > 0
        if (share[answered] <= 0).any():
            return -math.inf
        total += float(np.sum(counts[time][answered] * np.log(share[answered])))
    return total


def _derivatives(parameters: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Gradient and observed information (the negative second derivatives) of the log likelihood."""
    k = parameters.size
    gradient, information = np.zeros(k), np.zeros((k, k))
    for time in (0, 1):
        edges = _edges(parameters, time)
        share, slope = np.diff(edges), edges * (1 - edges)
        bend = slope * (1 - 2 * edges)
        for j in range(k):
            upper, lower = np.zeros(k), np.zeros(k)
            if j < k - 1:
                upper[j] = 1.0
            if j > 0:
                lower[j - 1] = 1.0
            upper[-1] = lower[-1] = -time
            first = (slope[j + 1] * upper - slope[j] * lower) / share[j]
            second = (bend[j + 1] * np.outer(upper, upper) - bend[j] * np.outer(lower, lower)) / share[j]
            gradient += counts[time, j] * first
            information += counts[time, j] * (np.outer(first, first) - second)
    return gradient, information
