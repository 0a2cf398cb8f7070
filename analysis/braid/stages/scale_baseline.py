"""One scale at the first wave, computed: its score, reliability and ends, and its comparison between groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from braid.statistics.comparison import GroupComparison, compare_groups
from braid.statistics.descriptive import Ceiling, Description, ceiling, describe
from braid.statistics.regression import Regression, simple_regression
from braid.statistics.reliability import Alpha, cronbach_alpha
from braid.statistics.scoring import reverse_items
from braid.study import Scale, Study

ERRORS: dict[str, Literal["hc3", "ordinary"]] = {"welch": "hc3", "student": "ordinary"}


@dataclass(frozen=True)
class ScaleBaseline:
    """One scale at the first wave: its score, reliability, ends, and comparisons by characteristic.

    Each part is computed when it is first asked for, and kept. first: persons x items and scores; people:
    characteristics of the same persons in the same order.
    """

    name: str
    scale: Scale
    study: Study
    first: pd.DataFrame
    people: pd.DataFrame

    @cached_property
    def score(self) -> Description:
        """The score: n, mean, SD, quartiles and range."""
        return describe(self.first[self.name])

    @cached_property
    def alpha(self) -> Alpha:
        """Cronbach's alpha of the items."""
        scale = self.scale
        items = self.first[list(scale.items)]
        return cronbach_alpha(reverse_items(items, scale.reverse, scale.minimum, scale.maximum))

    @cached_property
    def ends(self) -> Ceiling:
        """How many are at the ends of the scale."""
        size = len(self.scale.items) if self.scale.score == "sum" else 1
        return ceiling(self.first[self.name], self.scale.minimum * size, self.scale.maximum * size)

    @property
    def at_best(self) -> bool:
        """Whether so many are at the best end of the scale that an improvement can show only in part."""
        return bool(self.ends.ceiling if self.scale.higher_is == "better" else self.ends.floor)

    @cached_property
    def groups(self) -> dict[str, GroupComparison]:
        """The score by each characteristic that has levels."""
        study, score = self.study, self.first[self.name]
        return {
            name: compare_groups(
                score,
                self.people[name],
                test=study.baseline.test,
                levels=list(study.characteristics[name].levels),
                margin=self.scale.margin,
                alpha=study.change.alpha,
            )
            for name in study.baseline.groups
            if name in self.people.columns
        }

    @cached_property
    def numbers(self) -> dict[str, Regression]:
        """The score on each characteristic that is a number."""
        errors = ERRORS[self.study.baseline.test]
        return {
            name: simple_regression(self.people[name], self.first[self.name], test=errors)
            for name in self.study.baseline.numbers
            if name in self.people.columns
        }
