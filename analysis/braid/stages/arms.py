"""Piece of stage `change`: several arms, kept apart and compared at the last wave, adjusted for the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from braid.language import N_, lowered, tr
from braid.presentation import numbers
from braid.presentation.escaping import markdown
from braid.presentation.inline import Markdown
from braid.presentation.prose import Prose
from braid.presentation.table import Column, Group, Row, Table
from braid.records import Record
from braid.stages.opening import needs
from braid.statistics.arms import ArmComparison, compare_arms
from braid.statistics.change import PairedChange, paired_change

if TYPE_CHECKING:
    from braid.stages.change import Change

NONE = N_("There is one arm, so there is nothing to compare it with.")


def there(stage: Change) -> bool:
    """Whether there are several arms with people who answered both times."""
    return bool(compared(stage))


def compared(stage: Change) -> dict[str, ArmComparison]:
    """The comparison of the arms on each scale; empty without arms, or where nobody can be found again."""
    arms = stage.cohort.study.arms
    if (
        stage.first is None
        or stage.last is None
        or not stage.paired
        or arms is None
        or arms not in stage.people.columns
    ):
        return {}
    levels = list(stage.cohort.study.characteristics[arms].levels)
    return {
        scale: compare_arms(stage.first[scale], stage.last[scale], stage.people[arms], levels)
        for scale in stage.cohort.study.scales
    }


def within(stage: Change, scale: str, level: str) -> PairedChange:
    """The change of one arm."""
    assert stage.first is not None and stage.last is not None and stage.cohort.study.arms is not None
    first = stage.first[scale]
    member = stage.people[stage.cohort.study.arms].reindex(first.index)
    better = stage.cohort.study.scales[scale].higher_is == "better"
    return paired_change(first[member == level], stage.last[scale], higher_is_better=better)


@needs(there, NONE)
def description(stage: Change) -> Prose:
    """How the arms differ, in words; the change of all arms together answers nothing."""
    text = tr(
        "People were in several arms. The arms are kept apart: what answers the question is their difference at the "
        "last wave, adjusted for the first by analysis of covariance (@tbl-arms), not the change of all together."
    )
    return Prose(Markdown(f"{text} {summary(stage)}"))


def summary(stage: Change) -> str:
    """The difference between the arms, a sentence for each scale (ready markdown)."""
    return " ".join(_sentence(stage, scale, found) for scale, found in compared(stage).items())


def _sentence(stage: Change, scale: str, found: ArmComparison) -> str:
    study = stage.cohort.study
    assert study.arms is not None
    spec, labels = study.scales[scale], study.characteristics[study.arms].levels
    label = markdown(spec.short)
    if not found.differences:
        return tr("{label}: not estimable ({reason}).", label=label, reason=markdown(tr(found.note)))
    parts = []
    for row in found.differences:
        fields = {
            "arm": lowered(markdown(labels[str(row.arm)])),
            "reference": lowered(markdown(labels[str(row.reference)])),
            "size": numbers.estimate_ci(row.difference, row.low, row.high),
            "p": numbers.p_clause(row.p_holm, symbol="*p*"),
        }
        if row.low <= 0 <= row.high:
            part = tr("no clear difference between {arm} and {reference} (adjusted difference {size}, {p})", **fields)
        elif (row.difference > 0) == (spec.higher_is == "better"):
            part = tr("{arm} ended better than {reference} (adjusted difference {size}, {p})", **fields)
        else:
            part = tr("{arm} ended worse than {reference} (adjusted difference {size}, {p})", **fields)
        parts.append(part)
    said = [f"{label}: {'; '.join(parts)}."]
    if found.slopes_p is not None and found.slopes_p < study.change.alpha:
        said.append(
            tr("The difference depends on where a person began, so that one number does not hold for everybody.")
        )
    return " ".join(said)


@needs(there, NONE)
def table(stage: Change) -> Table:
    """Each arm: people, first and last wave, change, adjusted mean, and difference to the first arm."""
    study = stage.cohort.study
    assert study.arms is not None
    labels = study.characteristics[study.arms].levels
    rows: list[Row | Group] = []
    for scale, found in compared(stage).items():
        rows.append(Group(study.scales[scale].short))
        differences = {row.arm: row for row in found.differences}
        for arm in found.arms:
            change, row = within(stage, scale, str(arm.arm)), differences.get(arm.arm)
            rows.append(
                Row(
                    (
                        labels[str(arm.arm)],
                        numbers.whole(arm.n),
                        numbers.mean_sd(arm.mean_before, arm.sd_before),
                        numbers.mean_sd(arm.mean_after, arm.sd_after),
                        numbers.estimate_ci(change.difference, change.low, change.high, brackets=True),
                        numbers.fixed(arm.adjusted),
                        numbers.estimate_ci(row.difference, row.low, row.high, brackets=True) if row else "",
                        numbers.p_value(row.p_holm) if row else "",
                    ),
                    indent=1,
                )
            )
    columns = [
        Column(tr("Arm")),
        Column("n", "number"),
        Column(study.waves[study.first_wave], "number", under=tr("Mean ± SD")),
        Column(study.waves[study.last_wave], "number", under=tr("Mean ± SD")),
        Column(tr("Change [{ci}]", ci=numbers.ci_name()), "number"),
        Column(tr("Mean"), "number", under=tr("Adjusted for the first wave")),
        Column(tr("Difference [{ci}]", ci=numbers.ci_name()), "number", under=tr("Adjusted for the first wave")),
        Column(Markdown(tr("adj. *p*")), "number", under=tr("Adjusted for the first wave")),
    ]
    note = tr("Differences are to the first arm of the table; adj. *p*: Holm over the differences of a scale.")
    return Table(columns, rows, notes=[Markdown(note)])


def records(stage: Change) -> list[Record]:
    """The adjusted difference of each arm to the first."""
    return [
        Record(
            f"change.{scale.lower()}.arm.{str(row.arm).lower()}",
            numbers.estimate_ci(row.difference, row.low, row.high),
            row.difference,
            row.low,
            row.high,
            found.n,
            unit="score",
            method=found.method,
            cell="tbl-arms",
            parts={"p": numbers.p_value(row.p_holm)},
            note=found.note,
        )
        for scale, found in compared(stage).items()
        for row in found.differences
    ]
