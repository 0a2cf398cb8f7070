"""Piece of a comparison: the evaluation form, statement by statement and cohort by cohort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy import stats

from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown
from braid.presentation.means import Mean, forest, item_means
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Row, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.stages.satisfaction import Statement
from braid.statistics.association import association
from braid.statistics.multiplicity import adjust
from braid.statistics.proportion import difference_of_proportions
from braid.statistics.samples import Estimate

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

NOTHING = N_("There are no evaluation forms to compare.")
TWO = 2


@dataclass(frozen=True)
class StatementCompared:
    """One statement in each cohort (in order).

    difference: of two cohorts, share who agree in the second minus the first, with Newcombe's interval. p: Fisher's
    exact test of two cohorts, chi-squared of several; adjusted: by Holm over the statements.
    """

    name: str
    label: str
    statements: tuple[Statement, ...]
    difference: Estimate | None
    p: float | None
    adjusted: float | None


def statements_of(stage: Compared) -> list[StatementCompared]:
    """The statements of the form, over the cohorts that have one; none where fewer than two have."""
    sides = stage.with_("form")
    if len(sides) < TWO:
        return []
    by_cohort = [{row.name: row for row in side.strands.satisfaction.statements} for side in sides]
    names = [name for name in by_cohort[0] if all(name in rows for rows in by_cohort)]
    found = [(name, tuple(rows[name] for rows in by_cohort)) for name in names]
    p = [_p(rows) for _, rows in found]
    adjusted = adjust([float("nan") if value is None else value for value in p], "holm")
    return [
        StatementCompared(
            name, rows[0].label, rows, _difference(rows), value, None if value is None else float(adjusted[place])
        )
        for place, ((name, rows), value) in enumerate(zip(found, p, strict=True))
    ]


def _difference(rows: tuple[Statement, ...]) -> Estimate | None:
    if len(rows) != TWO:
        return None
    first, second = (row.agree for row in rows)
    return difference_of_proportions(second.k, second.n, first.k, first.n)


def _p(rows: tuple[Statement, ...]) -> float | None:
    test = association([[row.agree.k for row in rows], [row.agree.n - row.agree.k for row in rows]])
    return test.fisher_p if len(rows) == TWO else test.p


@needs(statements_of, NOTHING)
def description(stage: Compared) -> Prose:
    """On which statements the cohorts agreed differently, in words."""
    rows = statements_of(stage)
    alpha = stage.study.change.alpha
    forms = [
        tr("{n} in {cohort}", n=numbers.whole(len(side.people.data.satisfaction)), cohort=markdown(side.name))
        for side in stage.with_("form")
        if side.people.data.satisfaction is not None
    ]
    said = [
        tr("Evaluation forms: {forms}. The forms speak of those who returned one.", forms=enumeration(forms)),
        stage.lacking("form"),
    ]
    differ = [row for row in rows if row.adjusted is not None and row.adjusted < alpha]
    if differ:
        told = [tr("“{statement}” ({shares})", statement=markdown(row.label), shares=_shares(row)) for row in differ]
        text = tr(
            "The share who agree differed between the cohorts on {statements} (adjusted by Holm).",
            statements=enumeration(told),
        )
    else:
        text = tr(
            "On none of the {n} statements did the share who agree clearly differ between the cohorts (adjusted by "
            "Holm).",
            n=str(len(rows)),
        )
    said += [text, tr("@tbl-satisfaction gives every statement, @fig-satisfaction the mean answers.")]
    return Prose(Markdown(" ".join(part for part in said if part)))


def _shares(row: StatementCompared) -> str:
    return enumeration([numbers.percent(one.agree.k, one.agree.n) for one in row.statements])


@needs(statements_of, NOTHING)
def table(stage: Compared) -> Table:
    """Mean ± SD and who agrees, cohort by cohort, and how far the shares lie apart."""
    sides, found = stage.with_("form"), statements_of(stage)
    two = len(sides) == TWO
    rows = []
    for row in found:
        cells: list[Cell] = [row.label]
        cells += [numbers.count_percent(one.agree.k, one.agree.n) for one in row.statements]
        cells += [numbers.mean_sd(one.score.mean, one.score.sd) for one in row.statements]
        if two:
            cells.append(_points(row.difference))
        cells.append(numbers.p_value(row.adjusted))
        rows.append(Row(tuple(cells)))
    columns = [Column(tr("Statement"))]
    for under in (tr("Agree, n (%)"), tr("Mean ± SD")):
        columns += [Column(side.name, "number", under=under) for side in sides]
    if two:
        columns.append(Column(tr("Difference [{ci}], points", ci=numbers.ci_name()), "number"))
    columns.append(Column(Markdown(tr("adj. *p*")), "number"))
    notes: list[Cell] = []
    if two:
        notes += [
            tr("Difference of the shares who agree in percentage points, second minus first (Newcombe, not adjusted)."),
            Markdown(tr("adj. *p*: Fisher's exact test of the shares who agree, Holm over the statements.")),
        ]
    else:
        notes.append(Markdown(tr("adj. *p*: chi-squared test of the shares who agree, Holm over the statements.")))
    return Table(columns, rows, notes=notes)


def _points(found: Estimate | None) -> str:
    if found is None or found.estimate is None or found.low is None or found.high is None:
        return numbers.MISSING
    return numbers.estimate_ci(100 * found.estimate, 100 * found.low, 100 * found.high, 1, brackets=True)


@needs(statements_of, NOTHING)
def figure(stage: Compared) -> Figure:
    """The mean answer to each statement: of two cohorts beside each other, of several one below the other."""
    sides, found, form = stage.with_("form"), statements_of(stage), stage.with_("form")[0].strands.satisfaction.form
    assert form is not None
    means = [[_interval(one) for one in row.statements] for row in found]
    caption = tr("Mean answer to each statement with 95% confidence intervals, cohort by cohort")
    if len(sides) == TWO:
        first, second = ([row[place] for row in means] for place in range(TWO))
        names = (sides[0].name, sides[1].name)
        labels = [row.label for row in found]
        return item_means(labels, first, second, form.minimum, form.maximum, names, caption=caption)
    rows = [(side.name, *(mean or (None, None, None))) for row in means for side, mean in zip(sides, row, strict=True)]
    headings = [row.label for row in found for _ in sides]
    return forest(rows, groups=headings, axis=tr("Mean answer"), reference=None, caption=caption)


def _interval(statement: Statement) -> Mean | None:
    """Mean with its 95% t interval; None below two answers."""
    found = statement.score
    if found.mean is None or found.sd is None or found.n < TWO:
        return None
    half = float(stats.t.ppf(0.975, found.n - 1)) * found.sd / found.n**0.5
    return found.mean, found.mean - half, found.mean + half


def records(stage: Compared) -> list[Record]:
    """The share who agree with each statement in each cohort, and the difference of two."""
    found = [fact("satisfaction", bool(statements_of(stage)), "comparison")]
    if not statements_of(stage):
        return [*found, Record("left-out.satisfaction", stage.left_out("form"))]
    for row in statements_of(stage):
        stem = f"compare.satisfaction.{row.name.lower()}"
        for side, one in zip(stage.with_("form"), row.statements, strict=True):
            agree = one.agree
            text = numbers.count_percent(agree.k, agree.n)
            found.append(
                Record(
                    f"{stem}.{side.name.lower()}", text, agree.share, agree.low, agree.high, agree.n, unit="share",
                    method=agree.method, cell="tbl-satisfaction",
                )
            )  # fmt: skip
        if row.difference is not None and row.difference.estimate is not None:
            apart = row.difference
            found.append(
                Record(
                    f"{stem}.difference", _points(apart), apart.estimate, apart.low, apart.high, apart.n, unit="share",
                    method=apart.method, cell="tbl-satisfaction", parts={"adjusted-p": numbers.p_value(row.adjusted)},
                )
            )  # fmt: skip
    return found
