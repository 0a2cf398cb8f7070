"""Stage `baseline`: the first wave, who started where, and who was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from braid.cleaning import CleanSurvey, open_survey
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, counted, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import fact, keep_records, needs
from braid.stages.scale_baseline import ScaleBaseline
from braid.statistics.comparison import GroupComparison
from braid.statistics.descriptive import describe
from braid.statistics.effect_size import standardised_mean_difference
from braid.statistics.regression import Regression
from braid.statistics.samples import Estimate
from braid.study import Characteristic, Cohort, Scale, open_cohort

STAGE = "baseline"
FEW = 10
NAMED = 4


@dataclass(frozen=True)
class LossRow:
    """One feature of the persons at the first wave: those who answered again beside those who did not."""

    label: str
    kept: str
    lost: str
    difference: Estimate


@dataclass(frozen=True)
class Baseline:
    """The first wave of a cohort."""

    cohort: Cohort
    first: pd.DataFrame | None
    people: pd.DataFrame
    stayed: pd.Index | None

    @cached_property
    def scales(self) -> list[ScaleBaseline]:
        """Each scale of the study at the first wave; none where the cohort has no survey."""
        if self.first is None:
            return []
        study, first = self.cohort.study, self.first
        people = self.people.reindex(first.index)
        return [ScaleBaseline(name, scale, study, first, people) for name, scale in study.scales.items()]

    @property
    def compared(self) -> bool:
        """Whether there is a characteristic to compare the first wave by."""
        return any(row.groups or row.numbers for row in self.scales)

    @needs(lambda self: self.scales, "This cohort has no survey, so there is no baseline.")
    def description(self) -> Prose:
        """The first wave in words."""
        when = markdown(self.cohort.study.waves[self.cohort.study.first_wave]).lower()
        parts = []
        for row in self.scales:
            mean = numbers.mean_sd(row.score.mean, row.score.sd)
            parts.append(f"{markdown(row.scale.short)} was {mean} (n = {numbers.whole(row.score.n)})")
        text = f"At the first wave ({when}), {enumeration([part[0].lower() + part[1:] for part in parts])}"
        high = [markdown(row.scale.short).lower() for row in self.scales if row.ends.ceiling]
        more = "; @tbl-baseline describes the scores."
        if high:
            more += (
                f" For {enumeration(high)} more than 15% of the people were already at the highest possible score, "
                "so that a rise there can show only in part."
            )
        return Prose(Markdown(text + more))

    @needs(lambda self: self.scales, "This cohort has no survey, so there is no baseline.")
    def table(self) -> Table:
        """n, mean ± SD, median (IQR), range, reliability and share at the ceiling of each scale."""
        rows = []
        for row in self.scales:
            score, alpha, ends = row.score, row.alpha, row.ends
            quartiles = f"{numbers.fixed(score.median)} ({numbers.interval(score.q1, score.q3, between='–')})"
            reach = numbers.interval(score.minimum, score.maximum, between="–")
            consistency = numbers.estimate_ci(alpha.alpha, alpha.low, alpha.high, brackets=True)
            rows.append(
                [
                    row.scale.short,
                    numbers.whole(score.n),
                    numbers.mean_sd(score.mean, score.sd),
                    quartiles,
                    reach,
                    consistency,
                    numbers.count_percent(ends.at_maximum, ends.n),
                ]
            )
        columns: list[Column | Cell] = [
            "Scale",
            Column("n", "number"),
            Column("Mean ± SD", "number"),
            Column("Median (IQR)", "number"),
            Column("Range", "number"),
            Column("Alpha [95% CI]", "number"),
            Column("At ceiling, n (%)", "number"),
        ]
        note = "Alpha is Cronbach's, of complete cases, with Feldt's interval. IQR: interquartile range."
        return Table(columns, rows, notes=[note])

    @needs(lambda self: self.compared, "This cohort has no characteristics to compare the first wave by.")
    def groups_description(self) -> Prose:
        """Which groups started elsewhere, in words."""
        found, all_names = [], []
        for row in self.scales:
            for name, comparison in row.groups.items():
                label = self.cohort.study.characteristics[name].label
                all_names.append(label)
                if comparison.p is not None and comparison.p < self.cohort.study.change.alpha:
                    found.append(f"{markdown(row.scale.short).lower()} by {markdown(label).lower()}")
        names = enumeration([markdown(label).lower() for label in dict.fromkeys(all_names)])
        ages = enumeration(
            [markdown(self.cohort.study.characteristics[n].label).lower() for n in self.scales[0].numbers]
        )
        if found:
            text = f"The groups differed at the first wave in {enumeration(found)} (@tbl-groups)."
        else:
            text = (
                f"Compared by {names}, no difference at the first wave was clear (@tbl-groups). The intervals say how "
                "large a difference could still be; a wide one is not evidence that groups are equal."
            )
        return Prose(Markdown(text + (f" The same table gives the slope by {ages}." if ages else "")))

    @needs(lambda self: self.compared, "This cohort has no characteristics to compare the first wave by.")
    def groups_table(self) -> Table:
        """Score at the first wave by characteristic: n, mean ± SD, difference with its interval, test."""
        rows: list[Row | Group] = []
        many = len(self.scales) > 1
        for row in self.scales:
            for name, comparison in row.groups.items():
                spec = self.cohort.study.characteristics[name]
                rows.append(Group(f"{row.scale.short}: {spec.label}" if many else spec.label))
                rows += _group_rows(comparison, spec)
            for name, regression in row.numbers.items():
                rows.append(
                    _number_row(regression, self.cohort.study.characteristics[name], row.scale if many else None)
                )
        columns: list[Column | Cell] = [
            "Group",
            Column("n", "number"),
            Column("Mean ± SD", "number"),
            Column("Difference [95% CI]", "number"),
            "Test",
            Column("p", "number"),
        ]
        notes = [self._test_note()]
        return Table(columns, rows, notes=notes)

    def _test_note(self) -> str:
        several_levels = any(len(c.levels) > 2 for row in self.scales for c in row.groups.values())
        method = {"student": "Student's t-test (equal variances)", "welch": "Welch's t-test (unequal variances)"}
        several = {"student": "one-way ANOVA", "welch": "Welch's ANOVA"}
        test = self.cohort.study.baseline.test
        note = f"Two groups are compared by {method[test]}; the difference is the first group minus the second."
        if several_levels:
            note += f" More than two groups are compared by {several[test]}."
        if any(row.numbers for row in self.scales):
            errors = {"welch": "heteroscedasticity-consistent errors (HC3)", "student": "ordinary errors"}
            note += f" For a number the difference is the slope of a linear regression with {errors[test]}."
        return note

    @cached_property
    def losses(self) -> list[LossRow]:
        """Persons of the first wave who did not answer again, beside those who did; empty where nobody was lost."""
        if self.first is None or self.stayed is None or not self.losses_told:
            return []
        # both in the order of the first wave, whose persons are sorted
        stayed = self.first.index.isin(self.stayed)
        rows = []
        for name, scale in self.cohort.study.scales.items():
            rows.append(_loss(scale.short, self.first[name], stayed))
        for name, spec in self.cohort.study.characteristics.items():
            if name not in self.people.columns:
                continue
            values = self.people[name].reindex(self.first.index)
            if spec.type == "number":
                rows.append(_loss(f"{spec.label}, {spec.unit}" if spec.unit else spec.label, values, stayed))
                continue
            # Of two levels one says everything about the other.
            shown = list(spec.levels.items())[: 1 if len(spec.levels) == 2 else None]
            for level, label in shown:
                rows.append(_level_loss(f"{spec.label}: {label}", values, level, stayed))
        return rows

    @property
    def losses_told(self) -> bool:
        """Whether those who were lost are described. Fewer could be recognised, and a comparison would say nothing."""
        if self.first is None or self.stayed is None:
            return False
        return min(len(self.first) - len(self.stayed), len(self.stayed)) >= FEW

    @needs(lambda self: self.losses_told, "Nobody of the first wave was lost.")
    def losses_description(self) -> Prose:
        """Who was lost, in words."""
        assert self.first is not None and self.stayed is not None
        lost = len(self.first) - len(self.stayed)
        large = [row.label for row in self.losses if row.difference.estimate and abs(row.difference.estimate) >= 0.2]
        text = (
            f"Of the {numbers.whole(len(self.first))} people of the first wave, "
            f"{numbers.count_percent(lost, len(self.first))} did not answer again. @tbl-attrition sets them beside "
            "those who did; "
        )
        if len(large) > NAMED:
            text += f"standardised differences of 0.2 or more stand for {len(large)} of {len(self.losses)} features."
        elif large:
            text += f"standardised differences of 0.2 or more stand for {enumeration([markdown(w) for w in large])}."
        else:
            text += "no standardised difference reaches 0.2."
        return Prose(Markdown(text))

    @needs(lambda self: self.losses_told, "Nobody of the first wave was lost.")
    def losses_table(self) -> Table:
        """Those who answered again and those who did not, with standardised differences."""
        assert self.first is not None and self.stayed is not None
        lost = len(self.first) - len(self.stayed)
        columns: list[Column | Cell] = [
            "At the first wave",
            Column(f"Answered again (n = {numbers.whole(len(self.stayed))})", "number"),
            Column(f"Lost (n = {numbers.whole(lost)})", "number"),
            Column("SMD [95% CI]", "number"),
        ]
        rows = [
            [
                row.label,
                row.kept,
                row.lost,
                numbers.estimate_ci(row.difference.estimate, row.difference.low, row.difference.high, brackets=True),
            ]
            for row in self.losses
        ]
        note = "Mean ± SD or n (%). SMD: standardised mean difference, answered again minus lost."
        return Table(columns, rows, notes=[note])

    def records(self) -> list[Record]:
        """Baseline records: overall, by group, by number, reliability."""
        records = []
        for row in self.scales:
            stem, score = f"baseline.{row.name.lower()}", row.score
            mean = numbers.mean_sd(score.mean, score.sd)
            records.append(
                Record(
                    f"{stem}.overall",
                    mean,
                    score.mean,
                    n=score.n,
                    unit="score",
                    method=score.method,
                    cell="tbl-baseline",
                    note=score.note,
                )
            )
            alpha = numbers.estimate_ci(row.alpha.alpha, row.alpha.low, row.alpha.high)
            records.append(
                Record(
                    f"{stem}.alpha",
                    alpha,
                    row.alpha.alpha,
                    row.alpha.low,
                    row.alpha.high,
                    row.alpha.n,
                    method=row.alpha.method,
                    cell="tbl-baseline",
                    note=row.alpha.note,
                )
            )
            for name, comparison in row.groups.items():
                records += _group_records(f"{stem}.by.{name.lower()}", comparison)
            for name, slope in row.numbers.items():
                text = f"{numbers.estimate_ci(slope.slope, slope.low, slope.high)}, {numbers.p_clause(slope.p)}"
                records.append(
                    Record(
                        f"{stem}.by.{name.lower()}",
                        text,
                        slope.slope,
                        slope.low,
                        slope.high,
                        slope.n,
                        unit="score per unit",
                        method=slope.method,
                        cell="tbl-groups",
                        note=slope.note,
                        parts={"p": numbers.p_value(slope.p)},
                    )
                )
        records += [fact("groups", self.compared, STAGE), fact("attrition", self.losses_told, STAGE)]
        return records

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Baseline:
    """Open the first wave of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_cohort(cohort)
    data = open_survey(opened)
    first, stayed = _waves(opened, data)
    return Baseline(opened, first, data.people, stayed)


def _waves(cohort: Cohort, data: CleanSurvey) -> tuple[pd.DataFrame | None, pd.Index | None]:
    waves, study = data.waves, cohort.study
    first = waves.get(study.first_wave) if study.waves else None
    last = waves.get(study.last_wave) if len(study.waves) > 1 else None
    if first is None or last is None or cohort.spec.pairing == "none":
        return first, None
    return first, first.index.intersection(last.index)


def _group_rows(comparison: GroupComparison, spec: Characteristic) -> list[Row]:
    rows = []
    for place, level in enumerate(comparison.levels):
        cells = [spec.levels[str(level.level)], numbers.whole(level.n), numbers.mean_sd(level.mean, level.sd)]
        if place == 0:
            between = "–"
            if comparison.difference is not None:
                between = numbers.estimate_ci(comparison.difference, comparison.low, comparison.high, brackets=True)
            cells += [between, _test_text(comparison), numbers.p_value(comparison.p)]
        else:
            cells += ["", "", ""]
        rows.append(Row(tuple(cells), indent=1))
    return rows


def _test_text(comparison: GroupComparison) -> str:
    if comparison.statistic is None:
        return f"not estimable: {comparison.note}"
    df = (comparison.df,) if comparison.df_error is None else (comparison.df, comparison.df_error)
    return numbers.statistic(comparison.statistic_name, comparison.statistic, *df)


def _number_row(found: Regression, spec: Characteristic, scale: Scale | None) -> Row:
    label = f"{spec.label}, per {spec.unit.removesuffix('s')}" if spec.unit else spec.label
    label = f"{scale.short}: {label}" if scale else label
    slope = numbers.estimate_ci(found.slope, found.low, found.high, brackets=True)
    test = numbers.statistic("t", found.t, found.df) if found.t is not None else f"not estimable: {found.note}"
    return Row((label, numbers.whole(found.n), "–", slope, test, numbers.p_value(found.p)), strong=False)


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
        numbers.count_percent(int(is_kept.sum()), is_kept.size) if is_kept.size else "–",
        numbers.count_percent(int(is_gone.sum()), is_gone.size) if is_gone.size else "–",
        standardised_mean_difference(is_kept, is_gone),
    )


def _group_records(stem: str, comparison: GroupComparison) -> list[Record]:
    records = [
        Record(
            stem,
            f"{_test_text(comparison)}, {numbers.p_clause(comparison.p)}",
            comparison.difference,
            comparison.low,
            comparison.high,
            comparison.n,
            unit="score",
            method=comparison.method,
            cell="tbl-groups",
            parts={"p": numbers.p_value(comparison.p)},
            note=comparison.note,
        )
    ]
    for level in comparison.levels:
        text = numbers.mean_sd(level.mean, level.sd)
        records.append(
            Record(
                f"{stem}.{str(level.level).lower()}",
                text,
                level.mean,
                level.low,
                level.high,
                level.n,
                unit="score",
                method="mean ± SD",
                cell="tbl-groups",
            )
        )
    return records


def losses_summary(baseline: Baseline) -> str:
    """How many of the first wave were lost, as a clause for the limitations; empty where nobody was."""
    if baseline.first is None or baseline.stayed is None or len(baseline.first) == len(baseline.stayed):
        return ""
    lost = len(baseline.first) - len(baseline.stayed)
    told = baseline.losses_told
    where = " (@tbl-attrition)" if told else f" (fewer than {FEW} are not described, to protect them)"
    where = where if told or lost < FEW else ""
    return f"{counted(lost, 'person', 'people')} of the first wave did not answer again, and may differ{where}"
