"""Who gains and who does not: the change within each group of people, and whether the changes differ."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from braid.statistics.change import PairedChange, paired_change
from braid.statistics.comparison import GroupComparison, compare_groups
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
    # after the join everybody has one place, and a group is a choice of places
    known = pd.Series(pd.Categorical.from_codes(memberships(group, order), pd.Index(order, dtype=object)), group.index)
    places, x, y = memberships(known.reindex(left.index), order), as_floats(left), as_floats(right)
    paired = ~(np.isnan(x) | np.isnan(y))
    fell = None if threshold is None else beyond(x[paired], y[paired], threshold, not higher_is_better)
    rows = []
    for place, level in enumerate(order):
        members = places == place
        change = paired_change(x[members], y[members], confidence=confidence, higher_is_better=higher_is_better)
        worse = None
        if fell is not None:
            here = fell[members[paired]]
            worse = proportion(int(here.sum()), here.size, confidence=confidence)
        rows.append(LevelChange(level, change, worse))
    changes = pd.Series(y - x, left.index)
    interaction = compare_groups(changes, known, levels=order, margin=margin, alpha=alpha, confidence=confidence)
    return ChangeByGroup(tuple(rows), interaction)
