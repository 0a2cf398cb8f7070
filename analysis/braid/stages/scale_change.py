"""The change of one scale between two waves, computed: its score, its items, and its groups of people."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from braid.statistics.change import ItemChange, PairedChange, item_changes, paired_change
from braid.statistics.independent_change import IndependentChange, independent_change
from braid.statistics.items import ItemTest, items_change_differently, items_differ
from braid.statistics.scoring import reverse_items
from braid.study import Scale, Study


@dataclass(frozen=True)
class ScaleChange:
    """One scale: its score, its items, whether items changed differently, and the change of each group of people.

    Everything is paired by person, or compares independent waves where people cannot be paired; then nobody knows
    whether items changed differently. groups: by characteristic and level, in the study's order; levels without
    anybody to compare are left out.
    """

    name: str
    scale: Scale
    score: PairedChange | IndependentChange
    items: tuple[ItemChange, ...]
    before: ItemTest
    after: ItemTest
    interaction: ItemTest
    groups: dict[str, dict[str, PairedChange | IndependentChange]]

    def adjusted(self, item: ItemChange, method: str) -> float | None:
        """The item's p-value under the study's adjustment."""
        return {"holm": item.p_holm, "bonferroni": item.p_bonferroni, "bh": item.p_bh}[method]


def scale_change(
    study: Study, name: str, people: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame, *, paired: bool = True
) -> ScaleChange:
    """Compute a scale's change. first, last: persons x items and scores, index = person; people: characteristics."""
    scale, alpha = study.scales[name], study.change.alpha
    better = scale.higher_is == "better"
    before, after = (
        reverse_items(frame[list(scale.items)], scale.reverse, scale.minimum, scale.maximum) for frame in (first, last)
    )

    def change(x: pd.Series, y: pd.Series) -> PairedChange | IndependentChange:
        if paired:
            return paired_change(x, y, alpha=alpha, higher_is_better=better)
        return independent_change(x, y, alpha=alpha)

    def by_level(characteristic: str) -> dict[str, PairedChange | IndependentChange]:
        here, there = (people[characteristic].reindex(frame.index) for frame in (first, last))
        levels = study.characteristics[characteristic].levels
        # Of a pair the first wave says which group it is; without pairs each wave speaks for itself.
        found = {
            level: change(first.loc[here == level, name], last[name] if paired else last.loc[there == level, name])
            for level in levels
        }
        return {level: result for level, result in found.items() if None not in (result.mean_before, result.mean_after)}

    interaction = items_change_differently(before, after) if paired else _unknown(before, after)
    known = [characteristic for characteristic in study.baseline.groups if characteristic in people.columns]
    groups = {characteristic: by_level(characteristic) for characteristic in known}
    return ScaleChange(
        name=name,
        scale=scale,
        score=change(first[name], last[name]),
        items=item_changes(before, after, paired=paired, alpha=alpha, higher_is_better=better),
        before=items_differ(before),
        after=items_differ(after),
        interaction=interaction,
        groups={characteristic: found for characteristic, found in groups.items() if found},
    )


def _unknown(before: pd.DataFrame, after: pd.DataFrame) -> ItemTest:
    return replace(items_change_differently(before.iloc[:0], after.iloc[:0]), note="people cannot be paired")


def mean_interval(change: PairedChange | IndependentChange, wave: str) -> tuple[float, float, float] | None:
    """Mean with its 95% t interval at one wave, of the pairs or of the wave's own people; None where not estimable."""
    from scipy import stats

    mean, sd = getattr(change, f"mean_{wave}"), getattr(change, f"sd_{wave}")
    n = change.n if isinstance(change, PairedChange) else getattr(change, f"n_{wave}")
    if mean is None or sd is None or n < 2:
        return None
    half = float(stats.t.ppf(0.975, n - 1)) * sd / n**0.5
    return mean, mean - half, mean + half
