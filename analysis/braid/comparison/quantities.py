"""Piece of a comparison: what changed in each cohort, pooled, and compared between the cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from braid.language import N_, tr
from braid.presentation import numbers
from braid.stages import arms
from braid.stages.change_shown import effect_of, people_in
from braid.statistics.arms import ArmComparison, compare_arms
from braid.statistics.pooling import Heterogeneity, Part, Pooled, differences_between, part_of, pool
from braid.study import Scale

if TYPE_CHECKING:
    from braid.comparison.compared import Compared, Side
    from braid.stages.scale_change import ScaleChange


@dataclass(frozen=True)
class InCohort:
    """A quantity in one cohort, as it is shown and as it is pooled (part: None where it cannot be; note says why)."""

    cohort: str
    people: str
    before: str
    after: str
    estimate: float | None
    low: float | None
    high: float | None
    effect: str
    part: Part | None
    note: str

    @property
    def text(self) -> str:
        """`0.55 [0.47, 0.63]`, or that it cannot be estimated."""
        if self.estimate is None:
            return tr("not estimable")
        return numbers.estimate_ci(self.estimate, self.low, self.high, brackets=True)


@dataclass(frozen=True)
class Quantity:
    """One thing that is estimated in every cohort: the change of a scale, or the difference of two arms.

    id: of its records, below `compare.`. rows: each cohort with a change, in order. scores: of the people at both
    waves, by cohort, where everybody is paired and there is one arm.
    """

    id: str
    label: str
    scale: Scale
    rows: tuple[InCohort, ...]
    scores: tuple[tuple[str, pd.Series, pd.Series], ...] = ()

    @property
    def of_arms(self) -> bool:
        """Whether it is a difference of arms, and not a change."""
        return ".arm." in self.id

    @property
    def parts(self) -> list[Part]:
        return [row.part for row in self.rows if row.part is not None]

    @cached_property
    def pooled(self) -> Pooled:
        return pool(self.parts)

    @cached_property
    def between(self) -> Heterogeneity:
        return differences_between(self.parts)

    @cached_property
    def adjusted(self) -> ArmComparison | None:
        """The cohorts at the last wave given the same score at the first; None where people are not paired."""
        if len(self.scores) < 2:
            return None
        before, after, cohort = [], [], []
        for name, first, last in self.scores:
            keys = [f"{name}/{person}" for person in first.index]
            before.append(pd.Series(first.to_numpy(), keys))
            after.append(pd.Series(last.to_numpy(), keys))
            cohort.append(pd.Series(name, keys))
        return compare_arms(pd.concat(before), pd.concat(after), pd.concat(cohort), [name for name, *_ in self.scores])

    @property
    def not_estimable(self) -> list[InCohort]:
        """The cohorts whose estimate cannot be pooled."""
        return [row for row in self.rows if row.part is None]


def quantities_of(stage: Compared) -> list[Quantity]:
    """The quantities that answer the study's question, over the cohorts that have a change.

    Where people were in several arms it is the adjusted difference of the arms, not the change of all together.
    """
    sides = stage.with_("change")
    if not sides:
        return []
    if any(arms.there(side.strands.change) for side in sides):
        return _of_arms(stage, sides)
    return [_of_scale(name, scale, sides) for name, scale in stage.study.scales.items()]


def _of_scale(name: str, scale: Scale, sides: Sequence[Side]) -> Quantity:
    changes = {side.name: change_of(side, name) for side in sides}
    paired = all(change.paired for change in changes.values())
    scores = tuple((cohort, *change.scores) for cohort, change in changes.items()) if paired else ()
    return Quantity(name, scale.short, scale, tuple(_row(cohort, c) for cohort, c in changes.items()), scores)


def change_of(side: Side, scale: str) -> ScaleChange:
    """The change of one scale in one cohort."""
    return next(row for row in side.strands.change.scales if row.name == scale)


def _row(cohort: str, change: ScaleChange) -> InCohort:
    found = change.score
    effect = effect_of(found)
    confidence = found.confidence
    part = part_of(cohort, found.difference, found.low, found.high, found.df, confidence=confidence)
    return InCohort(
        cohort,
        people_in(found),
        numbers.mean_sd(found.mean_before, found.sd_before),
        numbers.mean_sd(found.mean_after, found.sd_after),
        found.difference,
        found.low,
        found.high,
        numbers.estimate_ci(effect.value, effect.low, effect.high, brackets=True),
        part,
        found.note,
    )


def _of_arms(stage: Compared, sides: Sequence[Side]) -> list[Quantity]:
    """The adjusted difference of each arm to the first, where the cohorts have these arms."""
    study = stage.study
    assert study.arms is not None
    labels = study.characteristics[study.arms].levels
    levels = list(labels)
    found = []
    for name, scale in study.scales.items():
        for arm in levels[1:]:
            label = tr(
                "{scale}: {arm} against {reference}", scale=scale.short, arm=labels[arm], reference=labels[levels[0]]
            )
            rows = tuple(_arm_row(side, name, arm, levels[0]) for side in sides)
            found.append(Quantity(f"{name}.arm.{arm}", label, scale, rows))
    return found


def _arm_row(side: Side, scale: str, arm: str, reference: str) -> InCohort:
    compared = arms.compared(side.strands.change).get(scale)
    of_arm = {row.arm: row for row in compared.arms} if compared else {}
    people = "; ".join(numbers.whole(of_arm[level].n) for level in (arm, reference) if level in of_arm) or "0"
    rows = compared.differences if compared else ()
    row = next((row for row in rows if (row.arm, row.reference) == (arm, reference)), None)
    if row is None:
        note = (compared.note if compared else "") or N_("the cohort does not have both arms")
        dash = numbers.MISSING
        return InCohort(side.name, people, dash, dash, None, None, None, dash, None, note)
    part = part_of(side.name, row.difference, row.low, row.high, row.df)
    after = numbers.mean_sd(of_arm[arm].mean_after, of_arm[arm].sd_after)
    other = numbers.mean_sd(of_arm[reference].mean_after, of_arm[reference].sd_after)
    size = numbers.fixed(row.d)
    return InCohort(side.name, people, other, after, row.difference, row.low, row.high, size, part, "")
