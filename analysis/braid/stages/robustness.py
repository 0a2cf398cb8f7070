"""Piece of stage `change`: the same change by other methods, and the same p values under other adjustments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.stages.opening import needs
from braid.statistics.change import PairedChange
from braid.statistics.mixed_model import Coefficient, mixed_change

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = "Without people who answered both times there is no other way to estimate their change."


def there(stage: Change) -> bool:
    """Whether there is a paired change to look at in other ways."""
    return not stage.left_out and stage.paired


def mixed_models(stage: Change) -> dict[str, Coefficient | None]:
    """The change of each scale in a mixed model, None where it cannot be estimated."""
    return {row.name: mixed_change(*row.scores).coefficient("time") for row in stage.scales}


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """Whether the other methods agree with the main one, in words."""
    alpha = stage.cohort.study.change.alpha
    differing = []
    for row in stage.scales:
        main, mixed = row.score, stage.mixed[row.name]
        assert isinstance(main, PairedChange)
        others = [p for p in (main.wilcoxon_p, mixed.p if mixed else None) if p is not None]
        if main.p is not None and any((p < alpha) != (main.p < alpha) for p in others):
            differing.append(markdown(row.scale.short).lower())
    text = (
        "@tbl-robust gives the change once more by methods that assume less: ranks instead of means, and a mixed model "
        "that keeps the people who answered once."
    )
    if differing:
        text += f" They do not lead to the same conclusion for {enumeration(differing)}."
    else:
        text += " They lead to the same conclusion."
    if any(len(row.items) > 1 for row in stage.scales):
        text += " @tbl-adjusted gives the *p* values of the items under three adjustments."
    return Prose(Markdown(text))


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Each scale's change: Wilcoxon, Hodges-Lehmann, standardised sizes, mixed model."""
    rows: list[Row | Group] = []
    for row in stage.scales:
        change = row.score
        assert isinstance(change, PairedChange)
        rows.append(Group(f"{row.scale.short} (n = {numbers.whole(change.n)})"))
        mixed = stage.mixed[row.name]
        shown: list[tuple[Cell, str, Cell]] = [
            ("Mean change, paired t-test", _ci(change.difference, change.low, change.high), _p(change.p)),
            (
                Markdown("Hodges-Lehmann shift, Wilcoxon signed-rank test"),
                _ci(change.hodges_lehmann, change.hodges_lehmann_low, change.hodges_lehmann_high),
                _p(change.wilcoxon_p),
            ),
            ("Rank-biserial correlation", numbers.fixed(change.rank_biserial), ""),
            (Markdown("*g*~av~ (*d*~av~, corrected for small samples)"), numbers.fixed(change.g_av), ""),
            (
                Markdown("*d*~z~ (over the SD of the changes)"),
                _ci(change.d_z, change.d_z_low, change.d_z_high),
                "",
            ),
        ]
        if mixed is not None:
            shown.append(
                (
                    "Mixed model with everybody who answered once or twice",
                    _ci(mixed.estimate, mixed.low, mixed.high),
                    _p(mixed.p),
                )
            )
        rows += [Row(cells, indent=1) for cells in shown]
    columns = [Column("Scale and method"), Column("Estimate [95% CI]", "number"), Column(Markdown("*p*"), "number")]
    notes = [f"Wilcoxon: {_wilcoxon(stage)}. Mixed model: random intercept for persons, REML."]
    return Table(columns, rows, notes=notes)


def _wilcoxon(stage: Change) -> str:
    methods = {row.score.wilcoxon_method for row in stage.scales if isinstance(row.score, PairedChange)}
    return "; ".join(sorted(methods))


@needs(lambda stage: there(stage) and any(len(row.items) > 1 for row in stage.scales), "No scale has several items.")
def adjusted_table(stage: Change) -> Table:
    """The p values of the items: unadjusted, Bonferroni, Holm, Benjamini-Hochberg."""
    rows: list[Row | Group] = []
    for row in stage.scales:
        if len(row.items) < 2:
            continue
        rows.append(Group(row.scale.short))
        for item in row.items:
            p = (item.change.p, item.p_bonferroni, item.p_holm, item.p_bh)
            rows.append(Row((row.scale.items[str(item.item)], *(numbers.p_value(value) for value in p)), indent=1))
    names = ("Unadjusted", "Bonferroni", "Holm", "Benjamini-Hochberg")
    columns = [Column("Item"), *(Column(name, "number", under=Markdown("*p*")) for name in names)]
    return Table(columns, rows, notes=["Adjusted over the items of each scale."])


def _ci(estimate: float | None, low: float | None, high: float | None) -> str:
    return numbers.estimate_ci(estimate, low, high, brackets=True)


def _p(p: float | None) -> str:
    return numbers.p_value(p)
