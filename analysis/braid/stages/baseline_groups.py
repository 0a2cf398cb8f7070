"""Piece of stage `baseline`: who started where, by groups of people and by numbers known about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import ENGLISH, N_, current, lowered, tr
from braid.presentation import directions, numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.stages.scale_baseline import ScaleBaseline
from braid.statistics.comparison import GroupComparison
from braid.statistics.regression import Regression
from braid.study import Characteristic, Scale

if TYPE_CHECKING:
    from braid.stages.baseline import Baseline

NONE = N_("This cohort has no characteristics to compare the first wave by.")
TESTS = {
    "student": N_(
        "Two groups are compared by Student's t-test (equal variances); the difference is the first group minus the "
        "second."
    ),
    "welch": N_(
        "Two groups are compared by Welch's t-test (unequal variances); the difference is the first group minus the "
        "second."
    ),
}
TESTS_OF_MORE = {
    "student": N_("More than two groups are compared by one-way ANOVA."),
    "welch": N_("More than two groups are compared by Welch's ANOVA."),
}
SLOPES = {
    "student": N_("For a number the difference is the slope of a linear regression with ordinary errors."),
    "welch": N_(
        "For a number the difference is the slope of a linear regression with heteroscedasticity-consistent errors "
        "(HC3)."
    ),
}
TOLD = 6
"""Clear differences above which they are named and their numbers are left to the table."""


def there(stage: Baseline) -> bool:
    """Whether there is a characteristic to compare the first wave by."""
    return any(row.groups or row.numbers for row in stage.scales)


@needs(there, NONE)
def description(stage: Baseline) -> Prose:
    """Which groups started elsewhere, and what is known where no difference was clear, in words."""
    clear, named = [], []
    for row in stage.scales:
        for name, comparison in row.groups.items():
            if _clear(comparison, stage.cohort.study.change.alpha):
                clear.append(_difference(row, stage.cohort.study.characteristics[name], comparison).source)
                scale = lowered(markdown(row.scale.short))
                named.append(tr("{scale} by {label}", scale=scale, label=_label(stage, name)))
    if len(clear) > TOLD:
        clear = [tr("The groups differed at the first wave in {named}.", named=enumeration(named))]
    slopes = [
        _association(row, stage.cohort.study.characteristics[name], found).source
        for row in stage.scales
        for name, found in row.numbers.items()
    ]
    if len(slopes) > TOLD:
        labels = enumeration(_labels(stage, list(stage.scales[0].numbers)))
        slopes = [tr("The table also gives the slope by {labels}.", labels=labels)]
    where = tr("@tbl-groups compares the first wave between groups of people.")
    return Prose(Markdown(" ".join([where, *clear, *_unclear(stage, bool(clear)), *slopes])))


def _clear(comparison: GroupComparison, alpha: float) -> bool:
    """Whether a difference is told as one: by its interval, or of several groups by p."""
    if comparison.difference is not None:
        return directions.direction(comparison.difference, comparison.low, comparison.high) in ("better", "worse")
    return comparison.p is not None and comparison.p < alpha


def _difference(row: ScaleBaseline, spec: Characteristic, found: GroupComparison) -> Markdown:
    df = tuple(value for value in (found.df, found.df_error) if value is not None)
    test = sentences.Statistic(found.statistic_name, found.statistic, df, found.p)
    if found.difference is None:
        return sentences.groups_compared(row.scale.short, lowered(spec.label), test, alpha=row.study.change.alpha)
    first, second = (level for level in found.levels if level.n > 1)
    return sentences.difference(
        row.scale.short,
        (spec.levels[str(first.level)], first.mean, first.sd),
        (spec.levels[str(second.level)], second.mean, second.sd),
        found.difference,
        found.low,
        found.high,
        test=test,
        effect=sentences.Effect(found.d_s, found.d_s_low, found.d_s_high, symbol=sentences.D_S),
    )


def _association(row: ScaleBaseline, spec: Characteristic, found: Regression) -> Markdown:
    return sentences.association(
        row.scale.short,
        lowered(spec.label),
        found.slope,
        found.low,
        found.high,
        unit=_one(spec),
        test=sentences.Statistic("t", found.t, (found.df,) if found.df is not None else (), found.p),
        reason=tr(found.note) if found.note else "",
    )


def _unclear(stage: Baseline, some_clear: bool) -> list[str]:
    """What is said of comparisons that show no clear difference: whether they show that there is none."""
    alpha, said = stage.cohort.study.change.alpha, []
    unclear = [
        (row, [name for name, found in row.groups.items() if found.p is not None and not _clear(found, alpha)])
        for row in stage.scales
    ]
    names = list(dict.fromkeys(name for _, found in unclear for name in found))
    if names:
        labels = enumeration(_labels(stage, names), "or")
        if some_clear and len(stage.scales) == 1:
            said.append(tr("No other difference was clear by {labels}.", labels=labels))
        elif some_clear:
            said.append(tr("No other difference was clear."))
        else:
            said.append(tr("No difference was clear by {labels}.", labels=labels))
    untested = []
    for row, found in unclear:
        if row.scale.margin is None:
            untested += [row] if found else []
            continue
        told = sentences.small_enough(
            row.scale.margin,
            of="scores",
            shown=_labels(stage, [name for name in found if row.groups[name].equivalent]),
            still_open=_labels(stage, [name for name in found if row.groups[name].equivalent is False]),
        ).source
        if told and len(stage.scales) > 1:
            told = f"{markdown(row.scale.short)}: {sentences.inside(told)}"
        said += [told] if told else []
    if untested:
        said.append(
            tr(
                "A wide interval is not evidence that groups are equal; whether differences are too small to matter "
                "was not tested, as the study sets no smallest difference that would matter."
            )
        )
    empty = dict.fromkeys(name for row in stage.scales for name, found in row.groups.items() if found.p is None)
    if empty:
        labels = enumeration(_labels(stage, list(empty)), "or")
        said.append(tr("Groups could not be compared by {labels}.", labels=labels))
    return said


def _label(stage: Baseline, name: str) -> str:
    return lowered(markdown(stage.cohort.study.characteristics[name].label))


def _labels(stage: Baseline, names: list[str]) -> list[str]:
    return [_label(stage, name) for name in names]


def _one(spec: Characteristic) -> str:
    """One unit; only English units are known to lose an s."""
    return spec.unit.removesuffix("s") if current() == ENGLISH else spec.unit


@needs(there, NONE)
def table(stage: Baseline) -> Table:
    """Score at the first wave by characteristic: n, mean ± SD, difference with its interval, test, equivalence."""
    rows: list[Row | Group] = []
    characteristics, many = stage.cohort.study.characteristics, len(stage.scales) > 1
    margins = _margins(stage)
    for row in stage.scales:
        for name, comparison in row.groups.items():
            spec = characteristics[name]
            rows.append(Group(f"{row.scale.short}: {spec.label}" if many else spec.label))
            rows += _group_rows(comparison, spec, bool(margins))
        for name, regression in row.numbers.items():
            rows.append(_number_row(regression, characteristics[name], row.scale if many else None, bool(margins)))
    columns: list[Column | Cell] = [
        Column(tr("Group")),
        Column("n", "number"),
        Column(tr("Mean ± SD"), "number"),
        Column(tr("Difference [{ci}]", ci=numbers.ci_name()), "number"),
        Column(tr("Test")),
        Column(Markdown("*p*"), "number"),
    ]
    if margins:
        columns.append(Column(Markdown(tr("Equivalence *p*")), "number"))
    return Table(columns, rows, notes=[_test_note(stage), *_equivalence_note(stage, margins)])


def _margins(stage: Baseline) -> dict[str, float]:
    """The margins of the scales that have one, by the scale's short name."""
    return {row.scale.short: row.scale.margin for row in stage.scales if row.scale.margin is not None}


def _equivalence_note(stage: Baseline, margins: dict[str, float]) -> list[str]:
    if not any(row.groups for row in stage.scales):
        return []
    if not margins:
        return [
            tr("Equivalence of the groups was not tested, as the study sets no smallest difference that would matter.")
        ]
    sizes = set(margins.values())
    size = (
        sentences.points(sizes.pop())
        if len(sizes) == 1 and len(margins) == len(stage.scales)
        else enumeration([f"{sentences.points(margin)} ({name})" for name, margin in margins.items()])
    )
    pairs = any(len([level for level in c.levels if level.n > 1]) > 2 for r in stage.scales for c in r.groups.values())
    if pairs:
        note = tr(
            "Equivalence: two one-sided tests of whether the difference is smaller than {size} either way; of several "
            "groups, the largest p of all pairs.",
            size=size,
        )
    else:
        note = tr(
            "Equivalence: two one-sided tests of whether the difference is smaller than {size} either way.", size=size
        )
    return [note]


def _test_note(stage: Baseline) -> str:
    test = stage.cohort.study.baseline.test
    said = [tr(TESTS[test])]
    if any(len(c.levels) > 2 for row in stage.scales for c in row.groups.values()):
        said.append(tr(TESTS_OF_MORE[test]))
    if any(row.numbers for row in stage.scales):
        said.append(tr(SLOPES[test]))
    return " ".join(said)


def _group_rows(comparison: GroupComparison, spec: Characteristic, equivalence: bool) -> list[Row]:
    rows = []
    for place, level in enumerate(comparison.levels):
        cells = [spec.levels[str(level.level)], numbers.whole(level.n), numbers.mean_sd(level.mean, level.sd)]
        if place == 0:
            between = numbers.MISSING
            if comparison.difference is not None:
                between = numbers.estimate_ci(comparison.difference, comparison.low, comparison.high, brackets=True)
            cells += [between, in_words(comparison), numbers.p_value(comparison.p)]
            cells += [numbers.p_value(comparison.equivalence_p)] * equivalence
        else:
            cells += [""] * (3 + equivalence)
        rows.append(Row(tuple(cells), indent=1))
    return rows


def in_words(comparison: GroupComparison) -> str:
    """The test of a comparison as plain text, or why there is none."""
    if comparison.statistic is None:
        return tr("not estimable: {reason}", reason=tr(comparison.note))
    df = (comparison.df,) if comparison.df_error is None else (comparison.df, comparison.df_error)
    return numbers.statistic(comparison.statistic_name, comparison.statistic, *df)


def _number_row(found: Regression, spec: Characteristic, scale: Scale | None, equivalence: bool) -> Row:
    label = tr("{label}, per {unit}", label=spec.label, unit=_one(spec)) if spec.unit else spec.label
    label = f"{scale.short}: {label}" if scale else label
    slope = numbers.estimate_ci(found.slope, found.low, found.high, brackets=True)
    if found.t is not None:
        test = numbers.statistic("t", found.t, found.df)
    else:
        test = tr("not estimable: {reason}", reason=tr(found.note))
    cells = (label, numbers.whole(found.n), numbers.MISSING, slope, test, numbers.p_value(found.p), *[""] * equivalence)
    return Row(cells, strong=False)


def records(row: ScaleBaseline) -> list[Record]:
    """The comparisons of one scale: by group, each level, and by number."""
    stem, found = f"baseline.{row.name.lower()}.by", []
    for name, comparison in row.groups.items():
        found += _group_records(f"{stem}.{name.lower()}", comparison)
    for name, slope in row.numbers.items():
        text = tr("not estimable: {reason}", reason=tr(slope.note))
        if slope.slope is not None:
            text = f"{numbers.estimate_ci(slope.slope, slope.low, slope.high)}, {numbers.p_clause(slope.p)}"
        found.append(
            Record(
                f"{stem}.{name.lower()}",
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
    return found


def _group_records(stem: str, comparison: GroupComparison) -> list[Record]:
    text = in_words(comparison)
    parts = {"p": numbers.p_value(comparison.p)}
    if comparison.equivalence_p is not None:
        parts["equivalence-p"] = numbers.p_value(comparison.equivalence_p)
    records = [
        Record(
            stem,
            text if comparison.p is None else f"{text}, {numbers.p_clause(comparison.p)}",
            comparison.difference,
            comparison.low,
            comparison.high,
            comparison.n,
            unit="score",
            method=comparison.method,
            cell="tbl-groups",
            parts=parts,
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
