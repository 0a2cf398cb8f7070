"""Stage `baseline`: the first wave, who started where, and who was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from braid.cleaning import CleanSurvey, open_survey
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages import attrition, baseline_groups, baseline_sizes
from braid.stages.opening import fact, keep_records, needs
from braid.stages.scale_baseline import ScaleBaseline
from braid.study import Cohort, open_cohort

STAGE = "baseline"


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

    @needs(lambda self: self.scales, "This cohort has no survey, so there is no baseline.")
    def description(self) -> Prose:
        """The first wave in words."""
        when = markdown(self.cohort.study.waves[self.cohort.study.first_wave]).lower()
        parts = []
        for row in self.scales:
            mean = numbers.mean_sd(row.score.mean, row.score.sd)
            parts.append(f"{markdown(row.scale.short)} was {mean} (n = {numbers.whole(row.score.n)})")
        text = f"At the first wave ({when}), {enumeration([part[0].lower() + part[1:] for part in parts])}"
        high = [markdown(row.scale.short).lower() for row in self.scales if row.at_best]
        more = "; @tbl-baseline describes the scores."
        if high:
            more += (
                f" For {enumeration(high)} more than 15% of the people already had the best possible score, so "
                "that an improvement can show only in part."
            )
        return Prose(Markdown(text + more))

    @needs(lambda self: self.scales, "This cohort has no survey, so there is no baseline.")
    def table(self) -> Table:
        """n, mean ± SD, median (IQR), range, reliability and shares at the ends of each scale."""
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
                    numbers.count_percent(ends.at_minimum, ends.n),
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
            Column("Floor", "number", under="At the end, n (%)"),
            Column("Ceiling", "number", under="At the end, n (%)"),
        ]
        note = "Alpha is Cronbach's, of complete cases, with Feldt's interval. IQR: interquartile range."
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
            records += baseline_groups.records(row)
        records += [
            fact("groups", baseline_groups.there(self), STAGE),
            fact("attrition", attrition.there(self), STAGE),
            fact("group-sizes", baseline_sizes.there(self), STAGE),
        ]
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
