"""Person sums into item answers: every row keeps its sum, every column gets the total it was given."""

from __future__ import annotations

import numpy as np

from braid.simulation.sums import Real, Whole

NOISE = 0.55
"""SD of a person's own ups and downs over the items, in response steps."""


class Unreachable(ArithmeticError):
    """These person sums and item totals have no answers in common that the search finds."""


def item_totals(total: int, n: int, items: int, spread: float, low: int, high: int, rng: np.random.Generator) -> Whole:
    """Column totals that sum to `total`; their means per person have about the SD `spread`.

    The items lie evenly over the spread in random order, so that none stands far out. Near an end of the
    scale (low, high) the spread is cut to half the way to that end.
    """
    place = np.linspace(-1.0, 1.0, items) if items > 1 else np.zeros(1)
    place = rng.permutation(place) * spread / (place.std(ddof=1) if items > 1 else 1.0)
    room = 0.5 * min(total / items / n - low, high - total / items / n)
    place *= min(1.0, room / max(float(np.abs(place).max()), 1e-9))
    exact = total / items + place * n
    totals = np.array(np.floor(exact), dtype=np.int64)
    short = total - int(totals.sum())
    totals[np.argsort(totals - exact, kind="stable")[:short]] += 1
    return totals


def spread_sums(
    sums: Whole, totals: Whole, low: int, high: int, rng: np.random.Generator, noise: float = NOISE
) -> Whole:
    """Answers (persons x items) on low..high with these row sums and column totals, exactly.

    Each answer starts from the person's mean plus the item's place plus noise, rounded; rows are then mended
    where that costs least, and columns by moving points between items within a person.
    """
    n, items = len(sums), len(totals)
    wish = sums[:, None] / items + (totals / n - totals.sum() / n / items)[None, :]
    wish = wish + rng.normal(0.0, noise, size=(n, items))
    answers: Whole = np.clip(np.rint(wish), low, high).astype(np.int64)
    for row in range(n):
        _mend_row(answers[row], wish[row], int(sums[row]), low, high)
    _mend_columns(answers, wish, totals, low, high)
    return answers


def _mend_row(answers: Whole, wish: Real, total: int, low: int, high: int) -> None:
    while (short := total - int(answers.sum())) != 0:
        step = 1 if short > 0 else -1
        free = (answers < high) if step > 0 else (answers > low)
        cost = np.where(free, (answers + step - wish) ** 2 - (answers - wish) ** 2, np.inf)
        answers[int(np.argmin(cost))] += step


def _mend_columns(answers: Whole, wish: Real, totals: Whole, low: int, high: int) -> None:
    while np.any(gap := totals - answers.sum(axis=0)):
        more, less = int(np.argmax(gap)), int(np.argmin(gap))
        free = (answers[:, more] < high) & (answers[:, less] > low)
        if not free.any():
            raise Unreachable(f"item totals {totals.tolist()} cannot be reached from the person sums")
        cost = (answers[:, more] - wish[:, more]) - (answers[:, less] - wish[:, less])
        row = int(np.argmin(np.where(free, cost, np.inf)))
        answers[row, more] += 1
        answers[row, less] -= 1
