"""The change of one scale between two waves, computed: its score, its items, and its groups of people."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from braid.statistics.change import ItemChange, PairedChange, item_changes, paired_change
from braid.statistics.items import ItemTest, items_change_differently, items_differ
from braid.statistics.scoring import reverse_items
from braid.study import Scale, Study


@dataclass(frozen=True)
class ScaleChange:
    """One scale: its score, its items, whether items changed differently, and the change of each group of people.

    groups: by characteristic and level, in the study's order; levels without a pair are left out.
    """

    name: str
    scale: Scale
    score: PairedChange
    items: tuple[ItemChange, ...]
    before: ItemTest
    after: ItemTest
    interaction: ItemTest
    groups: dict[str, dict[str, PairedChange]]

    def adjusted(self, item: ItemChange, method: str) -> float | None:
        """The item's p-value under the study's adjustment."""
        return {"holm": item.p_holm, "bonferroni": item.p_bonferroni, "bh": item.p_bh}[method]


def scale_change(study: Study, name: str, people: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame) -> ScaleChange:
    """Compute a scale's change. first, last: persons x items and scores, index = person; people: characteristics."""
    scale, alpha = study.scales[name], study.change.alpha
    better = scale.higher_is == "better"
    before, after = (
        reverse_items(frame[list(scale.items)], scale.reverse, scale.minimum, scale.maximum) for frame in (first, last)
    )
    known = [characteristic for characteristic in study.baseline.groups if characteristic in people.columns]
    groups = {c: _by_level(list(study.characteristics[c].levels), people[c], first[name], last[name]) for c in known}
    return ScaleChange(
        name=name,
        scale=scale,
        score=paired_change(first[name], last[name], alpha=alpha, higher_is_better=better),
        items=item_changes(before, after, alpha=alpha, higher_is_better=better),
        before=items_differ(before),
        after=items_differ(after),
        interaction=items_change_differently(before, after),
        groups={characteristic: found for characteristic, found in groups.items() if found},
    )


def _by_level(levels: list[str], member: pd.Series, first: pd.Series, last: pd.Series) -> dict[str, PairedChange]:
    where = member.reindex(first.index)
    found = {level: paired_change(first[where == level], last) for level in levels}
    return {level: change for level, change in found.items() if change.n}


def mean_interval(change: PairedChange, wave: str) -> tuple[float, float, float] | None:
    """Mean with its 95% t interval at one wave, of the pairs; None where not estimable."""
    from scipy import stats

    mean, sd = getattr(change, f"mean_{wave}"), getattr(change, f"sd_{wave}")
    if mean is None or sd is None or change.n < 2:
        return None
    half = float(stats.t.ppf(0.975, change.n - 1)) * sd / change.n**0.5
    return mean, mean - half, mean + half
