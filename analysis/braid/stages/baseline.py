"""Stage `baseline`: the first wave, who started where, and who was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from braid.cleaning import CleanSurvey, open_survey
from braid.language import N_, lowered, tr
from braid.presentation import inline, numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Table
from braid.records import Record
from braid.stages import attrition, baseline_groups, baseline_sizes
from braid.stages.opening import fact, keep_records, needs, open_speaking
from braid.stages.scale_baseline import ScaleBaseline
from braid.study import Cohort

STAGE = "baseline"
NO_SURVEY = N_("This cohort has no survey, so there is no baseline.")


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

    @needs(lambda self: self.scales, NO_SURVEY)
    def description(self) -> Prose:
        """The first wave in words."""
        when = lowered(markdown(self.cohort.study.waves[self.cohort.study.first_wave]))
        scores = [
            tr(
                "{scale} was {score} (n = {n})",
                context="at the first wave",
                scale=inline.source(sentences.inside(row.scale.short)),
                score=numbers.mean_sd(row.score.mean, row.score.sd),
                n=numbers.whole(row.score.n),
            )
            for row in self.scales
        ]
        said = [
            tr(
                "At the first wave ({when}), {scores}; @tbl-baseline describes the scores.",
                when=when,
                scores=enumeration(scores),
            )
        ]
        high = [lowered(markdown(row.scale.short)) for row in self.scales if row.at_best]
        if high:
            said.append(
                tr(
                    "For {scales} more than 15% of the people already had the best possible score, so that an "
                    "improvement can show only in part.",
                    scales=enumeration(high),
                )
            )
        return Prose(Markdown(" ".join(said)))

    @needs(lambda self: self.scales, NO_SURVEY)
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
            Column(tr("Scale")),
            Column("n", "number"),
            Column(tr("Mean ± SD"), "number"),
            Column(tr("Median (IQR)"), "number"),
            Column(tr("Range"), "number"),
            Column(tr("Alpha [{ci}]", ci=numbers.ci_name()), "number"),
            Column(tr("Floor"), "number", under=tr("At the end, n (%)")),
            Column(tr("Ceiling"), "number", under=tr("At the end, n (%)")),
        ]
        alpha_is = tr("Alpha is Cronbach's, of complete cases, with Feldt's interval.")
        return Table(columns, rows, notes=[alpha_is, tr("IQR: interquartile range.")])

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
    opened = open_speaking(cohort)
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
