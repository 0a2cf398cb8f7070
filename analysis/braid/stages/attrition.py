"""Piece of stage `baseline`: who was lost after the first wave, beside those who answered again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Table
from braid.stages.opening import needs
from braid.statistics.descriptive import describe
from braid.statistics.effect_size import standardised_mean_difference
from braid.statistics.samples import Estimate

if TYPE_CHECKING:
    from braid.stages.baseline import Baseline

NONE = N_("Too few people were lost, or answered again, for the two to be compared.")
FEW = 10
NAMED = 4


@dataclass(frozen=True)
class LossRow:
    """One feature of the persons at the first wave: those who answered again beside those who did not."""

    label: str
    kept: str
    lost: str
    difference: Estimate


def losses(stage: Baseline) -> list[LossRow]:
    """Persons of the first wave who did not answer again, beside those who did; empty where nobody was lost."""
    if stage.first is None or stage.stayed is None or not there(stage):
        return []
    # both in the order of the first wave, whose persons are sorted
    stayed = stage.first.index.isin(stage.stayed)
    rows = []
    for name, scale in stage.cohort.study.scales.items():
        rows.append(_loss(scale.short, stage.first[name], stayed))
    for name, spec in stage.cohort.study.characteristics.items():
        if name not in stage.people.columns:
            continue
        values = stage.people[name].reindex(stage.first.index)
        if spec.type == "number":
            rows.append(_loss(f"{spec.label}, {spec.unit}" if spec.unit else spec.label, values, stayed))
            continue
        # Of two levels one says everything about the other.
        shown = list(spec.levels.items())[: 1 if len(spec.levels) == 2 else None]
        for level, label in shown:
            rows.append(_level_loss(f"{spec.label}: {label}", values, level, stayed))
    return rows


def there(stage: Baseline) -> bool:
    """Whether those who were lost are described. Fewer could be recognised, and a comparison would say nothing."""
    if stage.first is None or stage.stayed is None:
        return False
    return min(len(stage.first) - len(stage.stayed), len(stage.stayed)) >= FEW


@needs(there, NONE)
def description(stage: Baseline) -> Prose:
    """Who was lost, in words."""
    assert stage.first is not None and stage.stayed is not None
    lost = len(stage.first) - len(stage.stayed)
    rows = losses(stage)
    large = [row.label for row in rows if row.difference.estimate and abs(row.difference.estimate) >= 0.2]
    fields = {
        "n": numbers.whole(len(stage.first)),
        "lost": numbers.count_percent(lost, len(stage.first)),
    }
    if len(large) > NAMED:
        text = tr(
            "Of the {n} people of the first wave, {lost} did not answer again. @tbl-attrition sets them beside those "
            "who did; standardised differences of 0.2 or more stand for {some} of {features} features.",
            some=str(len(large)),
            features=str(len(rows)),
            **fields,
        )
    elif large:
        text = tr(
            "Of the {n} people of the first wave, {lost} did not answer again. @tbl-attrition sets them beside those "
            "who did; standardised differences of 0.2 or more stand for {named}.",
            named=enumeration([markdown(label) for label in large]),
            **fields,
        )
    else:
        text = tr(
            "Of the {n} people of the first wave, {lost} did not answer again. @tbl-attrition sets them beside those "
            "who did; no standardised difference reaches 0.2.",
            **fields,
        )
    return Prose(Markdown(text))


@needs(there, NONE)
def table(stage: Baseline) -> Table:
    """Those who answered again and those who did not, with standardised differences."""
    assert stage.first is not None and stage.stayed is not None
    lost = len(stage.first) - len(stage.stayed)
    columns: list[Column | Cell] = [
        Column(tr("At the first wave")),
        Column(tr("Answered again (n = {n})", n=numbers.whole(len(stage.stayed))), "number"),
        Column(tr("Lost (n = {n})", n=numbers.whole(lost)), "number"),
        Column(tr("SMD [{ci}]", ci=numbers.ci_name()), "number"),
    ]
    rows = [
        [
            row.label,
            row.kept,
            row.lost,
            numbers.estimate_ci(row.difference.estimate, row.difference.low, row.difference.high, brackets=True),
        ]
        for row in losses(stage)
    ]
    note = tr("Mean ± SD or n (%). SMD: standardised mean difference, answered again minus lost.")
    return Table(columns, rows, notes=[note])


def summary(stage: Baseline) -> str:
    """How many of the first wave were lost, as a clause for the limitations; empty where nobody was."""
    if stage.first is None or stage.stayed is None or len(stage.first) == len(stage.stayed):
        return ""
    lost = len(stage.first) - len(stage.stayed)
    people = counted(lost, "person", "people")
    if there(stage):
        return tr("{people} of the first wave did not answer again, and may differ (@tbl-attrition)", people=people)
    if lost < FEW:
        return tr(
            "{people} of the first wave did not answer again, and may differ (fewer than {few} are not described, to "
            "protect them)",
            people=people,
            few=str(FEW),
        )
    return tr("{people} of the first wave did not answer again, and may differ", people=people)


def _loss(label: str, column: pd.Series, stayed: npt.NDArray[np.bool_]) -> LossRow:
    values = column.to_numpy(dtype=float)
    kept, gone = describe(values[stayed]), describe(values[~stayed])
    difference = standardised_mean_difference(values[stayed], values[~stayed])
    return LossRow(label, numbers.mean_sd(kept.mean, kept.sd), numbers.mean_sd(gone.mean, gone.sd), difference)


def _level_loss(label: str, column: pd.Series, level: str, stayed: npt.NDArray[np.bool_]) -> LossRow:
    known, member = column.notna().to_numpy(), (column == level).to_numpy(dtype=bool)
    kept, gone = stayed & known, ~stayed & known
    is_kept, is_gone = member[kept].astype(float), member[gone].astype(float)
    return LossRow(
        label,
        numbers.count_percent(int(is_kept.sum()), is_kept.size) if is_kept.size else numbers.MISSING,
        numbers.count_percent(int(is_gone.sum()), is_gone.size) if is_gone.size else numbers.MISSING,
        standardised_mean_difference(is_kept, is_gone),
    )
