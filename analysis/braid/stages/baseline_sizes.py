"""Piece of stage `baseline`: how large the differences between groups are, and whether groups vary alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, tr
from braid.presentation import numbers
from braid.presentation.inline import Cell, Markdown
from braid.presentation.table import Column, Group, Row, Table
from braid.stages.opening import needs
from braid.statistics.comparison import GroupComparison

if TYPE_CHECKING:
    from braid.stages.baseline import Baseline

NONE = N_("This cohort has no groups to compare the first wave by.")


def there(stage: Baseline) -> bool:
    """Whether any group was compared."""
    return any(found.p is not None for row in stage.scales for found in row.groups.values())


@needs(there, NONE)
def table(stage: Baseline) -> Table:
    """The size of each comparison with its interval, and Levene's test of equal variances."""
    study, rows = stage.cohort.study, list[Row | Group]()
    for row in stage.scales:
        if len(stage.scales) > 1:
            rows.append(Group(row.scale.short))
        for name, found in row.groups.items():
            cells = (study.characteristics[name].label, numbers.whole(found.n), *_size(found))
            rows.append(Row((*cells, numbers.p_value(found.levene_p)), indent=int(len(stage.scales) > 1)))
    columns = [
        Column(tr("Compared by")),
        Column("n", "number"),
        Column(tr("Measure")),
        Column(tr("Size [{ci}]", ci=numbers.ci_name()), "number"),
        Column(Markdown(tr("Levene's *p*")), "number"),
    ]
    note = tr(
        "*d*~s~: difference over the pooled standard deviation, of two groups. η^2^: share of the variation that goes "
        "with the group, of more than two. Levene's test, centred on medians, asks whether groups vary alike."
    )
    return Table(columns, rows, notes=[Markdown(note)])


def _size(found: GroupComparison) -> tuple[Cell, Cell]:
    if found.d_s is not None:
        return Markdown("*d*~s~"), numbers.estimate_ci(found.d_s, found.d_s_low, found.d_s_high, brackets=True)
    if found.eta2 is not None:
        return Markdown("η^2^"), numbers.estimate_ci(found.eta2, found.eta2_low, found.eta2_high, brackets=True)
    return tr("not estimable: {reason}", reason=tr(found.note)), ""
