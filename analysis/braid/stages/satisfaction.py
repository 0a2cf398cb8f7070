"""Stage `satisfaction`: the evaluation form, statement by statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from braid.cleaning import open_survey
from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Markdown
from braid.presentation.likert import likert
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Row, Table
from braid.records import Record
from braid.stages.opening import fact, keep_records, needs, open_speaking
from braid.statistics.descriptive import Description, Frequencies, describe, frequencies
from braid.statistics.proportion import Proportion, proportion
from braid.study import Cohort
from braid.study.model import Satisfaction as Form

STAGE = "satisfaction"
NAMED = 2
LEFT_OUT = N_("No evaluation form came with this cohort, so satisfaction is not reported.")


@dataclass(frozen=True)
class Statement:
    """One statement of the form: answers, centre, and the share that agrees."""

    name: str
    label: str
    score: Description
    levels: Frequencies
    agree: Proportion
    top: Proportion


@dataclass(frozen=True)
class Satisfaction:
    """The evaluation form of a cohort; `form` or `answers` is None where there is none."""

    cohort: Cohort
    form: Form | None
    answers: pd.DataFrame | None

    @cached_property
    def statements(self) -> list[Statement]:
        """Each statement, in the order of the form."""
        if self.form is None or self.answers is None:
            return []
        return [self._statement(name, label, self.form) for name, label in self.form.items.items()]

    def _statement(self, name: str, label: str, form: Form) -> Statement:
        assert self.answers is not None
        values = self.answers[name]
        levels = frequencies(values, list(range(form.minimum, form.maximum + 1)))
        agree = sum(level.count for level in levels.levels if int(str(level.level)) >= form.agrees_from)
        return Statement(
            name,
            label,
            describe(values),
            levels,
            proportion(agree, levels.n),
            proportion(levels.count(form.maximum), levels.n),
        )

    @needs(lambda self: self.statements, LEFT_OUT)
    def description(self) -> Prose:
        """What people agreed with most and least, in words."""
        assert self.form is not None and self.answers is not None
        ranked = sorted(self.statements, key=lambda s: -(s.agree.share or 0))
        forms = len(self.answers)
        highest = enumeration([_agreement(s) for s in ranked[:NAMED]])
        said = [
            ntr(
                "{n} evaluation form was returned.",
                "{n} evaluation forms were returned.",
                forms,
                n=numbers.whole(forms),
            )
        ]
        if len(ranked) > NAMED:
            lowest = _agreement(ranked[-1])
            said.append(
                tr("Agreement was highest with {highest}, and lowest with {lowest}.", highest=highest, lowest=lowest)
            )
        else:
            said.append(tr("Agreement was highest with {highest}.", highest=highest))
        said.append(tr("@fig-satisfaction shows all answers and @tbl-satisfaction counts them."))
        return Prose(Markdown(" ".join(said)))

    @needs(lambda self: self.statements, LEFT_OUT)
    def table(self) -> Table:
        """Mean ± SD and n (%) of each answer for each statement."""
        assert self.form is not None
        form = self.form
        columns = [Column(tr("Statement")), Column("n", "number"), Column(tr("Mean ± SD"), "number")]
        levels, answers = range(form.minimum, form.maximum + 1), tr("Answers, n (%)")
        columns += [Column(form.responses.get(level, str(level)), "number", under=answers) for level in levels]
        rows = [
            Row(
                (
                    statement.label,
                    numbers.whole(statement.score.n),
                    numbers.mean_sd(statement.score.mean, statement.score.sd),
                    *(numbers.count_percent(level.count, statement.levels.n) for level in statement.levels.levels),
                )
            )
            for statement in self.statements
        ]
        return Table(columns, rows, notes=[tr("Percentages are of the people who answered the statement.")])

    @needs(lambda self: self.statements, LEFT_OUT)
    def agreement_table(self) -> Table:
        """Median, and the shares of those who agree and who chose the highest answer, with Wilson's intervals."""
        assert self.form is not None
        top = self.form.responses[self.form.maximum]
        rows = [
            Row((statement.label, numbers.whole(statement.score.n), _middle(statement.score), *_shares(statement)))
            for statement in self.statements
        ]
        columns = [
            Column(tr("Statement")),
            Column("n", "number"),
            Column(tr("Median (IQR)"), "number"),
            Column("n (%)", "number", under=tr("Agree")),
            Column(tr("{ci}, %", ci=numbers.ci_name()), "number", under=tr("Agree")),
            Column("n (%)", "number", under=top),
            Column(tr("{ci}, %", ci=numbers.ci_name()), "number", under=top),
        ]
        least = self.form.responses.get(self.form.agrees_from, str(self.form.agrees_from))
        note = tr("Agree: “{level}” or higher. Intervals by Wilson. IQR: interquartile range.", level=least)
        return Table(columns, rows, notes=[note])

    @needs(lambda self: self.statements, LEFT_OUT)
    def figure(self) -> Figure:
        """All answers as diverging bars."""
        assert self.form is not None and self.answers is not None
        levels = range(self.form.minimum, self.form.maximum + 1)
        forms = len(self.answers)
        return likert(
            [statement.label for statement in self.statements],
            [[level.count for level in statement.levels.levels] for statement in self.statements],
            [self.form.responses.get(level, str(level)) for level in levels],
            missing=[statement.levels.missing for statement in self.statements],
            caption=ntr(
                "Answers to the evaluation form ({n} form; percentages of the answers given)",
                "Answers to the evaluation form ({n} forms; percentages of the answers given)",
                forms,
                n=numbers.whole(forms),
            ),
        )

    def records(self) -> list[Record]:
        """A record for each statement."""
        records = [fact("satisfaction", bool(self.statements), STAGE)]
        if not self.statements:
            return [*records, Record("left-out.satisfaction", tr(LEFT_OUT))]
        for statement in self.statements:
            text = numbers.mean_sd(statement.score.mean, statement.score.sd)
            top = numbers.count_percent(statement.top.k, statement.top.n)
            agree = numbers.count_percent(statement.agree.k, statement.agree.n)
            records.append(
                Record(
                    f"satisfaction.{statement.name.lower()}",
                    text,
                    statement.score.mean,
                    n=statement.score.n,
                    unit="score",
                    method=statement.score.method,
                    cell="tbl-satisfaction",
                    parts={"top": top, "agree": agree, "label": markdown(statement.label)},
                )
            )
            records.append(
                Record(
                    f"satisfaction.{statement.name.lower()}.share",
                    agree,
                    statement.agree.share,
                    statement.agree.low,
                    statement.agree.high,
                    statement.agree.n,
                    unit="share",
                    method=statement.agree.method,
                    cell="tbl-satisfaction",
                )
            )
        return records

    def save(self) -> None:
        """Write the records."""
        keep_records(self.cohort, STAGE, self.records())


def open(cohort: str) -> Satisfaction:
    """Open the evaluation form of a cohort. Raises UserErrors where its files are wrong."""
    opened = open_speaking(cohort)
    return Satisfaction(opened, opened.study.satisfaction, open_survey(opened).satisfaction)


def _middle(score: Description) -> str:
    return f"{numbers.fixed(score.median, 1)} ({numbers.interval(score.q1, score.q3, 1, between='–')})"


def _shares(statement: Statement) -> list[str]:
    cells = []
    for part in (statement.agree, statement.top):
        if part.low is None or part.high is None:
            cells += [numbers.MISSING, numbers.MISSING]
            continue
        cells.append(numbers.count_percent(part.k, part.n))
        cells.append(numbers.interval(100 * part.low, 100 * part.high, 1))
    return cells


def _agreement(statement: Statement) -> str:
    share = numbers.percent(statement.agree.k, statement.agree.n)
    return tr(
        "“{statement}” ({share}, {some} of {n})",
        statement=markdown(statement.label),
        share=share,
        some=numbers.whole(statement.agree.k),
        n=numbers.whole(statement.agree.n),
    )
