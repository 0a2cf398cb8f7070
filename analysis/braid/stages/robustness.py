"""Piece of stage `change`: the same change by other methods, and what regression to the mean would explain of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, tr
from braid.presentation import numbers, sentences
from braid.presentation.escaping import markdown
from braid.presentation.inline import Cell, Markdown
from braid.presentation.prose import Prose, enumeration
from braid.presentation.table import Column, Group, Row, Table
from braid.stages.opening import needs
from braid.stages.scale_change import ScaleChange
from braid.statistics.change import PairedChange
from braid.statistics.mixed_model import Coefficient, mixed_change

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("Without people who answered both times there is no other way to estimate their change.")


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
    differing, compared = [], False
    for row in stage.scales:
        main, mixed = row.score, stage.mixed[row.name]
        assert isinstance(main, PairedChange)
        others = [p for p in (main.wilcoxon_p, mixed.p if mixed else None) if p is not None]
        compared = compared or (main.p is not None and bool(others))
        if main.p is not None and any((p < alpha) != (main.p < alpha) for p in others):
            differing.append(lowered(markdown(row.scale.short)))
    said = [
        tr(
            "@tbl-robust gives the change once more by methods that assume less: ranks instead of means, and a mixed "
            "model that keeps the people who answered once."
        )
    ]
    if differing:
        names = enumeration(differing)
        said.append(tr("They do not lead to the same conclusion for {names}.", context="methods", names=names))
    elif compared:
        said.append(tr("They lead to the same conclusion.", context="methods"))
    else:
        said.append(tr("There are too few people, or no variation, for it."))
    regressed = [told for row in stage.scales if (told := _regression(row))]
    if regressed:
        regressed.insert(
            0, tr("People who begin low or high by chance move towards the mean by themselves [@barnett2005].")
        )
    return Prose(Markdown(" ".join(said)), Markdown(" ".join(regressed)))


def _regression(row: ScaleChange) -> str:
    """How the quarter that began worst changed, beside what regression to the mean alone would bring."""
    found = row.extreme
    if (
        found is None
        or found.change is None
        or found.change.difference is None
        or found.expected is None
        or found.change.low is None
    ):
        return ""
    fields = {
        "label": markdown(row.scale.short),
        "n": numbers.whole(found.n),
        "size": numbers.estimate_ci(found.change.difference, found.change.low, found.change.high),
        "expected": numbers.fixed(found.expected),
        "r": numbers.fixed(found.r),
    }
    if row.scale.higher_is == "better":
        return tr(
            "{label}: the quarter with the lowest first scores (n = {n}) changed by {size}; regression to the mean "
            "alone would bring {expected}, as the waves correlate at *r* = {r}.",
            **fields,
        )
    return tr(
        "{label}: the quarter with the highest first scores (n = {n}) changed by {size}; regression to the mean alone "
        "would bring {expected}, as the waves correlate at *r* = {r}.",
        **fields,
    )


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
            (tr("Mean change, paired t-test"), _ci(change.difference, change.low, change.high), _p(change.p)),
            (
                Markdown(tr("Hodges-Lehmann shift, Wilcoxon signed-rank test")),
                _ci(change.hodges_lehmann, change.hodges_lehmann_low, change.hodges_lehmann_high),
                _p(change.wilcoxon_p),
            ),
            (tr("Rank-biserial correlation"), numbers.fixed(change.rank_biserial), ""),
            (Markdown(tr("*g*~av~ (*d*~av~, corrected for small samples)")), numbers.fixed(change.g_av), ""),
            (
                Markdown(tr("*d*~z~ (over the SD of the changes)")),
                _ci(change.d_z, change.d_z_low, change.d_z_high),
                "",
            ),
        ]
        if row.complete is not None:
            whole = row.complete
            label = tr("Only people who answered every item both times (n = {n})", n=numbers.whole(whole.n))
            shown.append((label, _ci(whole.difference, whole.low, whole.high), _p(whole.p)))
        if row.equivalence is not None:
            size = sentences.points(row.equivalence.margin)
            label = tr("Smaller than {size}: two one-sided tests", size=size)
            shown.append((label, "", _p(row.equivalence.p)))
        if mixed is not None:
            shown.append(
                (
                    tr("Mixed model with everybody who answered once or twice"),
                    _ci(mixed.estimate, mixed.low, mixed.high),
                    _p(mixed.p),
                )
            )
        rows += [Row(cells, indent=1) for cells in shown]
    columns = [
        Column(tr("Scale and method")),
        Column(tr("Estimate [{ci}]", ci=numbers.ci_name()), "number"),
        Column(Markdown("*p*"), "number"),
    ]
    notes = [
        tr("Wilcoxon: {methods}. Mixed model: random intercept for persons, REML.", methods=_wilcoxon(stage)),
    ]
    return Table(columns, rows, notes=notes)


def _wilcoxon(stage: Change) -> str:
    methods = {row.score.wilcoxon_method for row in stage.scales if isinstance(row.score, PairedChange)}
    return "; ".join(tr(method) for method in sorted(methods))


def _ci(estimate: float | None, low: float | None, high: float | None) -> str:
    return numbers.estimate_ci(estimate, low, high, brackets=True)


def _p(p: float | None) -> str:
    return numbers.p_value(p)
