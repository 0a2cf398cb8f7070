"""Piece of stage `change`: the items of a scale tested in more than one way, and against one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.stages.change_shown import f_text
from braid.stages.opening import needs
from braid.stages.scale_change import ScaleChange
from braid.statistics.items import ItemTest

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("There is no scale of several items whose change could be tested.")


def several(stage: Change) -> list[ScaleChange]:
    """The scales of more than one item."""
    return [row for row in stage.scales if len(row.items) > 1]


def there(stage: Change) -> bool:
    """Whether there are items to test one by one."""
    return not stage.left_out and bool(several(stage))


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """Whether the items tell the same under other adjustments and as ordered categories, in words."""
    if not stage.paired:
        text = tr(
            "@tbl-adjusted gives the *p* values of the items under three adjustments; @tbl-item-tests asks whether the "
            "items of a scale differ at each wave."
        )
        return Prose(Markdown(text))
    text = tr(
        "@tbl-adjusted gives the *p* values of the items under three adjustments, and, with answers taken as ordered "
        "categories, how many times the odds of a higher answer are those before. @tbl-item-tests asks whether the "
        "items of a scale differ at each wave and change differently."
    )
    return Prose(Markdown(f"{text} {' '.join(_categories(stage, row) for row in several(stage))}"))


def _categories(stage: Change, row: ScaleChange) -> str:
    """How far the items as categories agree with the items as numbers, without adjustment."""
    alpha, differing, compared = stage.cohort.study.change.alpha, [], 0
    for item, found in zip(row.items, row.ordinal, strict=True):
        if item.change.p is not None and found.p is not None:
            compared += 1
            if (item.change.p < alpha) != (found.p < alpha):
                differing.append(tr("“{item}”", item=markdown(row.scale.items[str(item.item)])))
    label = markdown(row.scale.short)
    if not compared:
        return tr("{label}: no item could be tested in both ways.", label=label)
    if not differing:
        return tr(
            "{label}: numbers and categories lead to the same conclusion for {items} (unadjusted).",
            label=label,
            items=_all(compared),
        )
    if len(differing) < 4:
        which = enumeration(differing)
    else:
        which = tr("{some} of {n} items", some=str(len(differing)), n=str(compared))
    return tr(
        "{label}: numbers and categories do not lead to the same conclusion for {items} (unadjusted).",
        label=label,
        items=which,
    )


def _all(count: int) -> str:
    if count > 2:
        return tr("all {n} items", n=str(count))
    return tr("both items") if count == 2 else tr("the one item that could be tested")


@needs(there, NONE)
def adjusted_table(stage: Change) -> Table:
    """The p values of the items, unadjusted and under three adjustments, and each item as ordered categories."""
    rows: list[Row | Group] = []
    for row in several(stage):
        rows.append(Group(row.scale.short))
        for item, odds in zip(row.items, row.ordinal or (None,) * len(row.items), strict=True):
            cells: list[Cell] = [row.scale.items[str(item.item)]]
            cells += [numbers.p_value(p) for p in (item.change.p, item.p_bonferroni, item.p_holm, item.p_bh)]
            if odds is not None:
                ratio = numbers.estimate_ci(odds.odds_ratio, odds.low, odds.high, brackets=True)
                cells += [ratio, numbers.p_value(odds.p)]
            rows.append(Row(tuple(cells), indent=1))
    names = (tr("Unadjusted"), tr("Bonferroni"), tr("Holm"), tr("Benjamini-Hochberg"))
    columns = [Column(tr("Item")), *(Column(name, "number", under=Markdown("*p*")) for name in names)]
    notes = [tr("Adjusted over the items of each scale.")]
    if stage.paired:
        ratio = tr("Odds ratio [{ci}]", ci=numbers.ci_name())
        columns += [Column(name, "number", under=tr("As categories")) for name in (ratio, Markdown("*p*"))]
        notes.append(
            tr(
                "As categories: odds of a higher answer after against before, proportional odds with errors by person, "
                "unadjusted."
            )
        )
    return Table(columns, rows, notes=notes)


@needs(there, NONE)
def differences_table(stage: Change) -> Table:
    """Whether items differ at each wave and change differently: analysis of variance, and Friedman's test."""
    study = stage.cohort.study
    rows: list[Row | Group] = []
    for row in several(stage):
        rows.append(Group(row.scale.short))
        shown = [(study.waves[study.first_wave], row.before), (study.waves[study.last_wave], row.after)]
        if stage.paired:
            shown.append((tr("Item × time"), row.interaction))
        rows += [Row((label, *_test(found)), indent=1) for label, found in shown]
    columns = [
        Column(tr("Scale and wave")),
        Column("n", "number"),
        Column(tr("Analysis of variance")),
        Column("ε", "number"),
        Column(Markdown(tr("Partial η^2^")), "number"),
        Column(tr("Friedman's test")),
        Column(Markdown(tr("Kendall's *W*")), "number"),
    ]
    notes = [
        tr(
            "n: people who answered every item. ε: Greenhouse and Geisser's, which corrects p. Friedman's test "
            "compares the ranks of the items within each person."
        )
    ]
    return Table(columns, rows, notes=notes)


def _test(found: ItemTest) -> tuple[Cell, ...]:
    n = numbers.whole(found.n)
    if found.f is None:
        return n, tr("not estimable: {reason}", reason=tr(found.note)), "", "", "", ""
    chi2 = sentences.Statistic("χ²", found.friedman_chi2, (found.friedman_df or 0,), found.friedman_p)
    friedman: Cell = sentences.statistic_text(chi2) if found.friedman_chi2 is not None else numbers.MISSING
    return (
        n,
        Markdown(f_text(found)),
        numbers.fixed(found.epsilon),
        numbers.fixed(found.partial_eta2),
        friedman,
        numbers.fixed(found.kendall_w),
    )
