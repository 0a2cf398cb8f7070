"""Scores of a scale from the answers to its items."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from braid.statistics.samples import NOISE, as_matrix


def n_answered(items: pd.DataFrame) -> pd.Series[int]:
    """How many items each person answered; items: persons x items, NaN as missing; index kept."""
    return pd.Series((~np.isnan(as_matrix(items))).sum(axis=1), index=items.index, dtype="int64")


def reverse_items(items: pd.DataFrame, reverse: Sequence[Hashable], minimum: float, maximum: float) -> pd.DataFrame:
    """The items as floats, the reversed ones turned round: minimum + maximum - answer.

    Raises ValueError where an item to reverse is not there, or an answer lies outside minimum..maximum.
    """
    absent = [name for name in reverse if name not in items.columns]
    if absent:
        raise ValueError(f"items to reverse that are not there: {absent}; there are {list(items.columns)}")
    answers = as_matrix(items)
    near = NOISE * max(abs(minimum), abs(maximum), 1.0)
    ends = [np.fmin.reduce(answers, axis=None), np.fmax.reduce(answers, axis=None)] if answers.size else []
    for end in ends:
        if end < minimum - near or end > maximum + near:
            column = int(np.argwhere(answers == end)[0, 1])
            raise ValueError(f"item {items.columns[column]!r} holds {end:g}, outside {minimum:g} to {maximum:g}")
    turned = [place for place, name in enumerate(items.columns) if name in reverse]
    if turned:
        answers = answers.copy()
        answers[:, turned] = minimum + maximum - answers[:, turned]
    return pd.DataFrame(answers, index=items.index, columns=items.columns, copy=False)


def scale_score(
    items: pd.DataFrame,
    *,
    minimum: float,
    maximum: float,
    method: Literal["mean", "sum"] = "mean",
    reverse: Sequence[Hashable] = (),
    rule: Literal["half", "complete"] = "half",
) -> pd.Series[Any]:
    """The score of each person, a float Series on the index of `items`; NaN where the rule is not met.

    items: persons x items, answers from minimum to maximum, NaN as missing.
    rule "half": scored if at least half the items are answered (EORTC QLQ-C30 scoring manual; Schafer &
    Graham 2002), from the answered ones: mean = sum / answered; sum = mean x number of items (prorated).
    rule "complete": scored only if every item is answered.
    Raises ValueError on an answer outside the range, or a reversed item that is not there.
    """
    answers = reverse_items(items, reverse, minimum, maximum).to_numpy()
    k = answers.shape[1]
    score = answers.sum(axis=1)
    # for a whole form the sum is the integer itself, without a detour over the mean
    gaps = np.flatnonzero(np.isnan(score))
    if method == "mean":
        score /= max(k, 1)
    partly = answers[gaps]
    answered = k - np.isnan(partly).sum(axis=1)
    scored = (answered >= (k if rule == "complete" else k / 2)) & (answered > 0)
    total = np.nansum(partly, axis=1)
    score[gaps[scored]] = (total if method == "mean" else total * k)[scored] / answered[scored]
    return pd.Series(score if k else np.nan, index=items.index, dtype="float64")
