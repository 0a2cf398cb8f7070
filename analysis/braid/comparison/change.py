"""Piece of a comparison: the change of each scale by cohort, pooled over the cohorts, and whether it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.comparison import words
from braid.comparison.quantities import Quantity
from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown, strong
from braid.presentation.means import forest
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import fact, needs
from braid.statistics.pooling import FEW

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

STAGE = "comparison"
NOTHING = N_("There is no change to compare.")
THESE = N_("These cohorts (weighted mean)")
SUCH = N_("Cohorts such as these (random effects)")
FURTHER = N_("A further cohort (prediction)")


def compared(stage: Compared) -> bool:
    """Whether at least two cohorts have a change."""
    return stage.both("change")


def methods(stage: Compared) -> Prose:
    """How cohorts are pooled and compared, in words."""
    if not compared(stage):
        return Prose(Markdown(stage.left_out("change")))
    if any(quantity.of_arms for quantity in stage.quantities):
        told = [tr("The difference of the arms in each cohort was pooled in two ways.")]
    else:
        told = [tr("The mean change of each cohort was pooled in two ways.")]
    text = tr(
        "The mean of these very cohorts is weighted by their precision. The mean over cohorts such as these comes from "
        "a random-effects model: the variance between cohorts by restricted maximum likelihood [@viechtbauer2005], the "
        "interval by Hartung and Knapp [@hartung2001], never narrower than the errors of the cohorts allow "
        "[@rover2015]; with few cohorts the usual interval would be too narrow."
    )
    told.append(text)
    text = tr(
        "Heterogeneity is described by Cochran's *Q*, *I*^2^ [@higgins2002], and the standard deviation of the true "
        "values between cohorts, τ, with its Q-profile interval [@viechtbauer2007]."
    )
    told.append(text)
    if len(stage.with_("change")) < FEW:
        told.append(tr("A prediction interval for a further cohort needs three cohorts and is not given."))
    else:
        told.append(tr("The prediction interval says where the true value of a further cohort may lie [@higgins2009]."))
    if any(quantity.adjusted for quantity in stage.quantities):
        text = tr(
            "Whether the cohorts differ was tested by Welch's method, which lets each have its own variance "
            "[@welch1951], and once more given the same score at the first wave, by analysis of covariance."
        )
    else:
        text = tr(
            "Whether the cohorts differ was tested by Welch's method, which lets each have its own variance "
            "[@welch1951]."
        )
    return Prose(Markdown(" ".join([*told, text, tr(words.NOT_RANDOM)])))


@needs(compared, NOTHING)
def description(stage: Compared) -> Prose:
    """The change by cohort, together, and whether it differs, in words."""
    lead = tr("@tbl-change and @fig-forest give the change by cohort, and @tbl-difference compares the cohorts.")
    lead = f"{lead} {stage.lacking('change')}".strip()
    told = [text for quantity in stage.quantities for text in words.paragraphs(quantity)]
    return Prose(Markdown(lead), *map(Markdown, told))


@needs(compared, NOTHING)
def table(stage: Compared) -> Table:
    """Each cohort: n, both waves, change and its size; then all together."""
    study, grouped = stage.study, len(stage.quantities) > 1
    rows: list[Row | Group] = []
    for quantity in stage.quantities:
        rows += [Group(quantity.label)] if grouped else []
        for row in quantity.rows:
            change = row.text if row.estimate is not None else tr("not estimable: {reason}", reason=tr(row.note))
            rows.append(Row((row.cohort, row.people, row.before, row.after, change, row.effect), indent=int(grouped)))
        rows += [
            Row((label, "", "", "", text, ""), indent=int(grouped), strong=place == 0)
            for place, (label, text) in enumerate(_sums(quantity))
        ]
    first, last = study.waves[study.first_wave], study.waves[study.last_wave]
    arms = any(quantity.of_arms for quantity in stage.quantities)
    under = tr("Mean ± SD, {wave}", wave=lowered(last)) if arms else tr("Mean ± SD")
    ci = numbers.ci_name()
    columns = [
        Column(tr("Cohort")),
        Column("n", "number"),
        Column(tr("Reference arm") if arms else first, "number", under=under),
        Column(tr("Arm") if arms else last, "number", under=under),
        Column(tr("Difference [{ci}]", ci=ci) if arms else tr("Change [{ci}]", ci=ci), "number"),
        Column(tr("Size") if arms else tr("Size [{ci}]", ci=ci), "number"),
    ]
    if arms:
        size = tr(
            "Difference of the arms at the last wave, adjusted for the first. Size: over the SD of the first wave."
        )
    else:
        size = tr(
            "Size: *d*~av~, the change over the root of the mean variance of the waves (*d*~s~ where nobody is paired)."
        )
    notes: list[Cell] = [
        Markdown(size),
        tr("Random effects: restricted maximum likelihood, interval of Hartung and Knapp."),
    ]
    if any(quantity.pooled.k == FEW - 1 for quantity in stage.quantities):
        notes.append(tr("Two cohorts give no prediction for a further one."))
    return Table(columns, rows, notes=notes)


def _sums(quantity: Quantity) -> list[tuple[str, str]]:
    """Labels and texts of the rows that sum the cohorts up; the one that can be relied on more comes first."""
    found = quantity.pooled
    if found.estimate is None:
        return [(tr("Together"), tr("not estimable: {reason}", reason=tr(found.note)))]
    these = (tr(THESE), numbers.estimate_ci(found.common, found.common_low, found.common_high, brackets=True))
    such = (tr(SUCH), numbers.estimate_ci(found.estimate, found.low, found.high, brackets=True))
    if found.prediction_low is None:
        return [these, such]
    reach = numbers.interval(found.prediction_low, found.prediction_high, between=numbers.between())
    return [such, these, (tr(FURTHER), f"[{reach}]")]


@needs(compared, NOTHING)
def figure(stage: Compared) -> Figure:
    """The change of each cohort, and of all together as diamonds.

    Of two cohorts only the mean of these: the other's interval is so wide that it would press the cohorts together.
    """
    rows: list[tuple[str, float | None, float | None, float | None]] = []
    headings: list[str] = []
    diamonds: list[int] = []
    for quantity in stage.quantities:
        rows += [(f"{row.cohort} (n = {row.people})", row.estimate, row.low, row.high) for row in quantity.rows]
        found = quantity.pooled
        if found.estimate is not None and found.k >= FEW:
            diamonds.append(len(rows))
            rows.append((tr(SUCH), found.estimate, found.low, found.high))
        if found.estimate is not None:
            diamonds.append(len(rows))
            rows.append((tr(THESE), found.common, found.common_low, found.common_high))
        headings += [quantity.label] * (len(rows) - len(headings))
    axis = tr("Difference") if any(quantity.of_arms for quantity in stage.quantities) else tr("Mean change")
    return forest(rows, groups=headings, axis=axis, pooled=diamonds)


@needs(compared, NOTHING)
def difference_table(stage: Compared) -> Table:
    """Each later cohort against the first: difference in change, and given the same start; then all at once."""
    several, grouped = len(stage.with_("change")) > 2, len(stage.quantities) > 1
    adjusting = any(quantity.adjusted for quantity in stage.quantities)
    width = 4 if adjusting else 2
    rows: list[Row | Group] = []
    for quantity in stage.quantities:
        rows += [Group(quantity.label)] if grouped else []
        given = {row.arm: row for row in quantity.adjusted.differences} if quantity.adjusted else {}
        for row in quantity.between.differences:
            size = numbers.estimate_ci(row.difference, row.low, row.high, brackets=True)
            against = tr("{cohort} against {reference}", cohort=row.name, reference=row.reference)
            cells: list[Cell] = [against, size, numbers.p_value(row.p_holm)]
            if adjusting:
                same = given.get(row.name)
                cells += (
                    [numbers.MISSING] * 2
                    if same is None
                    else [
                        numbers.estimate_ci(same.difference, same.low, same.high, brackets=True),
                        numbers.p_value(same.p_holm),
                    ]
                )
            rows.append(Row(tuple(cells), indent=int(grouped)))
        if quantity.between.p is None:
            text = tr("Not estimable: {reason}", reason=tr(quantity.between.note))
            rows.append(Row((text, *[""] * width), indent=int(grouped)))
        elif several:
            p = [numbers.p_value(quantity.between.p), *(["", _p_of_all(quantity)] if adjusting else [])]
            rows.append(Row((strong(tr("All cohorts")), "", *p), indent=int(grouped)))
    p_label = Markdown(tr("adj. *p*") if several else "*p*")
    arms = any(quantity.of_arms for quantity in stage.quantities)
    what = tr("Between the arms") if arms else tr("In change")
    unders = [what, tr("Given the same first score")] if adjusting else [what]
    columns = [Column(tr("Cohorts"))]
    size = tr("Difference [{ci}]", ci=numbers.ci_name())
    for under in unders:
        columns += [Column(size, "number", under=under), Column(p_label, "number", under=under)]
    notes: list[Cell] = [tr("Difference: later cohort minus first, in points of the score (Welch).")]
    if adjusting:
        notes.append(
            tr("Given the same first score: analysis of covariance of the last wave on the first and the cohort.")
        )
    if several:
        notes.append(
            Markdown(tr("adj. *p*: Holm over the cohorts set against the first. All cohorts: one test of all."))
        )
    return Table(columns, rows, notes=notes)


def _p_of_all(quantity: Quantity) -> str:
    return numbers.p_value(quantity.adjusted.p) if quantity.adjusted else ""


def records(stage: Compared) -> list[Record]:
    """The change of each cohort, pooled, heterogeneity, and each difference from the first cohort."""
    found = [fact("change", compared(stage), STAGE)]
    if not compared(stage):
        return [*found, Record("left-out.change", stage.left_out("change"))]
    for quantity in stage.quantities:
        stem = f"compare.change.{quantity.id.lower()}"
        for row in quantity.rows:
            where = f"{stem}.{row.cohort.lower()}"
            if row.estimate is None:
                text = tr("not estimable: {reason}", reason=tr(row.note))
                found.append(_score(where, text, None, None, None, note=row.note))
            else:
                found.append(_score(where, "", row.estimate, row.low, row.high, note=row.note))
        found += _pooled_records(stem, quantity)
        for each in quantity.between.differences:
            p = {"p": numbers.p_value(each.p), "adjusted-p": numbers.p_value(each.p_holm)}
            where, method = f"{stem}.difference.{each.name.lower()}", quantity.between.method
            found.append(
                _score(where, "", each.difference, each.low, each.high, method=method, cell="tbl-difference", parts=p)
            )
    return found


def _pooled_records(stem: str, quantity: Quantity) -> list[Record]:
    found, between = quantity.pooled, quantity.between
    if found.estimate is None:
        text = tr("not estimable: {reason}", reason=tr(found.note))
        return [_score(f"{stem}.pooled", text, None, None, None, note=found.note)]
    q_p, f_p = {"p": numbers.p_value(found.q_p)}, {"p": numbers.p_value(between.p)}
    said = [
        _score(f"{stem}.pooled", "", found.estimate, found.low, found.high, method=found.method),
        _score(f"{stem}.these", "", found.common, found.common_low, found.common_high, method="mean weighted by 1/SE²"),
        Record(f"{stem}.tau", numbers.fixed(found.tau), found.tau, n=found.k, unit="score", method=found.method),
        Record(f"{stem}.i2", words.i_squared(found), found.i2, n=found.k, unit="share", method="(Q - k + 1) / Q"),
        Record(f"{stem}.q", numbers.fixed(found.q), found.q, n=found.k, unit="Q", method="Cochran's Q", parts=q_p),
        Record(
            f"{stem}.test", numbers.fixed(between.statistic), between.statistic, n=found.k, unit="F",
            method=between.method, cell="tbl-difference", parts=f_p,
        ),
    ]  # fmt: skip
    if found.prediction_low is not None:
        reach = numbers.interval(found.prediction_low, found.prediction_high)
        said.append(
            _score(f"{stem}.prediction", reach, None, found.prediction_low, found.prediction_high, method=found.method)
        )
    return said


def _score(
    name: str,
    text: str,
    estimate: float | None,
    low: float | None,
    high: float | None,
    *,
    method: str = "",
    cell: str = "tbl-change",
    parts: dict[str, str] | None = None,
    note: str = "",
) -> Record:
    """A record in points of the score; without a text the estimate with its interval is one."""
    said = text or numbers.estimate_ci(estimate, low, high)
    return Record(name, said, estimate, low, high, unit="score", method=method, cell=cell, parts=parts or {}, note=note)
