"""Piece of a comparison: which items of a scale changed differently in the cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from braid.comparison.quantities import change_of
from braid.language import N_, ntr, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.figure import Figure
from braid.presentation.inline import Cell, Markdown
from braid.presentation.means import forest
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages import arms
from braid.stages.change_methods import ADJUSTMENT_NAMES
from braid.stages.opening import fact, needs
from braid.statistics.change import ItemChange
from braid.statistics.multiplicity import adjust
from braid.statistics.pooling import Heterogeneity, differences_between, part_of

if TYPE_CHECKING:
    from braid.comparison.compared import Compared

NONE = N_("There are no items whose change could be compared.")
TWO = 2


@dataclass(frozen=True)
class ItemCompared:
    """One item: its change in each cohort (in order), the test between them, and p adjusted over the scale's items."""

    item: str
    label: str
    changes: tuple[ItemChange | None, ...]
    between: Heterogeneity
    adjusted: float | None


def items_of(stage: Compared) -> dict[str, list[ItemCompared]]:
    """The items of each scale that has several; none where people were in arms, whose change answers nothing."""
    sides = stage.with_("change")
    if len(sides) < TWO or any(arms.there(side.strands.change) for side in sides):
        return {}
    found = {}
    for name, scale in stage.study.scales.items():
        if len(scale.items) < TWO:
            continue
        by_cohort = {side.name: {str(row.item): row for row in change_of(side, name).items} for side in sides}
        tests = {}
        for item in scale.items:
            parts = []
            for cohort, rows in by_cohort.items():
                change = rows[item].change if item in rows else None
                if change is not None:
                    part = part_of(
                        cohort, change.difference, change.low, change.high, change.df, confidence=change.confidence
                    )
                    parts += [part] if part is not None else []
            tests[item] = differences_between(parts)
        p = adjust(
            [test.p if test.p is not None else float("nan") for test in tests.values()], stage.study.change.adjust
        )
        found[name] = [
            ItemCompared(
                item,
                scale.items[item],
                tuple(rows.get(item) for rows in by_cohort.values()),
                test,
                None if test.p is None else float(value),
            )
            for (item, test), value in zip(tests.items(), p, strict=True)
        ]
    return found


@needs(items_of, NONE)
def description(stage: Compared) -> Prose:
    """Which items changed differently, after adjustment, in words."""
    alpha, adjustment = stage.study.change.alpha, tr(ADJUSTMENT_NAMES[stage.study.change.adjust])
    said = []
    for scale, items in items_of(stage).items():
        fields = {
            "scale": markdown(stage.study.scales[scale].short),
            "adjustment": adjustment,
            "n": str(len(items)),
        }
        differ = [row for row in items if row.adjusted is not None and row.adjusted < alpha]
        if differ:
            text = ntr(
                "{scale}: after adjustment ({adjustment}), {k} of {n} item changed differently in the cohorts: "
                "{items}.",
                "{scale}: after adjustment ({adjustment}), {k} of {n} items changed differently in the cohorts: "
                "{items}.",
                len(differ),
                k=str(len(differ)),
                items=enumeration(map(_named, differ)),
                **fields,
            )
        else:
            text = tr(
                "{scale}: after adjustment ({adjustment}), none of the {n} items clearly changed differently.", **fields
            )
        said.append(text)
    if pictured(stage):
        said.append(tr("@tbl-items gives every item, and @fig-items its difference in change."))
    else:
        said.append(tr("@tbl-items gives every item."))
    return Prose(Markdown(" ".join(said)))


def _named(row: ItemCompared) -> str:
    """An item with, of two cohorts, the difference."""
    item = markdown(row.label)
    if len(row.between.differences) != 1:
        return tr("“{item}”", item=item)
    found = row.between.differences[0]
    return tr("“{item}” ({size})", item=item, size=numbers.estimate_ci(found.difference, found.low, found.high))


@needs(items_of, NONE)
def table(stage: Compared) -> Table:
    """Each item: change by cohort, difference (of two) or F (of several), p, adjusted p."""
    sides = stage.with_("change")
    two = len(sides) == TWO
    rows: list[Row | Group] = []
    found = items_of(stage)
    for scale, items in found.items():
        if len(found) > 1:
            rows.append(Group(stage.study.scales[scale].short))
        for row in items:
            cells: list[Cell] = [row.label, *(_change(change) for change in row.changes)]
            if row.between.p is None:
                cells += [tr("not estimable: {reason}", reason=tr(row.between.note))]
            elif two:
                each = row.between.differences[0]
                cells.append(numbers.estimate_ci(each.difference, each.low, each.high, brackets=True))
            else:
                cells.append(numbers.fixed(row.between.statistic))
            cells += [numbers.p_value(row.between.p), numbers.p_value(row.adjusted)]
            rows.append(Row(tuple(cells), indent=int(len(found) > 1)))
    columns = [Column(tr("Item"))]
    columns += [Column(side.name, "number", under=tr("Mean change")) for side in sides]
    columns.append(Column(tr("Difference [{ci}]", ci=numbers.ci_name()) if two else Markdown("*F*"), "number"))
    columns += [Column(Markdown("*p*"), "number"), Column(Markdown(tr("adj. *p*")), "number")]
    note = tr(
        "Welch's test of the difference in change. adj. *p*: {adjustment}, over the items of a scale.",
        adjustment=tr(ADJUSTMENT_NAMES[stage.study.change.adjust]),
    )
    notes: list[Cell] = [Markdown(note)]
    if two:
        notes.insert(0, tr("Difference: second cohort minus first."))
    return Table(columns, rows, notes=notes)


def _change(item: ItemChange | None) -> str:
    if item is None or item.change.difference is None:
        return numbers.MISSING
    return numbers.fixed(item.change.difference)


def pictured(stage: Compared) -> bool:
    """Whether there is one difference for each item: of two cohorts."""
    return len(stage.with_("change")) == TWO and any(
        row.between.differences for rows in items_of(stage).values() for row in rows
    )


@needs(pictured, NONE)
def figure(stage: Compared) -> Figure:
    """The difference in change of each item."""
    rows: list[tuple[str, float | None, float | None, float | None]] = []
    headings = []
    found = items_of(stage)
    for scale, items in found.items():
        for row in items:
            each = row.between.differences[0] if row.between.differences else None
            rows.append((row.label, *((each.difference, each.low, each.high) if each else (None, None, None))))
            headings.append(stage.study.scales[scale].short)
    first, second = (side.name for side in stage.with_("change"))
    caption = tr(
        "Difference in change, item by item: {second} minus {first}, with 95% confidence intervals",
        second=second,
        first=first,
    )
    return forest(rows, groups=headings if len(found) > 1 else None, axis=tr("Difference in change"), caption=caption)


def records(stage: Compared) -> list[Record]:
    """The difference in change of each item (two cohorts), or its F."""
    items = items_of(stage)
    found = [fact("items", bool(items), "comparison"), fact("items-picture", pictured(stage), "comparison")]
    for scale, rows in items.items():
        for row in rows:
            if row.between.p is None:
                continue
            each = row.between.differences[0] if len(row.between.differences) == 1 else None
            found.append(
                Record(
                    f"compare.item.{scale.lower()}.{row.item.lower()}",
                    numbers.estimate_ci(each.difference, each.low, each.high)
                    if each
                    else f"F = {numbers.fixed(row.between.statistic)}",
                    each.difference if each else row.between.statistic,
                    each.low if each else None,
                    each.high if each else None,
                    unit="score" if each else "F",
                    method=row.between.method,
                    cell="tbl-items",
                    parts={"p": numbers.p_value(row.between.p), "adjusted-p": numbers.p_value(row.adjusted)},
                )
            )
    return found
