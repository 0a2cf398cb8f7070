"""Who gains and who does not: the change within each group of people, and whether the changes differ."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from braid.statistics.change import PairedChange, paired_change
from braid.statistics.comparison import GroupComparison, compare_samples
from braid.statistics.counting import pairs_by
from braid.statistics.proportion import Proportion, proportion
from braid.statistics.reliable_change import beyond
from braid.statistics.samples import as_floats, memberships


@dataclass(frozen=True)
class LevelChange:
    """One group: its change, and the share of it that reliably deteriorated (None without a threshold)."""

    level: Hashable
    change: PairedChange
    deteriorated: Proportion | None


@dataclass(frozen=True)
class ChangeByGroup:
    """The change of a score in every group.

    interaction: the changes compared between the groups; for two groups its difference, low and high are the
    group x time interaction in the unit of the score (first - second).
    """

    levels: tuple[LevelChange, ...]
    interaction: GroupComparison
    method: str = "change in each group; group x time interaction as Welch comparison of the changes"


def change_by_group(
    before: pd.Series[Any],
    after: pd.Series[Any],
    group: pd.Series[Any],
    *,
    levels: Sequence[Hashable] | None = None,
    threshold: float | None = None,
    margin: float | None = None,
    alpha: float = 0.05,
    higher_is_better: bool = True,
    confidence: float = 0.95,
) -> ChangeByGroup:
    """Change within, and difference in change between, the groups of one characteristic (O'Neill et al. 2014).

    before, after, group: Series with index = person. threshold: the smallest reliable change in the unit of
    the score, to count who deteriorated. With two waves the group x time interaction is the difference of the
    mean changes, tested here without assuming equal variances (Welch). margin: the smallest difference in change that
    matters, for tests of equivalence at alpha.
    Groups too small to estimate keep their place, with None and a note. Raises ValueError on repeated persons.
    """
    if not group.index.is_unique:
        raise ValueError("the index must name each person once")
    left, right = before.align(after, join="outer")
    order = list(levels) if levels is not None else sorted(group.dropna().unique().tolist(), key=str)
    everybody = left.index if left.index.equals(group.index) else left.index.union(group.index)
    left, right, group = (
        side if side.index.equals(everybody) else side.reindex(everybody) for side in (left, right, group)
    )
    x, y, places = as_floats(left), as_floats(right), memberships(group, order)
    members = pairs_by(x, y, places, len(order))
    rows = []
    for level, people in zip(order, members, strict=True):
        change = paired_change(people, confidence=confidence, higher_is_better=higher_is_better)
        worse = None
        if threshold is not None:
            fell = people.counts[beyond(people.before, people.after, threshold, not higher_is_better)]
            worse = proportion(int(fell.sum()), people.size, confidence=confidence)
        rows.append(LevelChange(level, change, worse))
    samples = [people.differences for people in members]
    belonging = [int(np.count_nonzero(places == place)) for place in range(len(order))]
    interaction = compare_samples(
        order, samples, belonging, len(everybody), margin=margin, alpha=alpha, confidence=confidence
    )
    return ChangeByGroup(tuple(rows), interaction)
