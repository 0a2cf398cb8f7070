"""Piece of stage `change`: does the change differ between groups of people, and was any of them left behind?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, tr
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.statistics.comparison import GroupComparison
from braid.statistics.equity import ChangeByGroup, change_by_group
from braid.statistics.multiplicity import adjust

if TYPE_CHECKING:
    from braid.stages.change import Change

SMALLEST = 5
"""Groups with fewer pairs are not compared: their members could be recognised, and their mean says little."""
NONE = N_("There are no groups of people whose change could be compared.")


def equity_of(stage: Change) -> dict[str, dict[str, ChangeByGroup]]:
    """The change by group of each scale and characteristic; empty where nobody can be found again."""
    if stage.first is None or stage.last is None or stage.left_out or not stage.paired:
        return {}
    study = stage.cohort.study
    named = [name for name, spec in study.characteristics.items() if spec.progress is not None]
    asked = list(dict.fromkeys([*named, *study.baseline.groups]))
    known = [name for name in asked if name in stage.people.columns and name != study.arms]
    limits = {row.name: row.result.threshold for row in stage.reliable}
    found: dict[str, dict[str, ChangeByGroup]] = {}
    for row in stage.scales:
        here = {
            name: change_by_group(
                *row.scores,
                stage.people[name],
                levels=list(study.characteristics[name].levels),
                threshold=limits.get(row.name),
                margin=row.scale.margin,
                alpha=study.change.alpha,
                higher_is_better=row.scale.higher_is == "better",
            )
            for name in known
        }
        found[row.name] = {name: result for name, result in here.items() if _enough(result)}
    return {scale: groups for scale, groups in found.items() if groups}


def _enough(result: ChangeByGroup) -> bool:
    return sum(row.change.n >= SMALLEST for row in result.levels) > 1


@needs(lambda stage: stage.equity, NONE)
def description(stage: Change) -> Prose:
    """Whether the groups changed alike, in words."""
    said = tr(
        "@tbl-equity compares the change between groups of people (*p* adjusted by Holm over the characteristics)."
    )
    return Prose(Markdown(" ".join([said, *findings(stage)])))


def findings(stage: Change) -> list[str]:
    """Of each scale, whether the groups changed alike, in a sentence (ready markdown)."""
    study, alpha = stage.cohort.study, stage.cohort.study.change.alpha
    said = []
    for scale, groups in stage.equity.items():
        label = markdown(study.scales[scale].short)
        if all(result.interaction.p is None for result in groups.values()):
            names = enumeration([lowered(markdown(study.characteristics[name].label)) for name in groups], "or")
            said.append(tr("{label}: the change could not be compared by {names}.", label=label, names=names))
            continue
        p = adjust(
            [result.interaction.p if result.interaction.p is not None else float("nan") for result in groups.values()]
        )
        differ = [study.characteristics[name].label for name, value in zip(groups, p, strict=True) if value < alpha]
        if differ:
            names = enumeration([lowered(markdown(name)) for name in differ])
            said.append(tr("{label} changed differently by {names}.", label=label, names=names))
        else:
            said.append(_no_difference(stage, scale, groups))
    return said


def _no_difference(stage: Change, scale: str, groups: dict[str, ChangeByGroup]) -> str:
    study = stage.cohort.study
    names = {name: lowered(markdown(study.characteristics[name].label)) for name in groups}
    fields = {"label": markdown(study.scales[scale].short), "names": enumeration(names.values(), "or")}
    margin = study.scales[scale].margin
    tested = {name: result.interaction.equivalent for name, result in groups.items()}
    told = sentences.small_enough(
        margin or 0,
        of="change",
        shown=[names[name] for name, shown in tested.items() if shown],
        still_open=[names[name] for name, shown in tested.items() if shown is False],
    ).source
    if told:
        return f"{tr('{label}: no clear difference in change by {names}.', **fields)} {told}"
    return tr("{label}: no clear difference in change by {names}, which does not show that there is none.", **fields)


@needs(lambda stage: stage.equity, NONE)
def table(stage: Change) -> Table:
    """Change in each group, its difference between groups, and who reliably deteriorated."""
    study = stage.cohort.study
    columns = [
        Column(tr("Group")),
        Column("n", "number"),
        Column(tr("Change [{ci}]", ci=numbers.ci_name()), "number"),
        Column(tr("Deteriorated, n (%)"), "number"),
        Column(tr("Difference in change"), "number"),
    ]
    rows: list[Row | Group] = []
    found = stage.equity
    for scale, groups in found.items():
        if len(found) > 1:
            rows.append(Group(study.scales[scale].short))
        for name, result in groups.items():
            spec = study.characteristics[name]
            rows.append(Row((spec.label, "", "", "", _difference(result.interaction))))
            for level in result.levels:
                rows.append(Row((spec.levels[str(level.level)], *_level(result, level.level)), indent=1))
    note = tr(
        "Groups with fewer than {n} people who answered both times are not shown. Difference: first group minus second "
        "with its 95% interval (Welch), or the analysis of variance of the changes. Deteriorated: by more than "
        "measurement error explains.",
        n=str(SMALLEST),
    )
    return Table(columns, rows, notes=[note])


def _level(result: ChangeByGroup, level: object) -> tuple[Cell, ...]:
    row = next(row for row in result.levels if row.level == level)
    if row.change.n < SMALLEST:
        return (f"< {SMALLEST}", tr("not shown"), "", "")
    change = numbers.estimate_ci(row.change.difference, row.change.low, row.change.high, brackets=True)
    worse = row.deteriorated
    return (
        numbers.whole(row.change.n),
        change,
        numbers.count_percent(worse.k, worse.n) if worse is not None and worse.n else numbers.MISSING,
        "",
    )


def _difference(test: GroupComparison) -> Cell:
    if test.statistic is None:
        return tr("not estimable: {reason}", reason=tr(test.note))
    if test.difference is not None:
        size = numbers.estimate_ci(test.difference, test.low, test.high, brackets=True)
        return Markdown(f"{size}{numbers.between()}{numbers.p_clause(test.p, symbol='*p*')}")
    df = tuple(value for value in (test.df, test.df_error) if value is not None)
    return sentences.statistic_text(sentences.Statistic(test.statistic_name, test.statistic, df, test.p))


def records(stage: Change) -> list[Record]:
    """The difference in change between groups, by scale and characteristic."""
    return [
        Record(
            f"change.{scale.lower()}.difference.{name.lower()}",
            numbers.estimate_ci(result.interaction.difference, result.interaction.low, result.interaction.high)
            if result.interaction.difference is not None
            else f"F = {numbers.fixed(result.interaction.statistic)}",
            result.interaction.difference,
            result.interaction.low,
            result.interaction.high,
            result.interaction.n,
            unit="score",
            method=result.method,
            cell="tbl-equity",
            parts={"p": numbers.p_value(result.interaction.p)},
            note=result.interaction.note,
        )
        for scale, groups in stage.equity.items()
        for name, result in groups.items()
        if result.interaction.statistic is not None
    ]
