"""The change of one scale between two waves, computed: its score, its items, and its groups of people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from braid.language import N_
from braid.presentation import directions
from braid.statistics.answers import Answers, answers_of
from braid.statistics.change import ItemChange, PairedChange, item_changes, paired_change
from braid.statistics.equivalence import Equivalence, equivalent_change
from braid.statistics.independent_change import IndependentChange, independent_change
from braid.statistics.items import ItemTest, items_change_differently, items_differ
from braid.statistics.ordinal import OrdinalChange
from braid.statistics.regression_to_mean import ExtremeQuarter, extreme_quarter
from braid.statistics.samples import Values
from braid.statistics.scoring import reverse_items
from braid.study import Scale, Study


@dataclass(frozen=True)
class ScaleChange:
    """One scale: its score, its items, whether items changed differently, and the change of each group of people.

    Everything is paired by person, or compares independent waves where people cannot be paired; then nobody knows
    whether items changed differently. Each part is computed when it is first asked for, and kept.

    answers: persons x items at the first and at the last wave, reversed items turned round; scores: of the scale at
    both; paired, all have one index. people: characteristics.
    """

    name: str
    scale: Scale
    study: Study
    people: pd.DataFrame
    answers: tuple[pd.DataFrame, pd.DataFrame]
    scores: tuple[pd.Series, pd.Series]
    paired: bool

    @cached_property
    def score(self) -> PairedChange | IndependentChange:
        """The change of the score."""
        return self._change(*self.scores)

    @cached_property
    def equivalence(self) -> Equivalence | None:
        """Whether the change is too small to matter; None where the study sets no margin."""
        if self.scale.margin is None:
            return None
        return equivalent_change(self.score, self.scale.margin, self.study.change.alpha)

    @property
    def direction(self) -> directions.Direction:
        """What the change allows to say."""
        return directions.direction(self.score.difference, self.score.low, self.score.high, self.scale.higher_is)

    @cached_property
    def items(self) -> tuple[ItemChange, ...]:
        """The change of each item."""
        alpha = self.study.change.alpha
        return item_changes(*self.answers, paired=self.paired, alpha=alpha, higher_is_better=self._better)

    @cached_property
    def ordinal(self) -> tuple[OrdinalChange, ...]:
        """The change of each item as ordered categories; none where nobody can be found again."""
        return tuple(item.ordinal for item in self.items if item.ordinal is not None)

    @cached_property
    def complete(self) -> PairedChange | None:
        """The change of the people who answered every item both times; None where those are all."""
        if not self.paired:
            return None
        whole = self.answers[0].notna().all(axis=1) & self.answers[1].notna().all(axis=1)
        found = self._change(self.scores[0][whole], self.scores[1][whole])
        return found if isinstance(found, PairedChange) and found.n < self.score.n else None

    @cached_property
    def extreme(self) -> ExtremeQuarter | None:
        """The quarter that began worst, for regression to the mean; None where nobody can be found again."""
        return extreme_quarter(*self.scores, lowest=self._better) if self.paired else None

    @cached_property
    def before(self) -> ItemTest:
        """Whether the items differed at the first wave."""
        return items_differ(self._waves[0])

    @cached_property
    def after(self) -> ItemTest:
        """Whether the items differed at the last wave."""
        return items_differ(self._waves[1])

    @cached_property
    def interaction(self) -> ItemTest:
        """Whether the items changed differently."""
        return items_change_differently(*self._waves) if self.paired else _unknown(*self.answers)

    @cached_property
    def _waves(self) -> tuple[Answers, Answers]:
        """The answers with what several tests need of them."""
        first, last = self.answers
        return answers_of(first), answers_of(last)

    @cached_property
    def groups(self) -> dict[str, dict[str, PairedChange | IndependentChange]]:
        """Change by characteristic and level, in the study's order; levels without anybody to compare are left out."""
        known = [name for name in self.study.baseline.groups if name in self.people.columns]
        found = {name: self._by_level(name) for name in known}
        return {name: levels for name, levels in found.items() if levels}

    def of_level(self, characteristic: str, level: str) -> PairedChange | IndependentChange:
        """The change of the people of one level of a characteristic."""
        # paired scores have one index, so that the people of a level are pairs by their position
        first, last = (score.to_numpy() for score in self.scores)
        here, there = (self.people[characteristic].reindex(score.index).to_numpy() for score in self.scores)
        return self._change(first[here == level], last[there == level])

    def _by_level(self, characteristic: str) -> dict[str, PairedChange | IndependentChange]:
        levels = self.study.characteristics[characteristic].levels
        found = {level: self.of_level(characteristic, level) for level in levels}
        return {level: result for level, result in found.items() if None not in (result.mean_before, result.mean_after)}

    def _change(self, first: Values, last: Values) -> PairedChange | IndependentChange:
        if self.paired:
            return paired_change(first, last, alpha=self.study.change.alpha, higher_is_better=self._better)
        return independent_change(first, last, alpha=self.study.change.alpha)

    @property
    def _better(self) -> bool:
        return self.scale.higher_is == "better"

    def adjusted(self, item: ItemChange, method: str) -> float | None:
        """The item's p-value under the study's adjustment."""
        return {"holm": item.p_holm, "bonferroni": item.p_bonferroni, "bh": item.p_bh}[method]


def scale_change(
    study: Study, name: str, people: pd.DataFrame, first: pd.DataFrame, last: pd.DataFrame, *, paired: bool = True
) -> ScaleChange:
    """The change of a scale. first, last: persons x items and scores, index = person; people: characteristics.

    People to be paired are brought into one order here, once for the score and all items.
    """
    scale = study.scales[name]
    everybody = first.index.union(last.index) if paired else None
    answers, scores = [], []
    for wave in (first, last):
        index = wave.index if everybody is None else everybody
        items = wave[list(scale.items)].reindex(index)
        answers.append(reverse_items(items, scale.reverse, scale.minimum, scale.maximum))
        scores.append(wave[name].reindex(index))
    return ScaleChange(name, scale, study, people, (answers[0], answers[1]), (scores[0], scores[1]), paired)


def _unknown(before: pd.DataFrame, after: pd.DataFrame) -> ItemTest:
    return replace(items_change_differently(before.iloc[:0], after.iloc[:0]), note=N_("people cannot be paired"))


def mean_interval(change: PairedChange | IndependentChange, wave: str) -> tuple[float, float, float] | None:
    """Mean with its 95% t interval at one wave, of the pairs or of the wave's own people; None where not estimable."""
    from scipy import stats

    mean, sd = getattr(change, f"mean_{wave}"), getattr(change, f"sd_{wave}")
    n = change.n if isinstance(change, PairedChange) else getattr(change, f"n_{wave}")
    if mean is None or sd is None or n < 2:
        return None
    half = float(stats.t.ppf(0.975, n - 1)) * sd / n**0.5
    return mean, mean - half, mean + half
